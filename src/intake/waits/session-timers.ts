import { and, eq, sql } from 'drizzle-orm';
import type { TimedEvent } from '../../bindings/binding-kinds.ts';
import type { Db } from '../../db/client.ts';
import { type Claimed, dueQueue } from '../../db/due-queue.ts';
import { sessionTimers } from '../tables.ts';

/** A wait for an answer in a session. */
export type SessionTimer = Pick<typeof sessionTimers.$inferSelect, 'sessionId' | 'event' | 'since' | 'ts' | 'tried'>;

/** A wait whose time may be over. */
export interface DueTimer {
  sessionId: string;
  event: TimedEvent;
  /** The database's time, in milliseconds since 1970. */
  now: number;
}

export type ClaimedTimer = Claimed<DueTimer>;

/** Waits in which the next binding's time is over. */
export const timerQueue = dueQueue<DueTimer>({
  table: 'session_timers',
  key: ['session_id', 'event'],
  columns: sql`session_id as "sessionId", event, extract(epoch from now())::float8 * 1000 as now`,
  finished: 'clear',
});

/**
 * How long an answer may take to arrive, in milliseconds: a wait is checked this long after its end. Slack delivers most
 * messages within a second.
 */
export const answerOnItsWayMs = 10_000;

/** The waits of a session. The caller has locked its row. */
export async function listTimers(tx: Db, sessionId: string): Promise<SessionTimer[]> {
  return tx.select().from(sessionTimers).where(eq(sessionTimers.sessionId, sessionId));
}

/** Locks the wait that a worker has claimed; undefined if it has ended or was replaced. */
export async function lockTimer(tx: Db, claimed: ClaimedTimer): Promise<SessionTimer | undefined> {
  const [timer] = await tx
    .select()
    .from(sessionTimers)
    .where(and(isTheOne(claimed), timerQueue.isHeld(claimed)))
    .for('update');
  return timer;
}

/** Begins a wait, or continues it from another message. `dueAt` null: no binding is left. */
export async function putTimer(tx: Db, timer: SessionTimer, dueAt: Date | null): Promise<void> {
  const { since, ts, tried } = timer;
  // A late message may already be answered by the next one.
  const grace = sql`now() + ${answerOnItsWayMs}::int * interval '1 millisecond'`;
  const due = dueAt && sql`greatest(${dueAt.toISOString()}::timestamptz, ${grace})`;
  const values = { since, ts, tried, dueAt: due, attempts: 0, unfinished: 0 };
  await tx
    .insert(sessionTimers)
    .values({ ...timer, ...values })
    .onConflictDoUpdate({ target: [sessionTimers.sessionId, sessionTimers.event], set: values });
}

/** Stores which bindings have had their turn. */
export async function keepTried(tx: Db, timer: Pick<SessionTimer, 'sessionId' | 'event' | 'tried'>): Promise<void> {
  await tx.update(sessionTimers).set({ tried: timer.tried }).where(isTheOne(timer));
}

export async function deleteTimer(tx: Db, timer: Pick<SessionTimer, 'sessionId' | 'event'>): Promise<void> {
  await tx.delete(sessionTimers).where(isTheOne(timer));
}

/** Deletes the waits of a session that was closed or marked as spam. */
export async function deleteTimers(tx: Db, sessionId: string): Promise<void> {
  await tx.delete(sessionTimers).where(eq(sessionTimers.sessionId, sessionId));
}

const isTheOne = ({ sessionId, event }: Pick<SessionTimer, 'sessionId' | 'event'>) =>
  and(eq(sessionTimers.sessionId, sessionId), eq(sessionTimers.event, event));
