import type { types } from '@slack/bolt';
import type { LiveChat } from '../../live-chats/live-chat.ts';
import { operatorsOf } from '../../live-chats/staff.ts';
import type { Start } from '../../starts/queries.ts';
import { notification } from '../block-kit/markup.ts';
import { withoutPreviews } from '../block-kit/without-previews.ts';
import { eachInTurn } from '../calls/each-in-turn.ts';
import {
  claimNotice,
  closeNotice,
  closeUntold,
  isTold,
  listNotices,
  listOpenNotices,
  type NoticeTopic,
  setNoticePosted,
} from '../notices/notices.ts';
import { modalsWaiting } from '../notices/start-holds.ts';
import { refusalOf } from '../refusal.ts';
import { hasSupervisors } from '../rights/require-retry-right.ts';
import type { SlackContext } from '../slack-context.ts';
import { wordsFor } from '../words-for.ts';
import { activityLine } from './activity-line.ts';
import { describeStart } from './describe-start.ts';

/**
 * Tells people of trouble by direct message, once for each trouble, and there also when it is over: the person who started
 * the process by hand that it was not started, unless they read so in a modal; supervisors of all else, unless it `isPublic`
 * in the activity channel. Called by one worker at a time for a start.
 */
export async function tellOfTrouble(
  context: SlackContext,
  start: Start,
  { isPublic }: { isPublic: boolean },
): Promise<void> {
  const { db } = context;
  const current = isTrouble(start) ? troubleOf(start) : undefined;
  const open = await listOpenNotices(db, { kind: 'trouble', subject: start.id });
  const over = open.filter(({ occasion }) => occasion !== current?.occasion);
  if (current === undefined && over.length === 0) return;
  const lineFor = async (userId: string, offerRetry: boolean) => {
    const words = await wordsFor(context, userId);
    const { text, blocks } = activityLine(words, await describeStart(context, words, start, { offerRetry }));
    return { text: notification(text), blocks };
  };
  await eachInTurn(over, async (notice) => {
    // A message that is not brought up to date any more must not offer what may be over.
    const last = await lineFor(notice.userId, false);
    await ignoringRefusals(context, start, () =>
      context.backgroundClient.chat.update({ channel: notice.channelId ?? '', ts: notice.ts ?? '', ...last }),
    );
    // Retried, it is not known yet whether the trouble is over.
    if (start.status !== 'waiting') await closeNotice(db, notice);
  });
  if (current === undefined) return;
  const told = await listNotices(db, current);
  await eachInTurn(await recipientsOf(context, start, isPublic), async (userId) => {
    const before = told.find((notice) => notice.userId === userId);
    if (before ? isTold(before) : !(await claimNotice(db, { ...current, userId }))) return;
    const posted = await ignoringRefusals(context, start, async () =>
      send(context, userId, await lineFor(userId, true)),
    );
    if (posted) await setNoticePosted(db, { ...current, userId }, posted);
    else await closeNotice(db, { ...current, userId });
  });
}

/** The person saw the failure in a modal: no message about it. */
export async function noteFailureSeen({ db }: Pick<SlackContext, 'db'>, start: Start, userId: string): Promise<void> {
  // At once: a message that is claimed and not closed is posted by whoever finds it.
  await closeUntold(db, { ...troubleOf(start), userId });
}

function isTrouble({ status, reason }: Start): boolean {
  return status === 'running' ? reason !== null : status === 'failed';
}

async function recipientsOf(context: SlackContext, start: Start, isPublic: boolean): Promise<string[]> {
  const { db, liveChats, directory } = context;
  if (start.startedBy !== null && start.status === 'failed' && start.processInstanceKey === null) {
    const modals = await modalsWaiting(db, start.id);
    return modals.size > 0 ? [] : [start.startedBy];
  }
  const liveChat = start.liveChatId ? liveChats.get(start.teamId, start.liveChatId) : undefined;
  return isPublic || !liveChat ? [] : supervisorsOf(liveChat, directory.groupMembers);
}

/** Another attempt that fails is another trouble. */
const troubleOf = ({ id, attempts, status }: Start): NoticeTopic => ({
  kind: 'trouble',
  subject: id,
  occasion: `${attempts}:${status}`,
});

/** Without supervisors the operators take their place. */
export async function supervisorsOf(
  liveChat: LiveChat,
  groupMembers: (userGroupId: string) => Promise<string[]>,
): Promise<string[]> {
  if (!hasSupervisors(liveChat)) return operatorsOf(liveChat, groupMembers);
  const { supervisors, supervisorGroups } = liveChat;
  return operatorsOf({ ...liveChat, operators: supervisors, operatorGroups: supervisorGroups }, groupMembers);
}

export async function send(
  { backgroundClient, directory }: SlackContext,
  userId: string,
  line: { text: string; blocks: types.KnownBlock[] },
) {
  const posted = await backgroundClient.chat.postMessage({
    channel: await directory.directMessage(userId),
    ...withoutPreviews,
    ...line,
  });
  return { channelId: posted.channel ?? userId, ts: posted.ts ?? '' };
}

/** Slack refuses to write to people who have left, and to change what they deleted. */
async function ignoringRefusals<Result>(
  { logger }: SlackContext,
  start: Start,
  call: () => Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await call();
  } catch (error) {
    const reason = refusalOf(error);
    if (reason === undefined) throw error;
    logger.warn({ startId: start.id, reason }, 'a person could not be notified about a problem with a start');
    return undefined;
  }
}
