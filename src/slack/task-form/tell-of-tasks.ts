import { putOffMs } from '../../db/away.ts';
import type { UserTask } from '../../engines/engine.ts';
import { type OpenTask, saveOpenTasks } from '../../starts/open-tasks.ts';
import type { Start } from '../../starts/queries.ts';
import {
  claimTaskMessage,
  closeTaskMessage,
  holdTask,
  isHeldByModal,
  isReleased,
  keepClaim,
  listTaskMessages,
  reclaimTaskMessage,
  setTaskMessagePosted,
  setTaskMessageShown,
  startHold,
  type TaskMessage,
} from '../../starts/task-messages.ts';
import { reminderKinds, reminderOf } from '../../starts/task-reminders.ts';
import { withoutPreviews } from '../block-kit/without-previews.ts';
import { eachInTurn } from '../calls/each-in-turn.ts';
import { platformError } from '../platform-error.ts';
import type { SlackContext } from '../slack-context.ts';
import { wordsFor } from '../words-for.ts';
import { describeTask } from './describe-task.ts';
import { scheduleReminders } from './schedule-reminders.ts';
import { closedStanding, isTakenKey, openStanding, type Standing, standingKey } from './standing.ts';
import { taskMessage } from './task-message.ts';
import { reachOf, type TaskReach } from './task-reach.ts';

/** Slack's answers that say that a person cannot be written to, now or later. */
export const unreachable = new Set([
  'user_not_found',
  'user_not_visible',
  'user_disabled',
  'cannot_dm_bot',
  'messages_tab_disabled',
  'channel_not_found',
  'is_archived',
]);

/** Slack's answers that say that a message is not there to be changed any more. */
const unchangeable = new Set(['message_not_found', 'cant_update_message', 'edit_window_closed', ...unreachable]);

/**
 * Brings all messages about an instance's tasks up to date, also those that were claimed and not posted. `released`: only
 * that of a person whose modal held it; whoever tells of the instance's changes may be at the others at this moment.
 */
export async function notifyTasks(
  context: SlackContext,
  start: Start,
  processInstanceKey: string,
  released?: TaskMessage,
): Promise<void> {
  const { db, homes, logger } = context;
  const tasks = await context.engine.listUserTasks(processInstanceKey);
  if (tasks.length === 0) return;
  const keys = tasks.flatMap(({ key }) => [key, ...reminderKinds.map((kind) => reminderOf(kind, key))]);
  const rows = await listTaskMessages(db, [...keys, startHold(start.id)]);
  const open = await Promise.all(
    tasks
      .filter(({ status }) => status === 'open')
      .map(async (task) => ({ task, reach: await reachOf(context, task, start) })),
  );
  const opened = await saveOpenTasks(
    db,
    start.id,
    open.map(({ task, reach }) => openTaskOf(start, task, reach)),
  );
  for (const { task, reach } of open) {
    const { key: taskKey, processDefinitionId, elementId } = task;
    const { unknown: names } = reach.holders;
    if (names.length === 0 || !opened.has(taskKey)) continue;
    logger.warn(
      { startId: start.id, taskKey, processDefinitionId, elementId, names },
      'nobody knows whom a task names',
    );
  }
  await scheduleReminders(context, tasks);
  homes.note({
    liveChatId: start.liveChatId,
    userIds: [...open.flatMap(({ reach }) => reach.people), ...rows.map(({ userId }) => userId)],
  });
  await eachInTurn(tasks, async (task) => {
    const reach = open.find((one) => one.task === task)?.reach;
    if (reach) await tellHolders(context, start, { task, reach, rows, released });
    else if (!released) await closeMessages(context, start, task, rows);
  });
}

function openTaskOf(start: Start, task: UserTask, reach: TaskReach): OpenTask {
  const { holders, holder, isForAll } = reach;
  return {
    taskKey: task.key,
    teamId: start.teamId,
    startId: start.id,
    processName: task.processName,
    name: task.name,
    assignee: holder ?? null,
    holders: holder === undefined ? [...holders.userIds, ...holders.groups.map(({ id }) => id)] : [holder],
    isOffered: holder === undefined,
    isForAll,
    createdAt: task.createdAt,
    dueDate: task.dueDate ?? null,
  };
}

interface Telling {
  task: UserTask;
  reach: TaskReach;
  rows: TaskMessage[];
  released: TaskMessage | undefined;
}

async function tellHolders(context: SlackContext, start: Start, telling: Telling): Promise<void> {
  const { db } = context;
  const { task, reach, rows, released } = telling;
  const told = messagesOf(task, rows).map((row) => async () => {
    const standing = openStanding(reach, row.userId);
    if (standing) await showStanding(context, start, task, row, standing);
  });
  const toTell = reach.told
    .filter((userId) => !released || userId === released.userId)
    .map((userId) => async () => {
      const row = rows.find((one) => one.taskKey === task.key && one.userId === userId);
      const hold = rows.find(
        (one) => one.taskKey === startHold(start.id) && one.userId === userId && isHeldByModal(one),
      );
      if (row) {
        const isAbandoned = row.ts === null && !row.closed && !isHeldByModal(row);
        const isOurs = released ? released.taskKey === task.key : !isReleased(row);
        if (isAbandoned && isOurs) await postMessage(context, start, task, reach, userId);
      } else if (hold) {
        await holdTask(db, task.key, userId, hold.channelId);
      } else if (await claimTaskMessage(db, task.key, userId, { isRelease: released !== undefined })) {
        await postMessage(context, start, task, reach, userId);
      }
    });
  // New messages first: they are what people wait for.
  await eachInTurn(released ? toTell : [...toTell, ...told], (tell) => tell());
}

async function closeMessages(context: SlackContext, start: Start, task: UserTask, rows: TaskMessage[]): Promise<void> {
  await eachInTurn(messagesOf(task, rows), async (row) => {
    await showStanding(context, start, task, row, closedStanding(task));
    await closeTaskMessage(context.db, row);
  });
  // Held by a modal or never posted: there is no message that could say so.
  for (const row of rows) {
    if (row.taskKey === task.key && row.ts === null && !row.closed) await closeTaskMessage(context.db, row);
  }
}

/** The messages about a task that were posted and do not say yet that it is over, reminders included. */
function messagesOf({ key }: UserTask, rows: TaskMessage[]): TaskMessage[] {
  const keys = new Set([key, ...reminderKinds.map((kind) => reminderOf(kind, key))]);
  return rows.filter(({ taskKey, ts, closed }) => keys.has(taskKey) && ts !== null && !closed);
}

/** Brings a message up to date. Whose task it is again gets another one, for nobody notices that a message changed. */
async function showStanding(
  context: SlackContext,
  start: Start,
  task: UserTask,
  row: TaskMessage,
  standing: Standing,
): Promise<void> {
  const { db, backgroundClient } = context;
  const shown = standingKey(standing);
  if (row.shown === shown) return;
  const address = { channel: row.channelId, ts: row.ts ?? '' };
  const isBack = isTakenKey(row.shown) && (standing.kind === 'mine' || standing.kind === 'offered');
  if (isBack && row.taskKey === task.key) {
    if (!(await reclaimTaskMessage(db, row))) return;
    await ignoringGone(backgroundClient.chat.delete(address));
    return sendMessage(context, start, task, row.userId, standing);
  }
  const reminder = reminderKinds.find((kind) => row.taskKey === reminderOf(kind, task.key));
  const notice = { ...(await describeTask(context, task, start)), standing, reminder };
  const words = await wordsFor(context, row.userId);
  await ignoringGone(backgroundClient.chat.update({ ...address, ...taskMessage(words, notice) }));
  await setTaskMessageShown(db, row, shown);
}

async function ignoringGone(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!unchangeable.has(platformError(error) ?? '')) throw error;
  }
}

async function postMessage(context: SlackContext, start: Start, task: UserTask, reach: TaskReach, userId: string) {
  const standing = openStanding(reach, userId);
  if (standing) await sendMessage(context, start, task, userId, standing);
}

async function sendMessage(
  context: SlackContext,
  start: Start,
  task: UserTask,
  userId: string,
  standing: Standing,
): Promise<void> {
  const { db, directory, backgroundClient, logger } = context;
  const words = await wordsFor(context, userId);
  const notice = taskMessage(words, { ...(await describeTask(context, task, start)), standing });
  try {
    const posted = await backgroundClient.chat.postMessage({
      channel: await directory.directMessage(userId),
      ...withoutPreviews,
      ...notice,
    });
    const { channel: channelId = userId, ts = '' } = posted;
    await setTaskMessagePosted(db, { taskKey: task.key, userId }, channelId, ts, standingKey(standing));
  } catch (error) {
    // It is posted at its turn: nobody shall think that its poster crashed.
    if (putOffMs(error) !== undefined) await keepClaim(db, { taskKey: task.key, userId });
    const reason = platformError(error);
    if (reason === undefined || !unreachable.has(reason)) throw error;
    logger.warn({ taskKey: task.key, userId, reason }, 'a person cannot be told of their task');
    await closeTaskMessage(db, { taskKey: task.key, userId });
  }
}
