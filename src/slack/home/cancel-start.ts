import { UserFacingError } from '../../errors.ts';
import { roleOf } from '../../live-chats/staff.ts';
import { markActivityDue } from '../../starts/activity-queue.ts';
import { cancelWaitingStart } from '../../starts/cancel-start.ts';
import { getStart, type Start } from '../../starts/queries.ts';
import { message } from '../../words/message.ts';
import { isAdministrator } from '../live-chat-config/administrator.ts';
import type { SlackContext } from '../slack-context.ts';

/** Ends a start that waits or runs. Throws {@link UserFacingError} for who may not, and if it is over already. */
export async function cancelStart(context: SlackContext, startId: string, userId: string): Promise<void> {
  const { database, db, engine, homes, identity } = context;
  const { liveChatId } = await findStart(context, startId, userId);
  if (!(await cancelWaitingStart(db, identity.teamId, startId))) {
    const { status, processInstanceKey } = await findStart(context, startId, userId);
    if (status !== 'running' || processInstanceKey === null) throw new UserFacingError(message('home.alreadyOver'));
    await engine.cancelProcessInstance(processInstanceKey);
  }
  await markActivityDue(db, startId);
  database.signal('activity_due');
  homes.note({ liveChatId });
}

/** For supervisors of its live chat and administrators. */
async function findStart(context: SlackContext, startId: string, userId: string): Promise<Start> {
  const { db, directory, identity, liveChats } = context;
  const start = await getStart(db, identity.teamId, startId);
  if (!start) throw new UserFacingError(message('start.gone'));
  const liveChat = start.liveChatId ? liveChats.get(start.teamId, start.liveChatId) : undefined;
  if (liveChat && (await roleOf(liveChat, userId, directory.groupMembers)) === 'supervisor') return start;
  if (await isAdministrator(context, userId)) return start;
  throw new UserFacingError(message('home.mayNotCancel'));
}
