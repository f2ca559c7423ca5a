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
/** How many lines that come at once one message has: their blocks are far from what Slack takes, and people still read it. */
const mostLines = 10;

interface Telling {
  context: SlackContext;
  pace: ChannelPace;
  /** Ids of starts whose lines failed together, though nothing was away: each is tried on its own. */
  alone: Set<string>;
}

/** Why each of the starts could not be told of that could not. */
type Failures = Map<ClaimedActivity, unknown>;

/**
 * Keeps the activity channels' lines up to date, one per start, and tells people of trouble that nobody else tells them of.
 * Starts that come at once are gathered: their lines share a message, so that a hundred take ten turns in the channel.
 */
export async function startActivityWorker(context: SlackContext): Promise<QueueWorker> {
  const { database, db, logger, timings } = context;
  const { channelPaceMs, sweepEveryMs, leaseMs } = timings.activity;
  const telling = { context, pace: createChannelPace(channelPaceMs), alone: new Set<string>() };
  let sweptAt = 0;
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
          // The lines that wait for its message are on their own again.
          if (claim.start.activityTs === null) await ungather(context, await listFollowers(db, claim.start));
        },
        ids: ({ id }: ClaimedActivity) => ({ startId: id }),
      },
    ],
    async before() {
      if (Date.now() - sweptAt <= sweepEveryMs) return;
      sweptAt = Date.now();
      await releaseOverdue(context).catch((err) => logger.warn({ err }, 'tasks of closed modals are told later'));
      await deleteSuperseded(context).catch((err) => logger.warn({ err }, 'old pictures are deleted later'));
    },
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
  /** Those whose line is nowhere yet, by channel. */
  const unposted = new Map<string, ClaimedActivity[]>();
  const others: Promise<unknown>[] = [];
  for (const claim of claims.toSorted((one, other) => +one.start.createdAt - +other.start.createdAt)) {
    const { start } = claim;
    const found = await attempt([claim], () => channelFor(context, start));
    if (!found) continue;
    const channel = found.result;
    if (channel !== undefined && start.activityChannel === null && start.activityLead === null) {
      unposted.set(channel, [...(unposted.get(channel) ?? []), claim]);
    } else {
      others.push(attempt([claim], () => tell(telling, claim, channel)));
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

/** Which new lines share the next message. One of those that failed together may be what the others failed with. */
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
 * Whether the next new lines of a channel may be posted now. If not, these are all due again at their turn, which is no
 * single start's own: whoever is unposted then goes together.
 */
async function awaitTurn({ context, pace }: Telling, claims: ClaimedActivity[], channel: string): Promise<boolean> {
  const wait = pace.wait(channel, 'lines');
  if (wait > 0) await Promise.all(claims.map((claim) => activityQueue.defer(context.db, claim, wait)));
  return wait === 0;
}

/** Posts the lines of starts that have none, in one message. */
async function postTogether(telling: Telling, claims: ClaimedActivity[], channel: string): Promise<void> {
  const { context } = telling;
  const { db } = context;
  const [lead, ...followers] = claims;
  if (!lead || !(await awaitTurn(telling, claims, channel))) return;
  const ids = followers.map(({ start }) => start.id);
  const starts = claims.map(({ start }) => start);
  const message = await gatheredMessage(context, starts);
  // Before it is posted: should we crash, whoever goes on knows which lines it has.
  await gatherLines(db, ids, lead.start.id);
  // They stay together if this fails: the message may be there all the same, and is looked for by the lead.
  const isWritten = await postLine(context, lead.start, channel, message);
  if (!isWritten) await gatherLines(db, ids, null);
  // The steps are told in a turn of their own.
  if (isWritten) await markActivityDue(db, lead.start.id);
  for (const claim of claims) {
    await tellOfTrouble(context, claim.start, { isPublic: isWritten });
    await activityQueue.finish(db, claim);
  }
}

/** Brings up to date what is told of a start; `channel` undefined: nothing is told in a channel. */
async function tell({ context, pace }: Telling, claim: ClaimedActivity, channel: string | undefined): Promise<void> {
  const { db } = context;
  const { start } = claim;
  if (channel === undefined) {
    await tellOfTrouble(context, start, { isPublic: false });
    return activityQueue.finish(db, claim);
  }
  if (start.activityLead !== null) {
    await markActivityDue(db, start.activityLead);
    if (start.activityTs === null) return activityQueue.defer(db, claim, context.timings.activity.unpostedMs);
    await tellOfTrouble(context, start, { isPublic: true });
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
  await tellOfTrouble(context, start, { isPublic: isWritten });
  if (isWritten && start.activityTs !== null) {
    const wait = await tellSteps(context, starts, () => pace.wait(channel, `steps:${start.id}`));
    if (wait > 0) return activityQueue.postpone(db, claim, wait);
  }
  // A line that was found or posted just now has its steps told next.
  if (isWritten && start.activityTs === null) await markActivityDue(db, start.id);
  await activityQueue.finish(db, claim);
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
