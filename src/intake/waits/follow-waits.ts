import { timedEvents } from '../../bindings/binding-kinds.ts';
import { type Binding, listActiveBindings } from '../../bindings/queries.ts';
import type { Db } from '../../db/client.ts';
import type { Surroundings } from '../start-bound-processes.ts';
import { firstClientMessageAfter, keepAnswered, lookAt, pendingOf, tryOverdue } from './end-waits.ts';
import { deleteTimer, listTimers, putTimer, type SessionTimer } from './session-timers.ts';

/** A message of a client or of staff. `at` is when it was written; the session has counted it already. */
export interface Said {
  by: 'client' | 'staff';
  at: Date;
  ts: string;
}

/**
 * Ends the wait that a message answers, and begins the wait that it makes, whatever the order of delivery. Bindings whose time
 * was over when it was written are tried first. The client waits since their first unanswered message; the staff wait since
 * their last.
 *
 * @returns whether a wait ended, so that starts may have been inserted
 */
export async function followWaits(tx: Db, surroundings: Omit<Surroundings, 'at'>, said: Said): Promise<boolean> {
  const { liveChat, session } = surroundings;
  const bound = await listActiveBindings(tx, liveChat.id, timedEvents);
  const timers = await listTimers(tx, session.id);
  const waiting = timers.find(({ event }) => event === 'client_waiting');
  const silent = timers.find(({ event }) => event === 'client_silent');
  const begin = (timer: Omit<SessionTimer, 'sessionId'>) =>
    beginWait(tx, surroundings, bound, { sessionId: session.id, ...timer });
  const { at, ts } = said;
  if (said.by === 'client') {
    // A late delivery: the staff have answered since.
    if (session.lastAnsweredAt && at <= session.lastAnsweredAt) return false;
    if (silent) await endWait(tx, surroundings, silent, at);
    if (!waiting || at < waiting.since) {
      await begin({ event: 'client_waiting', since: at, ts, tried: waiting?.tried ?? [] });
    }
    return silent !== undefined;
  }
  const isAnswer = waiting !== undefined && at > waiting.since;
  if (isAnswer) {
    await endWait(tx, surroundings, waiting, at);
    const next = await firstClientMessageAfter(tx, session.id, at);
    if (next) await begin({ event: 'client_waiting', ...next, tried: [] });
  }
  const isLast = session.lastAnsweredAt?.getTime() === at.getTime();
  const isAnswered = session.lastClientMessageAt !== null && session.lastClientMessageAt > at;
  // *Client is silent* happens once, however many messages the staff add.
  if (isLast && !isAnswered) await begin({ event: 'client_silent', since: at, ts, tried: silent?.tried ?? [] });
  return isAnswer;
}

async function beginWait(
  tx: Db,
  { liveChat, session }: Omit<Surroundings, 'at'>,
  bound: readonly Binding[],
  timer: SessionTimer,
): Promise<void> {
  const ofEvent = bound.filter(({ event }) => event === timer.event);
  if (ofEvent.length === 0 || session.status !== 'open') return;
  await putTimer(tx, timer, lookAt(pendingOf(timer, liveChat, ofEvent)));
}

async function endWait(tx: Db, surroundings: Omit<Surroundings, 'at'>, timer: SessionTimer, at: Date): Promise<void> {
  const { left } = await tryOverdue(tx, surroundings, timer, at);
  await keepAnswered(tx, timer, left, at);
  await deleteTimer(tx, timer);
}
