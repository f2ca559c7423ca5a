import { and, eq, inArray, isNotNull, isNull, sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import { selectRows } from '../db/query.ts';
import { taskMessages } from '../db/schema.ts';

export type TaskMessage = typeof taskMessages.$inferSelect;

/*
 * A row of task_messages is in one of these states:
 *   posted  channel_id and ts say where the direct message is
 *   claimed ts is null, channel_id empty: it is being posted, or its poster crashed
 *   held    ts is null, channel_id is a view's id (V…): the person has the task before them in that modal, and gets a
 *           message only if they let go of it
 * The pseudo-task `start:<start id>` is held while the modal of the person who started it waits for its first task.
 */

export const startHold = (startId: string) => `start:${startId}`;

export async function listTaskMessages(db: Db, taskKeys: string[]): Promise<TaskMessage[]> {
  if (taskKeys.length === 0) return [];
  return db.select().from(taskMessages).where(inArray(taskMessages.taskKey, taskKeys));
}

/** Claims the message to a person, once. False: it was claimed before. */
export async function claimTaskMessage(db: Db, taskKey: string, userId: string): Promise<boolean> {
  const claimed = await db
    .insert(taskMessages)
    .values({ taskKey, userId, channelId: '' })
    .onConflictDoNothing()
    .returning({ userId: taskMessages.userId });
  return claimed.length > 0;
}

/** The message was posted there. */
export async function setTaskMessagePosted(
  db: Db,
  { taskKey, userId }: Pick<TaskMessage, 'taskKey' | 'userId'>,
  channelId: string,
  ts: string,
): Promise<void> {
  await db
    .update(taskMessages)
    .set({ channelId, ts })
    .where(and(eq(taskMessages.taskKey, taskKey), eq(taskMessages.userId, userId)));
}

/** The message says that the task is over, or there is nobody to say it to. */
export async function closeTaskMessage(
  db: Db,
  { taskKey, userId }: Pick<TaskMessage, 'taskKey' | 'userId'>,
): Promise<void> {
  await db
    .update(taskMessages)
    .set({ closed: true })
    .where(and(eq(taskMessages.taskKey, taskKey), eq(taskMessages.userId, userId)));
}

/** The person has the task in a modal: no message about it, unless there is one already. */
export async function holdTask(db: Db, taskKey: string, userId: string, viewId: string): Promise<void> {
  await db.insert(taskMessages).values({ taskKey, userId, channelId: viewId }).onConflictDoNothing();
}

export const isHeldByModal = ({ channelId, ts }: TaskMessage) => ts === null && channelId.startsWith('V');

/** The modal was closed, or shows no more tasks. Returns the tasks that were held by it and nobody was told of. */
export async function releaseHolds(db: Db, viewId: string): Promise<TaskMessage[]> {
  return db
    .delete(taskMessages)
    .where(and(eq(taskMessages.channelId, viewId), isNull(taskMessages.ts), eq(taskMessages.closed, false)))
    .returning();
}

/**
 * Views that have held tasks of starts made longer than `holdMs` ago, or hold one without its start: Slack did not tell
 * that they were closed.
 */
export async function listOverdueHolds(db: Db, holdMs: number): Promise<string[]> {
  const rows = await selectRows<{ viewId: string }>(
    db,
    sql`select distinct held.channel_id as "viewId" from task_messages held
        left join task_messages anchor
          on anchor.channel_id = held.channel_id and anchor.ts is null and anchor.task_key like 'start:%'
        left join starts on anchor.task_key = 'start:' || starts.id
        where held.ts is null and held.channel_id like 'V%' and not held.closed
          and (starts.id is null or starts.created_at < now() - ${holdMs} * interval '1 millisecond')`,
  );
  return rows.map(({ viewId }) => viewId);
}

/** Messages about tasks whose key begins like this that were posted and do not say yet that it is over. */
export async function listOpenMessages(db: Db, taskKeyPrefix: string): Promise<TaskMessage[]> {
  return db
    .select()
    .from(taskMessages)
    .where(
      and(
        // What `like` means, as a range that the index serves also where the prefix is a parameter.
        sql`${taskMessages.taskKey} ~>=~ ${taskKeyPrefix} and ${taskMessages.taskKey} ~<~ ${`${taskKeyPrefix}\uffff`}`,
        sql`not ${taskMessages.closed}`,
        isNotNull(taskMessages.ts),
      ),
    );
}
