import type { SlackViewMiddlewareArgs, ViewSubmitAction } from '@slack/bolt';
import { UserFacingError } from '../../errors.ts';
import { deleteLiveChat, getLiveChat } from '../../live-chats/queries.ts';
import { reassignSessions } from '../../live-chats/reassign-sessions.ts';
import { openModal } from '../open-modal.ts';
import type { SlackContext } from '../slack-context.ts';
import { acknowledgeSaved } from './acknowledge-saved.ts';
import { assertAdministrator } from './administrator.ts';
import { deleteModal } from './delete-view.ts';
import { liveChatIsGone } from './edit-settings.ts';
import { refreshLiveChats } from './show-live-chats.ts';
import { refreshBelow } from './update-views.ts';
import {
  type LiveChatPlace,
  liveChatPlaceSchema,
  readMetadata,
  readViewSubmission,
  type ViewAction,
} from './view-request.ts';

/** *Delete* in a live chat's menu: asks first. */
export async function askToDelete(
  context: SlackContext,
  { userId, triggerId }: ViewAction,
  place: LiveChatPlace,
): Promise<void> {
  const build = async () => {
    await assertAdministrator(context, userId);
    const liveChat = await getLiveChat(context.db, context.identity.teamId, place.liveChatId);
    if (!liveChat) throw new UserFacingError(liveChatIsGone);
    return deleteModal(liveChat, place);
  };
  await openModal(context, triggerId, 'Delete live chat', build, 'push');
}

/** *Delete* in the question. Deleting what is gone is no mistake. */
export function deleteAfterAll(context: SlackContext) {
  return async ({ body, ack }: SlackViewMiddlewareArgs<ViewSubmitAction>): Promise<void> => {
    const { userId, viewId, rootViewId, metadata } = readViewSubmission(body);
    await assertAdministrator(context, userId);
    const { liveChatId, list } = readMetadata(liveChatPlaceSchema, metadata);
    await deleteLiveChat(context.db, context.identity.teamId, liveChatId);
    await context.liveChats.changed();
    await refreshBelow(context, [refreshLiveChats(context, rootViewId, list)]);
    const deleted = { title: 'Delete live chat', text: 'The live chat is deleted.' };
    await acknowledgeSaved(context, () => ack(), viewId, deleted);
    // Its conversations may match another live chat, which they belong to from now on.
    await reassignSessions(context.db, context.identity.teamId);
  };
}
