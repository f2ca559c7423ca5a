import type { LiveChat } from '../../live-chats/live-chat.ts';
import { operatorsOf } from '../../live-chats/staff.ts';
import type { Start } from '../../starts/queries.ts';
import { notification } from '../block-kit/markup.ts';
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
import { sendDirectMessage } from '../send-direct-message.ts';
import type { SlackContext } from '../slack-context.ts';
import { wordsFor } from '../words-for.ts';
import { activityLine } from './activity-line.ts';
import { describeStart } from './describe-start.ts';

/**
 * Notifies people by direct message of a start that failed or whose process stopped, once for each failure, and updates the
 * message when that is over. The person who started a process by hand is told that it was not started, unless a modal told
 * them. Supervisors are told of every other failure, unless the activity channel shows it (`isPublic`). Called by one worker at a time
 * for a start.
 */
export async function notifyFailure(
  context: SlackContext,
  start: Start,
  { isPublic }: { isPublic: boolean },
): Promise<void> {
  const { db } = context;
  const current = isFailure(start) ? topicOf(start) : undefined;
  const open = await listOpenNotices(db, { kind: 'trouble', subject: start.id });
  const over = open.filter(({ occasion }) => occasion !== current?.occasion);
  if (current === undefined && over.length === 0) return;
  const lineFor = async (userId: string, offerRetry: boolean) => {
    const words = await wordsFor(context, userId);
    const { text, blocks } = activityLine(words, await describeStart(context, words, start, { offerRetry }));
    return { text: notification(text), blocks };
  };
  await eachInTurn(over, async (notice) => {
    // This message is not updated again, so it must not offer a button that may be outdated by then.
    const last = await lineFor(notice.userId, false);
    await ignoringRefusals(context, start, () =>
      context.backgroundClient.chat.update({ channel: notice.channelId ?? '', ts: notice.ts ?? '', ...last }),
    );
    // After a retry it is not known yet whether the failure is over.
    if (start.status !== 'waiting') await closeNotice(db, notice);
  });
  if (current === undefined) return;
  const told = await listNotices(db, current);
  await eachInTurn(await recipientsOf(context, start, isPublic), async (userId) => {
    const before = told.find((notice) => notice.userId === userId);
    if (before ? isTold(before) : !(await claimNotice(db, { ...current, userId }))) return;
    const posted = await ignoringRefusals(context, start, async () =>
      sendDirectMessage(context, userId, await lineFor(userId, true)),
    );
    if (posted) await setNoticePosted(db, { ...current, userId }, posted);
    else await closeNotice(db, { ...current, userId });
  });
}

/** The person saw the failure in a modal: no message about it. */
export async function noteFailureSeen({ db }: Pick<SlackContext, 'db'>, start: Start, userId: string): Promise<void> {
  // At once: a message that is claimed and not closed is posted by the next worker that finds it.
  await closeUntold(db, { ...topicOf(start), userId });
}

function isFailure({ status, reason }: Start): boolean {
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

/** The notice's topic: another attempt that fails is another failure. */
const topicOf = ({ id, attempts, status }: Start): NoticeTopic => ({
  kind: 'trouble',
  subject: id,
  occasion: `${attempts}:${status}`,
});

/** Slack ids of a live chat's supervisors, each once; of its operators if it has no supervisors. */
export async function supervisorsOf(
  liveChat: LiveChat,
  groupMembers: (userGroupId: string) => Promise<string[]>,
): Promise<string[]> {
  if (!hasSupervisors(liveChat)) return operatorsOf(liveChat, groupMembers);
  const { supervisors, supervisorGroups } = liveChat;
  return operatorsOf({ ...liveChat, operators: supervisors, operatorGroups: supervisorGroups }, groupMembers);
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
