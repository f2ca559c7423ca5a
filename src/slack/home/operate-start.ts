import { UserFacingError } from '../../errors.ts';
import { roleOf } from '../../live-chats/staff.ts';
import { markActivityDue } from '../../starts/activity-queue.ts';
import { cancelWaitingStart } from '../../starts/cancel-start.ts';
import { getStart, retryFailedStart, type Start } from '../../starts/queries.ts';
import { message } from '../../words/message.ts';
import { requireRetryRight } from '../activity/retry-right.ts';
import { isAdministrator } from '../live-chat-config/administrator.ts';
import type { SlackContext } from '../slack-context.ts';

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Tries a failed start again, or lets one that is stuck go on. Throws {@link UserFacingError} for who may not, and if there
 * is nothing to be tried again (any more).
 */
export async function retryStart(context: SlackContext, startId: string, userId: string): Promise<void> {
  const { db, database, engine, identity } = context;
  const start = await findStart(context, startId);
  await requireRetryRight(context, start, userId);
  if (start.status === 'running' && start.reason !== null && start.processInstanceKey !== null) {
    const incidents = await engine.listIncidents(start.processInstanceKey);
    if (incidents.length === 0) throw new UserFacingError(message('home.alreadyRetried'));
    for (const { key } of incidents) await engine.resolveIncident(key);
  } else if (await retryFailedStart(db, identity.teamId, startId)) {
    database.signal('starts_due');
  } else {
    throw new UserFacingError(message('home.alreadyRetried'));
  }
  changed(context, start);
}

/** Ends a start that waits or runs. Throws {@link UserFacingError} for who may not, and if it is over already. */
export async function cancelStart(context: SlackContext, startId: string, userId: string): Promise<void> {
  const { db, engine, identity } = context;
  const start = await findStart(context, startId);
  await requireCancelRight(context, start, userId);
  if (!(await cancelWaitingStart(db, identity.teamId, startId))) {
    const { status, processInstanceKey } = await findStart(context, startId);
    if (status !== 'running' || processInstanceKey === null) throw new UserFacingError(message('home.alreadyOver'));
    await engine.cancelProcessInstance(processInstanceKey);
  }
  await markActivityDue(db, startId);
  changed(context, start);
}

async function findStart({ db, identity }: SlackContext, startId: string): Promise<Start> {
  const start = uuid.test(startId) ? await getStart(db, identity.teamId, startId) : undefined;
  if (!start) throw new UserFacingError(message('home.startGone'));
  return start;
}

/** Supervisors of its live chat and administrators. */
async function requireCancelRight(context: SlackContext, start: Start, userId: string): Promise<void> {
  const { directory, liveChats } = context;
  const liveChat = start.liveChatId ? liveChats.get(start.teamId, start.liveChatId) : undefined;
  if (liveChat && (await roleOf(liveChat, userId, directory.groupMembers)) === 'supervisor') return;
  if (await isAdministrator(context, userId)) return;
  throw new UserFacingError(message('home.mayNotCancel'));
}

function changed({ database, homes }: SlackContext, { liveChatId }: Start): void {
  database.signal('activity_due');
  homes.note({ liveChatId });
}
