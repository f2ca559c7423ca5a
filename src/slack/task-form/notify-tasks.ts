import type { ProcessInstance, UserTask } from '../../engines/engine.ts';
import { markActivityDue } from '../../starts/activity-queue.ts';
import { getStart, type Start, type StartOutcome, setStartOutcome } from '../../starts/queries.ts';
import { getStartOf } from '../../starts/start-of-instance.ts';
import {
  claimHolds,
  claimOverdue,
  claimTaskMessage,
  closeTaskMessage,
  holdTask,
  isHeldByModal,
  letGo,
  listTaskMessages,
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
  if (await setStartOutcome(db, start.id, instance.key, outcomeOf(instance))) database.signal('activity_due');
  await notifyTasks(context, start, instance.key, () => true);
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
  await tellReleased(context, await claimHolds(context.db, viewId));
}

/** How long a modal keeps a person's task to itself if Slack never tells that it was closed, in milliseconds. */
const holdMs = 15 * 60_000;
/** What takes longer to be told, in milliseconds, is not being told: rate limits are waited out for less. */
const claimMs = 6 * 60_000;

/** The same for modals that were closed without a word, and for what nobody went on telling. */
export async function releaseOverdue(context: SlackContext, limits = { holdMs, claimMs }): Promise<void> {
  await tellReleased(context, await claimOverdue(context.db, limits.holdMs, limits.claimMs));
}

/** What fails here stays claimed, and is told when it is overdue. */
async function tellReleased(context: SlackContext, released: TaskMessage[]): Promise<void> {
  const { database, db } = context;
  for (const row of released) {
    const start = await startOfHold(context, row.taskKey);
    const takeOver = ({ taskKey, userId }: TaskMessage) => taskKey === row.taskKey && userId === row.userId;
    if (start?.processInstanceKey) await notifyTasks(context, start, start.processInstanceKey, takeOver);
    await letGo(db, row);
    if (start?.status !== 'failed' || row.taskKey !== startHold(start.id)) continue;
    // Nobody looks at it any more: it is trouble now.
    await markActivityDue(db, start.id);
    database.signal('activity_due');
  }
}

async function startOfHold({ db, engine, identity }: SlackContext, taskKey: string): Promise<Start | undefined> {
  if (taskKey.startsWith(startHold(''))) return getStart(db, identity.teamId, taskKey.slice(startHold('').length));
  const task = await engine.getUserTask(taskKey);
  const instance = task && (await engine.getProcessInstance(task.processInstanceKey));
  return instance && getStartOf(db, instance);
}

/** Sends the messages that are missing, also those of claims that are to be taken over, and closes those whose task is over. */
async function notifyTasks(
  context: SlackContext,
  start: Start,
  processInstanceKey: string,
  takeOver: (row: TaskMessage) => boolean,
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
  takeOver: (row: TaskMessage) => boolean,
): Promise<void> {
  const { db } = context;
  const people = await peopleOf(context, await taskHolders(context, task, start), start);
  for (const userId of people) {
    const row = rows.find((one) => one.taskKey === task.key && one.userId === userId);
    const hold = rows.find((one) => one.taskKey === startHold(start.id) && one.userId === userId && isHeldByModal(one));
    if (row) {
      const isAbandoned = row.ts === null && !row.closed && !isHeldByModal(row);
      if (isAbandoned && takeOver(row)) await postMessage(context, start, task, userId);
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
