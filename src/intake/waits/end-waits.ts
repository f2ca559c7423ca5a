import { and, eq, sql } from 'drizzle-orm';
import type { HeldBack } from '../../bindings/held-back.ts';
import { type Binding, listActiveBindings } from '../../bindings/queries.ts';
import type { Db } from '../../db/client.ts';
import type { MessageFacts } from '../../sessions/session-facts.ts';
import { sessionMessages } from '../../sessions/tables.ts';
import { keepHeldBack, type Surroundings, startBoundProcesses } from '../start-bound-processes.ts';
import { sessionEvents } from '../tables.ts';
import { answerOnItsWayMs, type SessionTimer } from './session-timers.ts';
import { waitEnd } from './wait-end.ts';

/** A binding whose turn in a wait is still to come, and when. */
interface Pending {
  binding: Binding;
  ends: Date;
}

/** The bindings that are still to be tried for a wait, soonest first. `bound`: the enabled bindings of its event. */
export function pendingOf(
  { since, tried }: Pick<SessionTimer, 'since' | 'tried'>,
  { businessHours }: Pick<Surroundings['liveChat'], 'businessHours'>,
  bound: readonly Binding[],
): Pending[] {
  return bound
    .flatMap((binding) => {
      if (tried.includes(binding.id)) return [];
      const ends = waitEnd(binding, businessHours, since);
      return ends && ends > binding.armedAt ? [{ binding, ends }] : [];
    })
    .sort((one, other) => one.ends.getTime() - other.ends.getTime());
}

/** When to check a wait next; null if no binding is left. */
export const lookAt = ([next]: readonly Pending[]): Date | null =>
  next ? new Date(next.ends.getTime() + answerOnItsWayMs) : null;

/**
 * Tries the bindings whose time was over at an instant, as one occasion and in order. The others keep waiting. The caller has
 * locked the session.
 */
export async function tryOverdue(
  tx: Db,
  surroundings: Omit<Surroundings, 'at'>,
  timer: SessionTimer,
  upTo: Date,
): Promise<{ tried: string[]; left: Pending[] }> {
  const bound = await listActiveBindings(tx, surroundings.liveChat.id, [timer.event]);
  const pending = pendingOf(timer, surroundings.liveChat, bound);
  const over = pending.filter(({ ends }) => ends <= upTo);
  const left = pending.filter(({ ends }) => ends > upTo);
  const ids = over.map(({ binding }) => binding.id);
  const at = over.at(-1)?.ends;
  if (at) {
    const fact = {
      event: timer.event,
      key: timer.ts,
      message: await readMessage(tx, timer),
      bindingIds: ids,
      keptAs: { kind: 'message' as const, slackTs: timer.ts },
    };
    await startBoundProcesses(tx, { ...surroundings, at }, [fact]);
  }
  return { tried: [...timer.tried, ...ids], left };
}

/** Records for *Why* that somebody answered before the time of these bindings was over. */
export async function keepAnswered(tx: Db, timer: SessionTimer, left: readonly Pending[], at: Date): Promise<void> {
  if (left.length === 0) return;
  const heldBack = left.map(
    ({ binding: { id, event, processName } }): HeldBack => ({
      event,
      bindingId: id,
      processName,
      hindrance: { kind: 'answered', at: at.toISOString() },
    }),
  );
  await keepHeldBack(tx, timer.sessionId, { kind: 'message', slackTs: timer.ts }, heldBack);
}

/** The message that nobody answered; null if it is no longer stored, or an app wrote it. */
async function readMessage(tx: Db, { sessionId, ts }: SessionTimer): Promise<MessageFacts | null> {
  const [found] = await tx
    .select()
    .from(sessionMessages)
    .where(and(eq(sessionMessages.sessionId, sessionId), eq(sessionMessages.ts, ts)));
  if (!found || found.userId === null) return null;
  const { userId, threadTs, text, files } = found;
  return { ts, ...(threadTs === null ? {} : { threadTs }), userId, text, files: files ?? [] };
}

/** The first client message after an instant. */
export async function firstClientMessageAfter(
  tx: Db,
  sessionId: string,
  at: Date,
): Promise<{ ts: string; since: Date } | undefined> {
  const [found] = await tx
    .select({ ts: sessionEvents.slackTs, since: sessionEvents.at })
    .from(sessionEvents)
    .where(
      and(
        eq(sessionEvents.sessionId, sessionId),
        eq(sessionEvents.kind, 'message'),
        eq(sessionEvents.author, 'client'),
        sql`${sessionEvents.at} > ${at.toISOString()}::timestamptz`,
      ),
    )
    .orderBy(sessionEvents.at)
    .limit(1);
  return found;
}
