import { LRUCache } from 'lru-cache';
import { startWorker, type Worker } from '../../db/worker.ts';
import {
  type ClaimedActivity,
  claimActivity,
  finishActivity,
  nextActivityDueIn,
  postponeActivity,
} from '../../starts/activity-queue.ts';
import { backoff } from '../../starts/backoff.ts';
import type { Start } from '../../starts/queries.ts';
import type { SlackContext } from '../slack-context.ts';
import { releaseOverdue } from '../task-form/notify-tasks.ts';
import { activityLine } from './activity-line.ts';
import { type ChannelPace, createChannelPace } from './channel-pace.ts';
import { canClientsRead } from './client-readable.ts';
import { describeStart } from './describe-start.ts';
import { postLine } from './post-line.ts';
import { tellOfTrouble } from './tell-of-trouble.ts';

const batch = 20;
const leaseMs = 60_000;
/** Slack: about one message per second and channel. */
const channelPaceMs = 1000;
const sweepEveryMs = 60_000;

/** Keeps the activity channels' lines up to date, one per start, and tells people of trouble that nobody else tells them of. */
export async function startActivityWorker(context: SlackContext): Promise<Worker> {
  const { database, db, logger } = context;
  const pace = createChannelPace(channelPaceMs);
  /** How often in a row each start could not be told of. */
  const failures = new LRUCache<string, number>({ max: 10_000 });
  let sweptAt = 0;
  return startWorker({
    name: 'activity',
    database,
    signal: 'activity_due',
    logger,
    async work() {
      if (Date.now() - sweptAt > sweepEveryMs) {
        sweptAt = Date.now();
        await releaseOverdue(context).catch((err) => logger.warn({ err }, 'tasks of closed modals are told later'));
      }
      const claims = await claimActivity(db, batch, leaseMs);
      await Promise.all(claims.map((claim) => tell(context, claim, pace, failures)));
      return claims.length === batch ? 0 : nextActivityDueIn(db);
    },
  });
}

async function tell(
  context: SlackContext,
  claim: ClaimedActivity,
  pace: ChannelPace,
  failures: LRUCache<string, number>,
): Promise<void> {
  const { db, logger } = context;
  const { start } = claim;
  try {
    const channel = await channelFor(context, start);
    const wait = channel === undefined ? 0 : pace.wait(channel, start.id);
    if (wait > 0) return await postponeActivity(db, claim, wait);
    const isWritten = channel !== undefined && (await writeLine(context, start, channel));
    await tellOfTrouble(context, start, { isPublic: isWritten });
    failures.delete(start.id);
    await finishActivity(db, claim);
  } catch (err) {
    const attempt = (failures.get(start.id) ?? 0) + 1;
    failures.set(start.id, attempt);
    const retryInMs = backoff(attempt);
    logger.warn({ err, startId: start.id, retryInMs }, 'activity will be told later');
    await postponeActivity(db, claim, retryInMs);
  }
}

async function writeLine(context: SlackContext, start: Start, channel: string): Promise<boolean> {
  return postLine(context, start, channel, activityLine(await describeStart(context, start, { offerRetry: true })));
}

/** Where the start's line is or belongs; undefined: nowhere, or nowhere that clients cannot read. */
async function channelFor(context: SlackContext, start: Start): Promise<string | undefined> {
  const { liveChats, logger } = context;
  const liveChat = start.liveChatId ? liveChats.get(start.teamId, start.liveChatId) : undefined;
  const channel = (start.activityTs === null ? undefined : start.activityChannel) ?? liveChat?.activityChannel;
  if (!channel) return undefined;
  if (!(await canClientsRead(context, channel))) return channel;
  logger.warn({ startId: start.id, channel }, 'clients can read the activity channel; nothing is written there');
  return undefined;
}
