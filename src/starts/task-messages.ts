import { and, eq, inArray, isNotNull, isNull, sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import { taskMessages } from './tables.ts';

export type TaskMessage = typeof taskMessages.$inferSelect;

/*
 * A row of task_messages is in one of these states:
 *   posted  channel_id and ts say where the direct message is
 *   claimed ts is null, channel_id empty: it is being posted, or its poster crashed
 *   released ts is null, channel_id `released`: a modal held it, and whoever released it is posting it, or has crashed
 *   held    ts is null, channel_id is a view's id (V…): the person has the task before them in that modal, and gets a
 *           message only if they let go of it
 * Posted ones say how the task stood (`shown`). `reminder:<kind>:<task key>` reminds of a task.
 * The pseudo-task `start:<start id>` is held while the modal of the person who started it waits for its first task.
 */

export const startHold = (startId: string) => `start:${startId}`;

export async function listTaskMessages(db: Db, taskKeys: string[]): Promise<TaskMessage[]> {
  if (taskKeys.length === 0) return [];
  return db.select().from(taskMessages).where(inArray(taskMessages.taskKey, taskKeys));
}

/** Claims the message to a person, once. False: it was claimed before. `isRelease`: as if a modal had held it. */
export async function claimTaskMessage(
  db: Db,
  taskKey: string,
  userId: string,
  { isRelease = false } = {},
): Promise<boolean> {
  const claimed = await db
    .insert(taskMessages)
    .values({ taskKey, userId, channelId: isRelease ? released : '' })
    .onConflictDoNothing()
    .returning({ userId: taskMessages.userId });
  return claimed.length > 0;
}

/** The person knows already: nothing is to be posted, unless that has begun. */
export async function closeUntold(db: Db, taskKey: string, userId: string): Promise<void> {
  await db.insert(taskMessages).values({ taskKey, userId, channelId: '', closed: true }).onConflictDoNothing();
}

/** The message was posted there. */
export async function setTaskMessagePosted(
  db: Db,
  { taskKey, userId }: Pick<TaskMessage, 'taskKey' | 'userId'>,
  channelId: string,
  ts: string,
  shown: string | null = null,
): Promise<void> {
  await db
    .update(taskMessages)
    .set({ channelId, ts, shown })
    .where(and(eq(taskMessages.taskKey, taskKey), eq(taskMessages.userId, userId)));
}

/** The message says how the task stands now. */
export async function setTaskMessageShown(
  db: Db,
  { taskKey, userId }: Pick<TaskMessage, 'taskKey' | 'userId'>,
  shown: string,
): Promise<void> {
  await db
    .update(taskMessages)
    .set({ shown })
    .where(and(eq(taskMessages.taskKey, taskKey), eq(taskMessages.userId, userId)));
}

/** Another message is to be posted in place of one. False: it is not there (any more). */
export async function reclaimTaskMessage(db: Db, { taskKey, userId, ts }: TaskMessage): Promise<boolean> {
  const reclaimed = await db
    .update(taskMessages)
    .set({ channelId: '', ts: null, shown: null, since: sql`now()` })
    .where(and(eq(taskMessages.taskKey, taskKey), eq(taskMessages.userId, userId), eq(taskMessages.ts, ts ?? '')))
    .returning({ userId: taskMessages.userId });
  return reclaimed.length > 0;
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
  await db
    .insert(taskMessages)
    .values({ taskKey, userId, channelId: viewId })
    .onConflictDoUpdate({
      target: [taskMessages.taskKey, taskMessages.userId],
      set: { since: sql`now()` },
      setWhere: sql`${taskMessages.channelId} = ${viewId} and ${taskMessages.ts} is null`,
    });
}

export const isHeldByModal = ({ channelId, ts }: TaskMessage) => ts === null && channelId.startsWith('V');

/** In place of a channel: who tells of an instance's changes does not take the message for one whose poster crashed. */
const released = 'released';

export const isReleased = ({ channelId, ts }: TaskMessage) => ts === null && channelId === released;

/** The modal was closed, or shows no more tasks: what it held is claimed now. The caller tells its people, or lets go. */
export async function claimHolds(db: Db, viewId: string): Promise<TaskMessage[]> {
  return db
    .update(taskMessages)
    .set({ channelId: released, since: sql`now()` })
    .where(and(eq(taskMessages.channelId, viewId), isNull(taskMessages.ts), eq(taskMessages.closed, false)))
    .returning();
}

/**
 * The same for what modals hold for longer than `holdMs` (Slack did not tell that they were closed), and for what somebody
 * claimed longer than `claimMs` ago and did not finish.
 */
export async function claimOverdue(db: Db, holdMs: number, claimMs: number): Promise<TaskMessage[]> {
  const olderThan = (ms: number) => sql`since < now() - ${ms} * interval '1 millisecond'`;
  return db
    .update(taskMessages)
    .set({ channelId: released, since: sql`now()` })
    .where(
      sql`ts is null and not closed and (
        (channel_id like 'V%' and ${olderThan(holdMs)})
        or (channel_id in ('', ${released}) and ${olderThan(claimMs)} and task_key not like 'trouble:%' and task_key not like 'job:%'
          and task_key not like 'reminder:%'))`,
    )
    .returning();
}

/** What was claimed is still to be posted, so it does not become overdue. */
export async function keepClaim(db: Db, { taskKey, userId }: Pick<TaskMessage, 'taskKey' | 'userId'>): Promise<void> {
  await db
    .update(taskMessages)
    .set({ since: sql`now()` })
    .where(and(eq(taskMessages.taskKey, taskKey), eq(taskMessages.userId, userId), isNull(taskMessages.ts)));
}

/** There is nothing to tell (any more) of what was claimed. */
export async function letGo(db: Db, { taskKey, userId }: Pick<TaskMessage, 'taskKey' | 'userId'>): Promise<void> {
  await db
    .delete(taskMessages)
    .where(
      and(
        eq(taskMessages.taskKey, taskKey),
        eq(taskMessages.userId, userId),
        inArray(taskMessages.channelId, ['', released]),
        isNull(taskMessages.ts),
        eq(taskMessages.closed, false),
      ),
    );
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
