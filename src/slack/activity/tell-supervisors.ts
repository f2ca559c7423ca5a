import type { LiveChat } from '../../live-chats/live-chat.ts';
import { operatorsOf } from '../../live-chats/staff.ts';
import type { Start } from '../../starts/queries.ts';
import {
  claimTaskMessage,
  closeTaskMessage,
  listOpenMessages,
  listTaskMessages,
  setTaskMessagePosted,
} from '../../starts/task-messages.ts';
import { refusalOf } from '../refusal.ts';
import type { SlackContext } from '../slack-context.ts';
import { activityLine } from './activity-line.ts';
import { describeStart } from './describe-start.ts';
import { hasSupervisors } from './retry-right.ts';

/**
 * Where a live chat has no activity channel, its supervisors hear of trouble by direct message, once for each trouble, and
 * see there when it is over. Called by one worker at a time for a start.
 */
export async function tellSupervisors(context: SlackContext, start: Start): Promise<void> {
  const { db, liveChats, directory } = context;
  const current = isTrouble(start) ? troubleKey(start) : undefined;
  const open = await listOpenMessages(db, `trouble:${start.id}:`);
  const over = open.filter((message) => message.taskKey !== current);
  if (current === undefined && over.length === 0) return;
  const description = await describeStart(context, start, { offerRetry: true });
  // A message that is not brought up to date any more must not offer what may be over.
  const last = activityLine({ ...description, offerRetry: false });
  for (const message of over) {
    await ignoringRefusals(context, start, () =>
      context.backgroundClient.chat.update({ channel: message.channelId, ts: message.ts ?? '', ...last }),
    );
    // Retried, it is not known yet whether the trouble is over.
    if (start.status !== 'waiting') await closeTaskMessage(db, message);
  }
  const liveChat = start.liveChatId ? liveChats.get(start.teamId, start.liveChatId) : undefined;
  if (current === undefined || !liveChat) return;
  const line = activityLine(description);
  const told = await listTaskMessages(db, [current]);
  for (const userId of await supervisorsOf(liveChat, directory.groupMembers)) {
    const before = told.find((message) => message.userId === userId);
    if (before ? before.ts !== null || before.closed : !(await claimTaskMessage(db, current, userId))) continue;
    const posted = await ignoringRefusals(context, start, () => send(context, userId, line));
    if (posted) await setTaskMessagePosted(db, { taskKey: current, userId }, posted.channel, posted.ts);
    else await closeTaskMessage(db, { taskKey: current, userId });
  }
}

/** A start by hand that fails is told to the person who waits for it. */
function isTrouble({ status, reason, event, processInstanceKey }: Start): boolean {
  if (status === 'running') return reason !== null;
  return status === 'failed' && (event !== null || processInstanceKey !== null);
}

/** Another attempt that fails is another trouble. */
const troubleKey = ({ id, attempts, status }: Start) => `trouble:${id}:${attempts}:${status}`;

/** Without supervisors the operators take their place. */
async function supervisorsOf(
  liveChat: LiveChat,
  groupMembers: (userGroupId: string) => Promise<string[]>,
): Promise<string[]> {
  if (!hasSupervisors(liveChat)) return operatorsOf(liveChat, groupMembers);
  const { supervisors, supervisorGroups } = liveChat;
  return operatorsOf({ ...liveChat, operators: supervisors, operatorGroups: supervisorGroups }, groupMembers);
}

async function send({ backgroundClient }: SlackContext, userId: string, line: ReturnType<typeof activityLine>) {
  const { channel } = await backgroundClient.conversations.open({ users: userId });
  const posted = await backgroundClient.chat.postMessage({
    channel: channel?.id ?? userId,
    unfurl_links: false,
    ...line,
  });
  return { channel: posted.channel ?? userId, ts: posted.ts ?? '' };
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
    logger.warn({ startId: start.id, reason }, 'a supervisor cannot be told');
    return undefined;
  }
}
