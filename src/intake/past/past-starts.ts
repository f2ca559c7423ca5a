import { type BindingEvent, boundEvents } from '../../bindings/binding-kinds.ts';
import type { EarlierStarts } from '../../bindings/replay.ts';
import type { KeptSession, KeptStart } from './read-past.ts';

/** The starts that really happened in a session. */
export interface PastStarts {
  /** The starts that a fact made. */
  of(event: BindingEvent, key: string): KeptStart[];
  /** The starts that were running or waiting when an event was received, by process definition id. */
  runningAt(event: BindingEvent, eventId: number, heardAt: number): ReadonlyMap<string, string>;
  /** The starts that were running or waiting at an instant, by process definition id. */
  runningThen(at: number): ReadonlyMap<string, string>;
  /** The last start of each binding before an event was received. */
  lastBefore(eventId: number, heardAt: number): EarlierStarts;
  /** The last start of each binding before an instant. */
  lastBeforeThen(at: number): EarlierStarts;
}

/** Instants are in microseconds since 1970. */
export function pastStarts({ starts, events }: KeptSession): PastStarts {
  const eventIds = new Map(events.map(({ heardAt, id }) => [heardAt, id]));
  const byFact = new Map<string, KeptStart[]>();
  for (const start of starts) byFact.set(factOf(start), [...(byFact.get(factOf(start)) ?? []), start]);
  /** An automatic start belongs to the event written at the same instant; a manual start has its own time. */
  const isBefore = ({ askedAt, bindingId }: KeptStart, eventId: number, heardAt: number) => {
    const own = bindingId === null ? undefined : eventIds.get(askedAt);
    return own === undefined ? askedAt < heardAt : own < eventId && askedAt !== heardAt;
  };
  const runningOf = (some: KeptStart[]) =>
    new Map(some.map(({ processDefinitionId, id }) => [processDefinitionId, id]));
  const lastOf = (some: KeptStart[]) =>
    new Map(
      some.flatMap(({ id, bindingId, askedAt }) =>
        bindingId === null ? [] : [[bindingId, { startId: id, heardAt: askedAt / 1000 }] as const],
      ),
    );
  return {
    of: (event, key) => byFact.get(`${event}:${key}`) ?? [],
    runningAt: (event, eventId, heardAt) =>
      runningOf(
        starts.filter(
          (start) =>
            (isBefore(start, eventId, heardAt) && !isOver(start, heardAt)) ||
            (start.askedAt === heardAt && isTriedBefore(start, event)),
        ),
      ),
    runningThen: (at) => runningOf(starts.filter((start) => start.askedAt < at && !isOver(start, at))),
    lastBefore: (eventId, heardAt) => lastOf(starts.filter((start) => isBefore(start, eventId, heardAt))),
    lastBeforeThen: (at) => lastOf(starts.filter(({ askedAt }) => askedAt < at)),
  };
}

/** One delivery can be several events; later ones see the starts of earlier ones. */
const isTriedBefore = (start: KeptStart, event: BindingEvent) =>
  start.event !== null && boundEvents.indexOf(start.event) < boundEvents.indexOf(event);

const isOver = ({ status, changedAt }: KeptStart, heardAt: number) =>
  status !== 'waiting' && status !== 'running' && changedAt <= heardAt;

/** The part of the key that names the fact: `event:<session>:<event>:<key>:<binding>`. */
function factOf({ key, sessionId, bindingId }: KeptStart): string {
  return key.slice(`event:${sessionId}:`.length, -`:${bindingId}`.length);
}
