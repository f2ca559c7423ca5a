import { LRUCache } from 'lru-cache';
import { backoff } from '../../db/backoff.ts';
import { startWorker, type Worker } from '../../db/worker.ts';
import {
  type ClaimedActivity,
  claimActivity,
  finishActivity,
  gatherLines,
  listFollowers,
  markActivityDue,
  nextActivityDueIn,
  postponeActivity,
} from '../../starts/activity-queue.ts';
import type { Start } from '../../starts/queries.ts';
import { deleteSuperseded } from '../pictures/delete-superseded.ts';
import { canClientsRead } from '../rights/can-clients-read.ts';
import type { SlackContext } from '../slack-context.ts';
import { releaseOverdue } from '../task-form/notify-tasks.ts';
import { type ChannelPace, createChannelPace } from './channel-pace.ts';
import { gatheredMessage } from './gathered-message.ts';
import { postLine } from './post-line.ts';
import { tellOfExposure } from './tell-of-exposure.ts';
import { tellOfTrouble } from './tell-of-trouble.ts';
import { tellSteps } from './tell-steps.ts';

const batch = 50;
const leaseMs = 60_000;
/** Slack: about one message per second and channel. */
const channelPaceMs = 1000;
const sweepEveryMs = 60_000;
/** How many lines that come at once one message has: their blocks are far from what Slack takes, and people still read it. */
const mostLines = 10;
/** When to look again whether the message that a line is in was posted, in milliseconds. */
const unpostedMs = 1000;

interface Telling {
  context: SlackContext;
  pace: ChannelPace;
  /** How often in a row each start could not be told of. */
  failures: LRUCache<string, number>;
}

/**
 * Keeps the activity channels' lines up to date, one per start, and tells people of trouble that nobody else tells them of.
 * Starts that come at once are gathered: their lines share a message, so that a hundred take ten turns in the channel.
 */
export async function startActivityWorker(context: SlackContext): Promise<Worker> {
  const { database, db, logger } = context;
  const telling = {
    context,
    pace: createChannelPace(channelPaceMs),
    failures: new LRUCache<string, number>({ max: 10_000 }),
  };
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
        await deleteSuperseded(context).catch((err) => logger.warn({ err }, 'old pictures are deleted later'));
      }
      const claims = await claimActivity(db, batch, leaseMs);
      await tellAll(telling, claims);
      return claims.length === batch ? 0 : nextActivityDueIn(db);
    },
  });
}

async function tellAll(telling: Telling, claims: ClaimedActivity[]): Promise<void> {
  /** Those whose line is nowhere yet, by channel. */
  const unposted = new Map<string, ClaimedActivity[]>();
  const others: Promise<void>[] = [];
  for (const claim of claims) {
    const { start } = claim;
    const channel = await channelFor(telling.context, start).catch((err) => postponeAfter(telling, [claim], err));
    if (channel === null) continue;
    if (channel !== undefined && start.activityChannel === null && start.activityLead === null) {
      unposted.set(channel, [...(unposted.get(channel) ?? []), claim]);
    } else {
      others.push(attempt(telling, [claim], () => tell(telling, claim, channel)));
    }
  }
  for (const [channel, ofChannel] of unposted) {
    const together = ofChannel.slice(0, mostLines);
    const later = ofChannel.slice(mostLines);
    others.push(attempt(telling, together, () => postTogether(telling, together, channel)));
    if (later.length > 0) others.push(attempt(telling, later, () => awaitTurn(telling, later, channel)));
  }
  await Promise.all(others);
}

async function attempt(telling: Telling, claims: ClaimedActivity[], work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
    for (const { start } of claims) telling.failures.delete(start.id);
  } catch (err) {
    await postponeAfter(telling, claims, err);
  }
}

async function postponeAfter({ context, failures }: Telling, claims: ClaimedActivity[], err: unknown): Promise<null> {
  for (const claim of claims) {
    const { id } = claim.start;
    const nth = (failures.get(id) ?? 0) + 1;
    failures.set(id, nth);
    const retryInMs = backoff(nth);
    context.logger.warn({ err, startId: id, retryInMs }, 'activity will be told later');
    await postponeActivity(context.db, claim, retryInMs);
  }
  return null;
}

/**
 * Whether the next new lines of a channel may be posted now. If not, these are all due again at their turn, which is no
 * single start's own: whoever is unposted then goes together.
 */
async function awaitTurn({ context, pace }: Telling, claims: ClaimedActivity[], channel: string): Promise<boolean> {
  const wait = pace.wait(channel, 'lines');
  if (wait > 0) await Promise.all(claims.map((claim) => postponeActivity(context.db, claim, wait)));
  return wait === 0;
}

/** Posts the lines of starts that have none, in one message. */
async function postTogether(telling: Telling, claims: ClaimedActivity[], channel: string): Promise<void> {
  const { context } = telling;
  const { db } = context;
  const [lead, ...followers] = claims;
  if (!lead || !(await awaitTurn(telling, claims, channel))) return;
  const ids = followers.map(({ start }) => start.id);
  // Before it is posted: should we crash, whoever goes on knows which lines it has.
  await gatherLines(db, ids, lead.start.id);
  const starts = claims.map(({ start }) => start);
  const isWritten = await postLine(context, lead.start, channel, await gatheredMessage(context, starts));
  if (!isWritten) await gatherLines(db, ids, null);
  for (const claim of claims) {
    await tellOfTrouble(context, claim.start, { isPublic: isWritten });
    await finishActivity(db, claim);
  }
  // The steps are told in a turn of their own.
  if (isWritten) await markActivityDue(db, lead.start.id);
}

/** Brings up to date what is told of a start; `channel` undefined: nothing is told in a channel. */
async function tell({ context, pace }: Telling, claim: ClaimedActivity, channel: string | undefined): Promise<void> {
  const { db } = context;
  const { start } = claim;
  if (channel === undefined) {
    await tellOfTrouble(context, start, { isPublic: false });
    return finishActivity(db, claim);
  }
  if (start.activityLead !== null) {
    await markActivityDue(db, start.activityLead);
    if (start.activityTs === null) return postponeActivity(db, claim, unpostedMs);
    await tellOfTrouble(context, start, { isPublic: true });
    return finishActivity(db, claim);
  }
  const starts = [start, ...(await listFollowers(db, start))];
  const message = await gatheredMessage(context, starts);
  let isWritten = true;
  if (message.told !== start.activityTold || start.activityTs === null) {
    const wait = pace.wait(channel, start.id);
    if (wait > 0) return postponeActivity(db, claim, wait);
    isWritten = await postLine(context, start, channel, message);
    if (!isWritten) {
      await gatherLines(
        db,
        starts.slice(1).map(({ id }) => id),
        null,
      );
    }
  }
  await tellOfTrouble(context, start, { isPublic: isWritten });
  if (isWritten && start.activityTs !== null) {
    const wait = await tellSteps(context, starts, () => pace.wait(channel, `steps:${start.id}`));
    if (wait > 0) return postponeActivity(db, claim, wait);
  }
  await finishActivity(db, claim);
  // A line that was found or posted just now has its steps told next.
  if (isWritten && start.activityTs === null) await markActivityDue(db, start.id);
}

/** Where the start's line is or belongs; undefined: nowhere, or nowhere that clients cannot read. */
async function channelFor(context: SlackContext, start: Start): Promise<string | undefined> {
  const { liveChats, logger } = context;
  const liveChat = start.liveChatId ? liveChats.get(start.teamId, start.liveChatId) : undefined;
  const channel = (start.activityTs === null ? undefined : start.activityChannel) ?? liveChat?.activityChannel;
  if (!channel) return undefined;
  if (!(await canClientsRead(context, liveChat, channel))) return channel;
  logger.warn({ startId: start.id, channel }, 'clients can read the activity channel; nothing is written there');
  if (liveChat) await tellOfExposure(context, liveChat, channel);
  return undefined;
}
