import type { SlackViewMiddlewareArgs, ViewSubmitAction } from '@slack/bolt';
import { deleteLiveChat } from '../../live-chats/queries.ts';
import { reassignSessions } from '../../sessions/reassign-sessions.ts';
import type { Words } from '../../words/words.ts';
import { say } from '../block-kit/markup.ts';
import { assertAdministrator } from '../rights/administrator.ts';
import type { SlackContext } from '../slack-context.ts';
import { wordsFor } from '../words-for.ts';
import { acknowledgeSaved } from './acknowledge-saved.ts';
import { deleteModal } from './delete-view.ts';
import { pushModal } from './push-modal.ts';
import { requireLiveChat } from './require-live-chat.ts';
import { refreshLiveChats } from './show-live-chats.ts';
import { refreshBelow } from './update-views.ts';
import {
  type LiveChatPlace,
  liveChatPlaceSchema,
  readMetadata,
  readViewSubmission,
  type ViewAction,
} from './view-request.ts';

/** *Delete* in a live chat's menu: asks for confirmation. */
export async function askToDelete(context: SlackContext, action: ViewAction, place: LiveChatPlace): Promise<void> {
  const title = (words: Words) => words('deleteLiveChat.title');
  await pushModal(context, action, title, async (words) =>
    deleteModal(words, await requireLiveChat(context, place.liveChatId), place),
  );
}

/** *Delete* in the confirmation. Idempotent. */
export function deleteAfterAll(context: SlackContext) {
  return async ({ body, ack }: SlackViewMiddlewareArgs<ViewSubmitAction>): Promise<void> => {
    const { userId, viewId, rootViewId, metadata } = readViewSubmission(body);
    const words = await wordsFor(context, userId);
    await assertAdministrator(context, userId);
    const { liveChatId, list } = readMetadata(liveChatPlaceSchema, metadata);
    await deleteLiveChat(context.db, context.identity.teamId, liveChatId);
    await context.liveChats.changed();
    await refreshBelow(context, [refreshLiveChats(context, words, rootViewId, list)]);
    const deleted = { words, title: words('deleteLiveChat.title'), text: say(words, 'deleteLiveChat.done') };
    await acknowledgeSaved(context, () => ack(), viewId, deleted);
    // Its conversations may now belong to another live chat.
    await reassignSessions(context.db, context.identity.teamId);
  };
}
