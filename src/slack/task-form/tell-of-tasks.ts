import { putOffMs } from '../../db/away.ts';
import type { UserTask } from '../../engines/engine.ts';
import { type OpenTask, saveOpenTasks } from '../../starts/open-tasks.ts';
import type { Start } from '../../starts/queries.ts';
import { withoutPreviews } from '../block-kit/without-previews.ts';
import { eachInTurn } from '../calls/each-in-turn.ts';
import { type Known, type KnownMessage, type KnownReminder, readKnown } from '../notices/known.ts';
import { closeNotice, setNoticeShown } from '../notices/notices.ts';
import type { Released } from '../notices/release-modals.ts';
import { reminderKindOf } from '../notices/reminder-topic.ts';
import {
  claimTaskMessage,
  closeTaskMessage,
  holdTask,
  isHeldByModal,
  keepClaim,
  reclaimTaskMessage,
  setTaskMessagePosted,
  setTaskMessageShown,
} from '../notices/task-messages.ts';
import { platformError } from '../platform-error.ts';
import type { SlackContext } from '../slack-context.ts';
import { wordsFor } from '../words-for.ts';
import { describeTask } from './describe-task.ts';
import { scheduleReminders } from './schedule-reminders.ts';
import { closedStanding, isTakenKey, openStanding, standingKey } from './standing.ts';
import { type TaskNotice, taskMessage } from './task-message.ts';
import { reachOf, type TaskReach } from './task-reach.ts';

/** Slack's error codes for people who cannot receive messages, now or later. */
export const unreachable = new Set([
  'user_not_found',
  'user_not_visible',
  'user_disabled',
  'cannot_dm_bot',
  'messages_tab_disabled',
  'channel_not_found',
  'is_archived',
]);

/** Slack's error codes for messages that cannot be changed any more. */
const unchangeable = new Set(['message_not_found', 'cant_update_message', 'edit_window_closed', ...unreachable]);

/**
 * Posts and updates all messages about an instance's tasks, given in their current state, including messages that were claimed
 * and not posted. `released`: only the message to the person whose modal held the task, since a worker may be handling the
 * other messages at the same time.
 */
export async function notifyTasks(
  context: SlackContext,
  start: Start,
  tasks: UserTask[],
  released?: Released,
): Promise<void> {
  const { db, homes, logger } = context;
  if (tasks.length === 0) return;
  const known = await readKnown(db, { startId: start.id, taskKeys: tasks.map(({ key }) => key) });
  const open = await Promise.all(
    tasks
      .filter(({ status }) => status === 'open')
      .map(async (task) => ({ task, reach: await reachOf(context, task, start) })),
  );
  const opened = await saveOpenTasks(db, {
    startId: start.id,
    tasks: open.map(({ task, reach }) => openTaskOf(start, task, reach)),
  });
  for (const { task, reach } of open) {
    const { key: taskKey, processDefinitionId, elementId } = task;
    const { unknown: names } = reach.holders;
    if (names.length === 0 || !opened.has(taskKey)) continue;
    logger.warn(
      { startId: start.id, taskKey, processDefinitionId, elementId, names },
      'an open task names people or groups unknown to Slack',
    );
  }
  await scheduleReminders(context, tasks);
  homes.note({
    liveChatId: start.liveChatId,
    userIds: [...open.flatMap(({ reach }) => reach.people), ...known.messages.map(({ userId }) => userId)],
  });
  await eachInTurn(tasks, async (task) => {
    const reach = open.find((one) => one.task === task)?.reach;
    if (reach) await tellHolders(context, start, { task, reach, known, released });
    else if (!released) await closeMessages(context, start, task, known);
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

/** How the message's reader stands to the task, and the names of people whom Slack does not know. */
type Assignment = Pick<TaskNotice, 'standing' | 'unknown'>;

interface Telling {
  task: UserTask;
  reach: TaskReach;
  known: Known;
  released: Released | undefined;
}

async function tellHolders(context: SlackContext, start: Start, telling: Telling): Promise<void> {
  const { db } = context;
  const { task, reach, known, released } = telling;
  const taskKey = task.key;
  const told = postedOf(task, known).map((posted) => async () => {
    const standing = openStanding(reach, posted.userId);
    if (standing) await showAssignment(context, start, task, posted, { standing, unknown: reach.holders.unknown });
  });
  const toTell = reach.told
    .filter((userId) => !released || userId === released.userId)
    .map((userId) => async () => {
      const row = known.messages.find((one) => one.taskKey === taskKey && one.userId === userId);
      const modal = known.modals.get(userId);
      if (row) {
        const isAbandoned = row.ts === null && !row.closed && !isHeldByModal(row);
        const isOurs = released ? released.taskKey === taskKey : !row.isReleased;
        if (isAbandoned && isOurs) await postMessage(context, start, task, reach, userId);
      } else if (modal !== undefined) {
        await holdTask(db, { taskKey, userId }, modal);
      } else if (await claimTaskMessage(db, { taskKey, userId, isReleased: released !== undefined })) {
        await postMessage(context, start, task, reach, userId);
      }
    });
  // New messages first, since people wait for them.
  await eachInTurn(released ? toTell : [...toTell, ...told], (tell) => tell());
}

async function closeMessages(context: SlackContext, start: Start, task: UserTask, known: Known): Promise<void> {
  const { db } = context;
  await eachInTurn(postedOf(task, known), async (posted) => {
    await showAssignment(context, start, task, posted, { standing: closedStanding(task), unknown: [] });
    await (posted.reminder ? closeNotice(db, posted.reminder) : closeTaskMessage(db, posted));
  });
  // Held by a modal or never posted: there is no message to update.
  for (const row of known.messages) {
    if (row.taskKey === task.key && row.ts === null && !row.closed) await closeTaskMessage(db, row);
  }
}

/** A posted message about a task that does not show yet that the task is closed. */
interface Posted {
  taskKey: string;
  userId: string;
  channelId: string;
  ts: string;
  shown: string | null;
  /** Set if the message is a reminder. */
  reminder?: KnownReminder;
}

function postedOf({ key }: UserTask, { messages, reminders }: Known): Posted[] {
  const isPosted = ({ ts, closed }: KnownMessage) => ts !== null && !closed;
  const posted = messages.filter((message) => message.taskKey === key && isPosted(message));
  return [
    ...posted.map(({ ts, ...message }) => ({ ...message, ts: ts ?? '' })),
    ...reminders.flatMap((reminder) => (reminder.subject === key ? [{ ...reminder, taskKey: key, reminder }] : [])),
  ];
}

/** Updates a message. A person who gets the task again gets a new message, since nobody notices a changed one. */
async function showAssignment(
  context: SlackContext,
  start: Start,
  task: UserTask,
  posted: Posted,
  assignment: Assignment,
): Promise<void> {
  const { db, backgroundClient } = context;
  const { standing } = assignment;
  const { userId, reminder } = posted;
  const shown = standingKey(standing);
  if (posted.shown === shown) return;
  const address = { channel: posted.channelId, ts: posted.ts };
  const isBack = isTakenKey(posted.shown) && (standing.kind === 'mine' || standing.kind === 'offered');
  if (isBack && !reminder) {
    if (!(await reclaimTaskMessage(db, posted))) return;
    await ignoringGone(backgroundClient.chat.delete(address));
    return sendMessage(context, start, task, userId, assignment);
  }
  const notice = {
    ...(await describeTask(context, task, start)),
    ...assignment,
    reminder: reminder && reminderKindOf(reminder),
  };
  const words = await wordsFor(context, userId);
  await ignoringGone(backgroundClient.chat.update({ ...address, ...taskMessage(words, notice) }));
  await (reminder ? setNoticeShown(db, reminder, shown) : setTaskMessageShown(db, posted, shown));
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
  if (standing) await sendMessage(context, start, task, userId, { standing, unknown: reach.holders.unknown });
}

async function sendMessage(
  context: SlackContext,
  start: Start,
  task: UserTask,
  userId: string,
  assignment: Assignment,
): Promise<void> {
  const { db, directory, backgroundClient, logger } = context;
  const words = await wordsFor(context, userId);
  const notice = taskMessage(words, { ...(await describeTask(context, task, start)), ...assignment });
  try {
    const posted = await backgroundClient.chat.postMessage({
      channel: await directory.directMessage(userId),
      ...withoutPreviews,
      ...notice,
    });
    const { channel: channelId = userId, ts = '' } = posted;
    await setTaskMessagePosted(db, {
      taskKey: task.key,
      userId,
      channelId,
      ts,
      shown: standingKey(assignment.standing),
    });
  } catch (error) {
    // The message waits for its turn; renew the claim, so that nobody thinks that its poster crashed.
    if (putOffMs(error) !== undefined) await keepClaim(db, { taskKey: task.key, userId });
    const reason = platformError(error);
    if (reason === undefined || !unreachable.has(reason)) throw error;
    logger.warn({ taskKey: task.key, userId, reason }, 'a person could not be notified about their task');
    await closeTaskMessage(db, { taskKey: task.key, userId });
  }
}
