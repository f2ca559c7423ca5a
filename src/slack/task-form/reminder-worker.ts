import { putOffMs } from '../../db/away.ts';
import { type QueueWorker, startQueueWorker } from '../../db/queue-worker.ts';
import type { UserTask } from '../../engines/engine.ts';
import type { Start } from '../../starts/queries.ts';
import { withoutPreviews } from '../block-kit/without-previews.ts';
import { eachInTurn } from '../calls/each-in-turn.ts';
import { findPosted } from '../job-handlers/find-posted.ts';
import { claimNotice, closeNotice, dropNoticeClaim, isTold, listNotices, setNoticePosted } from '../notices/notices.ts';
import { reminderTopic } from '../notices/reminder-topic.ts';
import {
  type ClaimedReminder,
  dropReminders,
  isCovered,
  reminderQueue,
  type TaskReminder,
} from '../notices/task-reminders.ts';
import { refusalOf } from '../refusal.ts';
import { findTask } from '../rights/access-task.ts';
import type { SlackContext } from '../slack-context.ts';
import { wordsFor } from '../words-for.ts';
import { describeTask } from './describe-task.ts';
import { openStanding, type Standing, standingKey } from './standing.ts';
import { taskMessage } from './task-message.ts';
import { reachOf } from './task-reach.ts';

const concurrency = 5;
const metadataType = 'kickoff_reminder';

/** Reminds people of open tasks at their follow-up and due dates. */
export async function startReminderWorker(context: SlackContext): Promise<QueueWorker> {
  const { database, timings, logger } = context;
  return startQueueWorker({
    name: 'reminders',
    database,
    signal: 'reminders_due',
    logger,
    concurrency,
    works: [
      {
        queue: reminderQueue,
        // A repeated attempt does not remind anybody twice.
        leaseMs: timings.tasks.reminderLeaseMs,
        renewed: true,
        handle: (reminder: ClaimedReminder) => remind(context, reminder),
        ids: ({ taskKey, kind }: TaskReminder) => ({ taskKey, kind }),
      },
    ],
  });
}

async function remind(context: SlackContext, reminder: ClaimedReminder): Promise<void> {
  const { db } = context;
  const found = await findTask(context, reminder.taskKey);
  if (found?.task.status !== 'open') return dropReminders(db, [reminder.taskKey]);
  if (await isCovered(db, reminder)) return reminderQueue.finish(db, reminder);
  const { task, start } = found;
  // The date was removed.
  if (!(reminder.kind === 'due' ? task.dueDate : task.followUpDate)) return reminderQueue.finish(db, reminder);
  const reach = await reachOf(context, task, start);
  const rows = await listNotices(db, reminderTopic(reminder));
  await eachInTurn(reach.told, async (userId) => {
    const row = rows.find((one) => one.userId === userId);
    const standing = openStanding(reach, userId);
    if (!standing || (row && isTold(row))) return;
    if (!row) await claimNotice(db, { ...reminderTopic(reminder), userId });
    const { unknown } = reach.holders;
    await tell(context, { task, start, standing, unknown, reminder, userId, isAgain: row !== undefined });
  });
  await reminderQueue.finish(db, reminder);
}

interface Telling {
  task: UserTask;
  start: Start;
  standing: Standing;
  unknown: string[];
  reminder: TaskReminder;
  userId: string;
  /** An earlier attempt may have posted the message without recording it. */
  isAgain: boolean;
}

async function tell(context: SlackContext, telling: Telling): Promise<void> {
  const { db, directory, backgroundClient, logger } = context;
  const { task, start, standing, unknown, reminder, userId, isAgain } = telling;
  const notice = { ...reminderTopic(reminder), userId };
  // The format of earlier versions, whose messages may still have to be found.
  const key = `reminder:${reminder.kind}:${task.key}`;
  const words = await wordsFor(context, userId);
  const description = await describeTask(context, task, start);
  const message = taskMessage(words, { ...description, standing, unknown, reminder: reminder.kind });
  try {
    const channel = await directory.directMessage(userId);
    const wanted = { channel, eventType: metadataType, key, since: new Date(reminder.remindAt) };
    const before = isAgain ? await findPosted(backgroundClient, wanted) : undefined;
    const metadata = { event_type: metadataType, event_payload: { key } };
    const post = () =>
      backgroundClient.chat
        .postMessage({ channel, ...withoutPreviews, metadata, ...message })
        .catch(async (error: unknown) => {
          // Not posted, so the next attempt does not have to search for it.
          if (putOffMs(error) !== undefined) await dropNoticeClaim(db, notice);
          throw error;
        });
    const ts = before ?? (await post()).ts ?? '';
    await setNoticePosted(db, notice, { channelId: channel, ts, shown: standingKey(standing) });
  } catch (error) {
    const reason = refusalOf(error);
    if (reason === undefined) throw error;
    logger.warn({ taskKey: task.key, userId, reason }, 'a person could not be reminded of their task');
    await closeNotice(db, notice);
  }
}
