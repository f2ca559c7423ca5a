import { and, eq, isNull, sql } from 'drizzle-orm';
import type { Db } from '../../db/client.ts';
import { gathered } from '../../db/gathered.ts';
import { statement } from '../../db/query.ts';
import { storableJson } from '../../storable.ts';
import { taskMessages } from './tables.ts';

export type TaskMessage = typeof taskMessages.$inferSelect;

/** Names a row. */
type Key = Pick<TaskMessage, 'taskKey' | 'userId'>;

const isThis = ({ taskKey, userId }: Key) => and(eq(taskMessages.taskKey, taskKey), eq(taskMessages.userId, userId));

function nameOf({ taskKey, userId }: Key): string {
  return `${taskKey} ${userId}`;
}

export const isHeldByModal = ({ viewId, ts }: Pick<TaskMessage, 'viewId' | 'ts'>) => ts === null && viewId !== null;

/**
 * Claims the message to a person, once. False: it was claimed before. `isReleased`: as if a modal had held the task, so that
 * whoever tells of the instance's changes meanwhile does not take the message for one whose poster crashed.
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

const post = statement(sql`update task_messages set channel_id = x."channelId", ts = x.ts, shown = x.shown
  from jsonb_to_recordset(${sql.placeholder('posted')}::jsonb) as x("taskKey" text, "userId" text,
    "channelId" text, ts text, shown text)
  where task_key = x."taskKey" and user_id = x."userId"`);

/** The message was posted there, and says how the task stands. */
export const setTaskMessagePosted = gathered({
  async query(db, posted: (Key & { channelId: string; ts: string; shown: string })[]) {
    await post(db, { posted: storableJson(posted) });
    return posted.map(() => undefined);
  },
  keyOf: (message) => nameOf(message),
});

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
