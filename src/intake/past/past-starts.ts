import { type BindingEvent, boundEvents } from '../../bindings/binding-kinds.ts';
import type { EarlierStarts } from '../../bindings/replay.ts';
import type { KeptSession, KeptStart } from './read-past.ts';

/** What really started in a session. */
export interface PastStarts {
  /** What a fact started. */
  of(event: BindingEvent, key: string): KeptStart[];
  /** What ran, or waited to, when an event was heard as what it is to bindings, by the process's id. */
  runningAt(event: BindingEvent, eventId: number, heardAt: number): ReadonlyMap<string, string>;
  /** What ran, or waited to, at an instant, by the process's id. */
  runningThen(at: number): ReadonlyMap<string, string>;
  /** The last start of each binding before an event was heard. */
  lastBefore(eventId: number, heardAt: number): EarlierStarts;
  /** The last start of each binding before an instant. */
  lastBeforeThen(at: number): EarlierStarts;
}

/** Instants are in microseconds since 1970. */
export function pastStarts({ starts, events }: KeptSession): PastStarts {
  const eventIds = new Map(events.map(({ heardAt, id }) => [heardAt, id]));
  const byFact = new Map<string, KeptStart[]>();
  for (const start of starts) byFact.set(factOf(start), [...(byFact.get(factOf(start)) ?? []), start]);
  /** What an event started is told by the instant at which both were written; what a person started, by its own. */
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

/** One delivery can be several events, of which each sees what those before it have started. */
const isTriedBefore = (start: KeptStart, event: BindingEvent) =>
  start.event !== null && boundEvents.indexOf(start.event) < boundEvents.indexOf(event);

const isOver = ({ status, changedAt }: KeptStart, heardAt: number) =>
  status !== 'waiting' && status !== 'running' && changedAt <= heardAt;

/** The part of its key that names the fact: `event:<session>:<event>:<key>:<binding>`. */
function factOf({ key, sessionId, bindingId }: KeptStart): string {
  return key.slice(`event:${sessionId}:`.length, -`:${bindingId}`.length);
}
