import { isAway } from '../../db/away.ts';
import { gather } from '../../db/gather.ts';
import { type QueueWorker, startQueueWorker } from '../../db/queue-worker.ts';
import {
  activityQueue,
  type ClaimedActivity,
  gatherLines,
  listFollowers,
  markActivityDue,
} from '../../starts/activity-queue.ts';
import type { Start } from '../../starts/queries.ts';
import { canClientsRead } from '../rights/can-clients-read.ts';
import type { SlackContext } from '../slack-context.ts';
import { type ChannelPace, createChannelPace } from './channel-pace.ts';
import { gatheredMessage } from './gathered-message.ts';
import { notifyFailure } from './notify-failure.ts';
import { postLine } from './post-line.ts';
import { tellOfExposure } from './tell-of-exposure.ts';
import { tellSteps } from './tell-steps.ts';

const batch = 50;
/** Maximum number of lines in one message: far below Slack's limit of blocks, and still readable. */
const mostLines = 10;

interface Telling {
  context: SlackContext;
  pace: ChannelPace;
  /** Ids of starts whose lines failed together although Slack was there: each is retried in a message of its own. */
  alone: Set<string>;
}

/** The error of each start whose line could not be written. */
type Failures = Map<ClaimedActivity, unknown>;

/**
 * Keeps the lines in the activity channels up to date, one per start, and reports failures that are not shown elsewhere. Starts
 * that come at the same time share a message, so that a hundred need ten turns in the channel.
 */
export async function startActivityWorker(context: SlackContext): Promise<QueueWorker> {
  const { database, db, logger, timings } = context;
  const { channelPaceMs, leaseMs } = timings.activity;
  const telling = { context, pace: createChannelPace(channelPaceMs), alone: new Set<string>() };
  const tellTogether = gather({
    async work(claims: ClaimedActivity[]) {
      const failures = await tellAll(telling, claims);
      return claims.map((claim) => ({ isFailed: failures.has(claim), error: failures.get(claim) }));
    },
    atMost: batch,
  });
  return startQueueWorker({
    name: 'activity',
    database,
    signal: 'activity_due',
    logger,
    concurrency: batch,
    inBatches: true,
    works: [
      {
        queue: activityQueue,
        leaseMs,
        renewed: true,
        async handle(claim: ClaimedActivity) {
          const { isFailed, error } = await tellTogether(claim);
          if (!isFailed) telling.alone.delete(claim.id);
          else if (!isAway(error)) telling.alone.add(claim.id);
          if (isFailed) throw error;
        },
        async setAside(claim: ClaimedActivity) {
          telling.alone.delete(claim.id);
          await activityQueue.setAside(db, claim);
          // The lines that were to share its message are posted separately.
          if (claim.start.activityTs === null) await ungather(context, await listFollowers(db, claim.start));
        },
        ids: ({ id }: ClaimedActivity) => ({ startId: id }),
      },
    ],
  });
}

async function tellAll(telling: Telling, claims: ClaimedActivity[]): Promise<Failures> {
  const { context } = telling;
  const failures: Failures = new Map();
  const attempt = async <Result>(some: ClaimedActivity[], work: () => Promise<Result>) => {
    try {
      return { result: await work() };
    } catch (error) {
      for (const claim of some) failures.set(claim, error);
      return undefined;
    }
  };
  /** Starts whose line is not posted yet, by channel. */
  const unposted = new Map<string, ClaimedActivity[]>();
  const others: Promise<unknown>[] = [];
  for (const claim of claims.toSorted((one, other) => +one.start.createdAt - +other.start.createdAt)) {
    const { start } = claim;
    const found = await attempt([claim], () => channelFor(context, start));
    if (!found) continue;
    const { channel, isPending } = found.result;
    if (channel !== undefined && start.activityChannel === null && start.activityLead === null) {
      unposted.set(channel, [...(unposted.get(channel) ?? []), claim]);
    } else {
      others.push(attempt([claim], () => tell(telling, claim, channel, isPending)));
    }
  }
  for (const [channel, ofChannel] of unposted) {
    const { together, later } = chooseTogether(telling, ofChannel);
    others.push(attempt(together, () => postTogether(telling, together, channel)));
    if (later.length > 0) others.push(attempt(later, () => awaitTurn(telling, later, channel)));
  }
  await Promise.all(others);
  return failures;
}

/**
 * Chooses the new lines that share the next message. Lines that failed together are retried one by one, as one of them may be
 * the cause.
 */
function chooseTogether({ alone }: Telling, claims: ClaimedActivity[]) {
  const others = claims.filter(({ id }) => !alone.has(id));
  const together = others.length > 0 ? others.slice(0, mostLines) : claims.slice(0, 1);
  return { together, later: claims.filter((claim) => !together.includes(claim)) };
}

const ungather = ({ db }: SlackContext, followers: Start[]) =>
  gatherLines(
    db,
    followers.map(({ id }) => id),
    null,
  );

/**
 * Whether the next new lines of a channel may be posted now. If not, all of them become due at the channel's next turn, and
 * whatever is unposted by then goes into one message.
 */
async function awaitTurn({ context, pace }: Telling, claims: ClaimedActivity[], channel: string): Promise<boolean> {
  const wait = pace.wait(channel, 'lines');
  if (wait > 0) await Promise.all(claims.map((claim) => activityQueue.defer(context.db, claim, wait)));
  return wait <= 0;
}

/** Posts the lines of starts that have none yet, in one message. */
async function postTogether(telling: Telling, claims: ClaimedActivity[], channel: string): Promise<void> {
  const { context } = telling;
  const { db } = context;
  const [lead, ...followers] = claims;
  if (!lead || !(await awaitTurn(telling, claims, channel))) return;
  const ids = followers.map(({ start }) => start.id);
  const starts = claims.map(({ start }) => start);
  const message = await gatheredMessage(context, starts);
  // Stored before posting, so that after a crash the next attempt knows which lines the message has.
  await gatherLines(db, ids, lead.start.id);
  // They stay together if this fails: the message may have been posted, and the next attempt looks for it.
  const isWritten = await postLine(context, lead.start, channel, message);
  if (!isWritten) await gatherLines(db, ids, null);
  // The steps are written in a turn of their own.
  if (isWritten) await markActivityDue(db, lead.start.id);
  for (const claim of claims) {
    await notifyFailure(context, claim.start, { isPublic: isWritten });
    await activityQueue.finish(db, claim);
  }
}

/**
 * Updates everything that is written about a start; `channel` undefined: nothing is written to a channel. `isPending`: see
 * {@link Place}.
 */
async function tell(
  { context, pace }: Telling,
  claim: ClaimedActivity,
  channel: string | undefined,
  isPending: boolean,
): Promise<void> {
  const { db } = context;
  const { start } = claim;
  if (channel === undefined) {
    await notifyFailure(context, start, { isPublic: false });
    return isPending
      ? activityQueue.defer(db, claim, context.timings.activity.exposureMs)
      : activityQueue.finish(db, claim);
  }
  if (start.activityLead !== null) {
    await markActivityDue(db, start.activityLead);
    if (start.activityTs === null) return activityQueue.defer(db, claim, context.timings.activity.unpostedMs);
    await notifyFailure(context, start, { isPublic: true });
    return activityQueue.finish(db, claim);
  }
  const starts = [start, ...(await listFollowers(db, start))];
  const message = await gatheredMessage(context, starts);
  let isWritten = true;
  if (message.told !== start.activityTold || start.activityTs === null) {
    const wait = pace.wait(channel, start.id);
    if (wait > 0) return activityQueue.defer(db, claim, wait);
    isWritten = await postLine(context, start, channel, message);
    if (!isWritten) await ungather(context, starts.slice(1));
  }
  await notifyFailure(context, start, { isPublic: isWritten });
  if (isWritten && start.activityTs !== null) {
    const wait = await tellSteps(context, starts, () => pace.wait(channel, `steps:${start.id}`));
    if (wait > 0) return activityQueue.postpone(db, claim, wait);
  }
  // The steps of a line that was just found or posted are written next.
  if (isWritten && start.activityTs === null) await markActivityDue(db, start.id);
  await activityQueue.finish(db, claim);
}

interface Place {
  /** The channel of the start's line; undefined if there is none, or clients can read it. */
  channel: string | undefined;
  /** Whether a supervisor may not know yet that clients can read it. */
  isPending: boolean;
}

async function channelFor(context: SlackContext, start: Start): Promise<Place> {
  const { liveChats, logger } = context;
  const liveChat = start.liveChatId ? liveChats.get(start.teamId, start.liveChatId) : undefined;
  const channel = (start.activityTs === null ? undefined : start.activityChannel) ?? liveChat?.activityChannel;
  if (!channel) return { channel: undefined, isPending: false };
  if (!(await canClientsRead(context, liveChat, channel))) return { channel, isPending: false };
  const isPending = liveChat !== undefined && !(await tellOfExposure(context, liveChat, channel));
  // Otherwise each attempt to tell them would log it again.
  if (!isPending) {
    logger.warn({ startId: start.id, channel }, 'clients can read the activity channel, so nothing is posted there');
  }
  return { channel: undefined, isPending };
}
