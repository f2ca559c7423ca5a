import type { types } from '@slack/bolt';
import type { LiveChat } from '../../live-chats/live-chat.ts';
import type { Words } from '../../words/words.ts';
import { slackLimits } from '../block-kit/limits.ts';
import { say } from '../block-kit/markup.ts';
import { plainText, section } from '../block-kit/text-objects.ts';
import type { LiveChatPlace } from './view-request.ts';

export const deleteCallbackId = 'delete_live_chat';

/** Asks for confirmation before a live chat is deleted: an overflow menu cannot confirm a single option. */
export function deleteModal(words: Words, liveChat: Pick<LiveChat, 'name'>, place: LiveChatPlace): types.ModalView {
  const { name } = liveChat;
  return {
    type: 'modal',
    callback_id: deleteCallbackId,
    title: plainText(words('deleteLiveChat.title'), slackLimits.viewTitle),
    submit: plainText(words('button.delete'), slackLimits.viewSubmit),
    close: plainText(words('button.cancel'), slackLimits.viewSubmit),
    private_metadata: JSON.stringify(place),
    blocks: [section(say(words, 'deleteLiveChat.question', { name }))],
  };
}
