import type { TimedEvent } from '../../bindings/binding-kinds.ts';
import type { Binding } from '../../bindings/queries.ts';
import type { EarlierStarts } from '../../bindings/replay.ts';
import { answerOnItsWayMs } from '../waits/session-timers.ts';
import { waitEnd } from '../waits/wait-end.ts';
import type { PastOccasion } from './occasions.ts';
import { type PastLiveChat, pastSession } from './past-session.ts';
import { pastStarts } from './past-starts.ts';
import { type PastWait, pastWaits } from './past-waits.ts';
import type { KeptSession } from './read-past.ts';

/** Bindings whose time was over at the same instant, or was forestalled by an answer. */
interface Turn {
  stretch: PastWait['stretches'][number];
  /** When their time was over; undefined if somebody answered first. */
  ends: Date | undefined;
  answeredAt?: Date;
  bindingIds: string[];
}

/**
 * The occasions of *Client is waiting* or *Client is silent* in a session, in order: one for each instant at which bindings'
 * time was over, and one for bindings whose time an answer forestalled.
 */
export function waitOccasions(
  kept: KeptSession,
  liveChat: PastLiveChat,
  event: TimedEvent,
  bindings: readonly Binding[],
  readAt: Date,
): { occasions: PastOccasion[]; earlier: EarlierStarts } {
  const past = pastSession(kept, liveChat);
  const starts = pastStarts(kept);
  const heardAtOf = ({ ends, stretch, answeredAt }: Turn) =>
    ends ? ends.getTime() + answerOnItsWayMs : (answeredAt ?? stretch.since).getTime();
  const turns = pastWaits(event, kept.events, readAt)
    .flatMap((wait) => turnsOf(wait, liveChat, bindings))
    .toSorted((one, other) => heardAtOf(one) - heardAtOf(other));
  let heard = 0;
  const occasions = turns.flatMap((turn): PastOccasion[] => {
    const { stretch, ends, answeredAt, bindingIds } = turn;
    const heardAt = heardAtOf(turn);
    for (const one of kept.events.slice(heard)) {
      if (one.heardAt > heardAt * 1000) break;
      past.hear(one);
      heard += 1;
    }
    const at = ends ?? stretch.since;
    const started = starts.of(event, stretch.ts).filter(({ bindingId }) => bindingIds.includes(bindingId ?? ''));
    const message = past.authorOf(stretch.ts) === 'process' ? null : past.message(stretch.ts);
    const clientUserId = event === 'client_waiting' && message ? message.userId : undefined;
    const then = started[0]?.facts ?? (message === undefined ? undefined : past.factsNow(at, message, clientUserId));
    if (!then) return [];
    return [
      {
        id: `${stretch.id}:${bindingIds.join()}`,
        sessionId: kept.session.id,
        at,
        heardAt,
        isSpam: false,
        isAwaited: false,
        facts: { ...then, transcript: past.transcriptNow() },
        started: new Map(
          started.flatMap(({ id, bindingId }) => (bindingId === null ? [] : [[bindingId, id] as const])),
        ),
        running: starts.runningThen(heardAt * 1000),
        bindingIds,
        ...(answeredAt ? { answeredAt } : {}),
      },
    ];
  });
  const [first] = occasions;
  return { occasions, earlier: first ? starts.lastBeforeThen(first.heardAt * 1000) : new Map() };
}

/** A binding has one turn in a wait, if its time is over before the wait ends. */
function turnsOf(
  { stretches, answeredAt }: PastWait,
  { businessHours }: PastLiveChat,
  bindings: readonly Binding[],
): Turn[] {
  const over = new Map<number, Turn>();
  const forestalled: string[] = [];
  for (const binding of bindings) {
    const turn = stretches
      .map((stretch) => ({ stretch, ends: waitEnd(binding, businessHours, stretch.since) }))
      .find(({ stretch, ends }) => ends && ends <= stretch.until);
    if (!turn?.ends) {
      forestalled.push(binding.id);
      continue;
    }
    const instant = turn.ends.getTime();
    const others = over.get(instant)?.bindingIds ?? [];
    over.set(instant, { ...turn, bindingIds: [...others, binding.id] });
  }
  const last = stretches.at(-1);
  if (!last || !answeredAt || forestalled.length === 0) return [...over.values()];
  return [...over.values(), { stretch: last, ends: undefined, answeredAt, bindingIds: forestalled }];
}
