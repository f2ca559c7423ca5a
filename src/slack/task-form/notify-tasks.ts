import type { ProcessInstance, UserTask } from '../../engines/engine.ts';
import { getStart, type Start, type StartOutcome, setStartOutcome } from '../../starts/queries.ts';
import { getStartOf } from '../../starts/start-of-instance.ts';
import {
  claimTaskMessage,
  closeTaskMessage,
  holdTask,
  isHeldByModal,
  listTaskMessages,
  releaseHolds,
  setTaskMessagePosted,
  startHold,
  type TaskMessage,
} from '../../starts/task-messages.ts';
import { platformError } from '../directory.ts';
import type { SlackContext } from '../slack-context.ts';
import { startLink } from './start-link.ts';
import { taskMessage } from './task-message.ts';
import { peopleOf, taskHolders } from './task-people.ts';

/** Slack's answers that say that a person cannot be written to, now or later. */
const unreachable = new Set([
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
 * Brings everything that Kickoff says of a process instance up to date with the instance as it is now: its start's
 * status, the direct messages about its tasks, and that its activity line is behind. May be called any number of times,
 * but not twice at once for one instance: a claimed message without its ts is then one whose poster crashed.
 */
export async function reconcileInstance(context: SlackContext, processInstanceKey: string): Promise<void> {
  const { database, db, engine } = context;
  const instance = await engine.getProcessInstance(processInstanceKey);
  const start = instance && (await getStartOf(db, instance));
  if (!instance || !start) return;
  await setStartOutcome(db, start.id, instance.key, outcomeOf(instance));
  database.signal('activity_due');
  await notifyTasks(context, start, instance.key, { takeOver: true });
}

function outcomeOf({ status, reason }: ProcessInstance): StartOutcome {
  switch (status) {
    case 'active':
      return { status: 'running', reason: null };
    case 'incident':
      return { status: 'running', reason: reason ?? 'The process is stuck.' };
    case 'completed':
      return { status: 'completed', reason: null };
    case 'terminated':
      return reason === undefined || reason === 'cancelled'
        ? { status: 'cancelled', reason: null }
        : { status: 'failed', reason };
  }
}

/** A modal was closed or shows no more tasks: whoever had tasks in it hears of them by message now. */
export async function releaseModal(context: SlackContext, viewId: string): Promise<void> {
  const released = await releaseHolds(context.db, viewId);
  const taskKeys = released.map(({ taskKey }) => taskKey);
  for (const taskKey of taskKeys) {
    const start = await startOfHold(context, taskKey);
    if (start?.processInstanceKey) await notifyTasks(context, start, start.processInstanceKey, { takeOver: false });
  }
}

async function startOfHold({ db, engine, identity }: SlackContext, taskKey: string): Promise<Start | undefined> {
  if (taskKey.startsWith(startHold(''))) return getStart(db, identity.teamId, taskKey.slice(startHold('').length));
  const task = await engine.getUserTask(taskKey);
  const instance = task && (await engine.getProcessInstance(task.processInstanceKey));
  return instance && getStartOf(db, instance);
}

/** Sends the messages that are missing and closes those whose task is over. */
async function notifyTasks(
  context: SlackContext,
  start: Start,
  processInstanceKey: string,
  { takeOver }: { takeOver: boolean },
): Promise<void> {
  const tasks = await context.engine.listUserTasks(processInstanceKey);
  if (tasks.length === 0) return;
  const keys = tasks.map((task) => task.key);
  const rows = await listTaskMessages(context.db, [...keys, startHold(start.id)]);
  for (const task of tasks) {
    const ofTask = rows.filter((row) => row.taskKey === task.key);
    if (task.status === 'open') await tellHolders(context, start, task, rows, takeOver);
    else for (const row of ofTask) await closeMessage(context, start, task, row);
  }
}

async function tellHolders(
  context: SlackContext,
  start: Start,
  task: UserTask,
  rows: TaskMessage[],
  takeOver: boolean,
): Promise<void> {
  const { db } = context;
  const people = await peopleOf(context, await taskHolders(context, task, start), start);
  for (const userId of people) {
    const row = rows.find((one) => one.taskKey === task.key && one.userId === userId);
    const hold = rows.find((one) => one.taskKey === startHold(start.id) && one.userId === userId);
    if (row) {
      const isAbandoned = row.ts === null && !row.closed && !isHeldByModal(row);
      if (isAbandoned && takeOver) await postMessage(context, start, task, userId);
    } else if (hold) {
      await holdTask(db, task.key, userId, hold.channelId);
    } else if (await claimTaskMessage(db, task.key, userId)) {
      await postMessage(context, start, task, userId);
    }
  }
}

async function postMessage(context: SlackContext, start: Start, task: UserTask, userId: string): Promise<void> {
  const { db, backgroundClient, logger } = context;
  const message = taskMessage({ task, start, link: startLink(context, start.facts) });
  try {
    const { channel } = await backgroundClient.conversations.open({ users: userId });
    const posted = await backgroundClient.chat.postMessage({ channel: channel?.id ?? userId, ...message });
    const { channel: channelId = userId, ts = '' } = posted;
    await setTaskMessagePosted(db, { taskKey: task.key, userId }, channelId, ts);
  } catch (error) {
    const reason = platformError(error);
    if (reason === undefined || !unreachable.has(reason)) throw error;
    logger.warn({ taskKey: task.key, userId, reason }, 'a person cannot be told of their task');
    await closeTaskMessage(db, { taskKey: task.key, userId });
  }
}

async function closeMessage(context: SlackContext, start: Start, task: UserTask, row: TaskMessage): Promise<void> {
  if (row.closed) return;
  if (row.ts !== null) {
    const message = taskMessage({ task, start, link: startLink(context, start.facts) });
    try {
      await context.backgroundClient.chat.update({ channel: row.channelId, ts: row.ts, ...message });
    } catch (error) {
      if (!unchangeable.has(platformError(error) ?? '')) throw error;
    }
  }
  await closeTaskMessage(context.db, row);
}
