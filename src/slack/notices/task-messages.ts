import { and, eq, isNull, sql } from 'drizzle-orm';
import type { Db } from '../../db/client.ts';
import { gathered } from '../../db/gathered.ts';
import { statement } from '../../db/query.ts';
import { storableJson } from '../../storable.ts';
import { taskMessages } from './tables.ts';

export type TaskMessage = typeof taskMessages.$inferSelect;

/** Identifies a row. */
type Key = Pick<TaskMessage, 'taskKey' | 'userId'>;

const isThis = ({ taskKey, userId }: Key) => and(eq(taskMessages.taskKey, taskKey), eq(taskMessages.userId, userId));

function nameOf({ taskKey, userId }: Key): string {
  return `${taskKey} ${userId}`;
}

export const isHeldByModal = ({ viewId, ts }: Pick<TaskMessage, 'viewId' | 'ts'>) => ts === null && viewId !== null;

/**
 * Claims the message to a person, once. False: it was claimed before. `isReleased`: a modal held the task; then a worker that
 * handles a change of the instance meanwhile does not take the message for one whose poster crashed.
 */
export const claimTaskMessage = gathered({
  async query(db, claims: (Key & Pick<TaskMessage, 'isReleased'>)[]) {
    const rows = claims.map(({ taskKey, userId, isReleased }) => ({ taskKey, userId, isReleased }));
    const { taskKey, userId } = taskMessages;
    const claimed = await db.insert(taskMessages).values(rows).onConflictDoNothing().returning({ taskKey, userId });
    const keys = new Set(claimed.map(nameOf));
    return claims.map((claim) => keys.has(nameOf(claim)));
  },
  keyOf: (message) => nameOf(message),
});

/** The rows of `x`. Has Postgres look them up, however many there are: it expects a hundred. */
const areGiven = sql`task_key = any(array(select "taskKey" from x)) and task_key = x."taskKey" and user_id = x."userId"`;

const post = statement(sql`with x as materialized (
    select * from jsonb_to_recordset(${sql.placeholder('posted')}::jsonb) as x("taskKey" text, "userId" text,
      "channelId" text, ts text, shown text))
  update task_messages set channel_id = x."channelId", ts = x.ts, shown = x.shown from x where ${areGiven}`);

/** Records where the message was posted, and the state of the task that it shows. */
export const setTaskMessagePosted = gathered({
  async query(db, posted: (Key & { channelId: string; ts: string; shown: string })[]) {
    await post(db, { posted: storableJson(posted) });
    return posted.map(() => undefined);
  },
  keyOf: (message) => nameOf(message),
});

/** Records the state of the task that the message now shows. */
export async function setTaskMessageShown(db: Db, key: Key, shown: string): Promise<void> {
  await db.update(taskMessages).set({ shown }).where(isThis(key));
}

/** Claims a new message that replaces a posted one. False: the posted one has been replaced already. */
export async function reclaimTaskMessage(db: Db, message: Key & { ts: string }): Promise<boolean> {
  const reclaimed = await db
    .update(taskMessages)
    .set({ isReleased: false, ts: null, shown: null, since: sql`now()` })
    .where(and(isThis(message), eq(taskMessages.ts, message.ts)))
    .returning({ userId: taskMessages.userId });
  return reclaimed.length > 0;
}

/** Records that the message shows the end of the task, or cannot. */
export async function closeTaskMessage(db: Db, key: Key): Promise<void> {
  await db.update(taskMessages).set({ closed: true }).where(isThis(key));
}

/** Records that a modal shows the task to the person, so that no message is sent, unless there is one already. */
export async function holdTask(db: Db, { taskKey, userId }: Key, viewId: string): Promise<void> {
  await db
    .insert(taskMessages)
    .values({ taskKey, userId, viewId })
    .onConflictDoUpdate({
      target: [taskMessages.taskKey, taskMessages.userId],
      set: { since: sql`now()` },
      setWhere: sql`${taskMessages.viewId} = ${viewId} and ${taskMessages.ts} is null`,
    });
}

const keep = statement(sql`with x as materialized (
    select * from jsonb_to_recordset(${sql.placeholder('kept')}::jsonb) as x("taskKey" text, "userId" text))
  update task_messages set since = now() from x where ${areGiven} and ts is null`);

/** Renews the claim of a message that is still to be posted, so that it does not become overdue. */
export const keepClaim = gathered({
  async query(db, kept: Key[]) {
    await keep(db, { kept: storableJson(kept) });
    return kept.map(() => undefined);
  },
});

/** Drops the claim of a message that is not needed (any more). */
export async function dropClaim(db: Db, key: Key): Promise<void> {
  const isClaimed = and(isNull(taskMessages.viewId), isNull(taskMessages.ts), eq(taskMessages.closed, false));
  await db.delete(taskMessages).where(and(isThis(key), isClaimed));
}
