import { and, eq, inArray, isNull, sql } from 'drizzle-orm';
import type { Db } from '../../db/client.ts';
import { taskMessages } from './tables.ts';

export type TaskMessage = typeof taskMessages.$inferSelect;

/** Names a row. */
type Key = Pick<TaskMessage, 'taskKey' | 'userId'>;

const isThis = ({ taskKey, userId }: Key) => and(eq(taskMessages.taskKey, taskKey), eq(taskMessages.userId, userId));

export const isHeldByModal = ({ viewId, ts }: TaskMessage) => ts === null && viewId !== null;

export async function listTaskMessages(db: Db, taskKeys: string[]): Promise<TaskMessage[]> {
  if (taskKeys.length === 0) return [];
  return db.select().from(taskMessages).where(inArray(taskMessages.taskKey, taskKeys));
}

/** Claims the message to a person, once. False: it was claimed before. `isRelease`: as if a modal had held the task. */
export async function claimTaskMessage(db: Db, { taskKey, userId }: Key, { isRelease = false } = {}): Promise<boolean> {
  const claimed = await db
    .insert(taskMessages)
    .values({ taskKey, userId, isReleased: isRelease })
    .onConflictDoNothing()
    .returning({ userId: taskMessages.userId });
  return claimed.length > 0;
}

/** The message was posted there, and says how the task stands. */
export async function setTaskMessagePosted(
  db: Db,
  key: Key,
  posted: { channelId: string; ts: string; shown: string },
): Promise<void> {
  await db.update(taskMessages).set(posted).where(isThis(key));
}

/** The message says how the task stands now. */
export async function setTaskMessageShown(db: Db, key: Key, shown: string): Promise<void> {
  await db.update(taskMessages).set({ shown }).where(isThis(key));
}

/** Another message is to be posted in place of one. False: it is not there (any more). */
export async function reclaimTaskMessage(db: Db, message: Key & { ts: string }): Promise<boolean> {
  const reclaimed = await db
    .update(taskMessages)
    .set({ isReleased: false, ts: null, shown: null, since: sql`now()` })
    .where(and(isThis(message), eq(taskMessages.ts, message.ts)))
    .returning({ userId: taskMessages.userId });
  return reclaimed.length > 0;
}

/** The message says that the task is over, or there is nobody to say it to. */
export async function closeTaskMessage(db: Db, key: Key): Promise<void> {
  await db.update(taskMessages).set({ closed: true }).where(isThis(key));
}

/** The person has the task in a modal: no message about it, unless there is one already. */
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

/** What was claimed is still to be posted, so it does not become overdue. */
export async function keepClaim(db: Db, key: Key): Promise<void> {
  await db
    .update(taskMessages)
    .set({ since: sql`now()` })
    .where(and(isThis(key), isNull(taskMessages.ts)));
}

/** There is nothing to tell (any more) of what was claimed. */
export async function dropClaim(db: Db, key: Key): Promise<void> {
  const isClaimed = and(isNull(taskMessages.viewId), isNull(taskMessages.ts), eq(taskMessages.closed, false));
  await db.delete(taskMessages).where(and(isThis(key), isClaimed));
}
