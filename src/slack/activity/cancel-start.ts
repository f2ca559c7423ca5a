import { UserFacingError } from '../../errors.ts';
import { markActivityDue } from '../../starts/activity-queue.ts';
import { cancelWaitingStart } from '../../starts/cancel-start.ts';
import { message } from '../../words/message.ts';
import { requireCancelRight } from '../rights/require-cancel-right.ts';
import type { SlackContext } from '../slack-context.ts';

/** Cancels a waiting or running start. Throws {@link UserFacingError} if the person may not, or the start is over. */
export async function cancelStart(context: SlackContext, startId: string, userId: string): Promise<void> {
  const { database, db, engine, homes, identity } = context;
  const { liveChatId } = await requireCancelRight(context, startId, userId);
  if (!(await cancelWaitingStart(db, identity.teamId, startId))) {
    const { status, processInstanceKey } = await requireCancelRight(context, startId, userId);
    if (status !== 'running' || processInstanceKey === null) throw new UserFacingError(message('home.alreadyOver'));
    await engine.cancelProcessInstance(processInstanceKey);
  }
  await markActivityDue(db, startId);
  database.signal('activity_due');
  homes.note({ liveChatId });
}
