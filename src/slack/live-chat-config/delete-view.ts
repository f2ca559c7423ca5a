import type { types } from '@slack/bolt';
import type { LiveChat } from '../../live-chats/live-chat.ts';
import { escapeMrkdwn, mrkdwn, plainText, slackLimits } from '../block-kit/limits.ts';
import type { LiveChatPlace } from './view-request.ts';

export const deleteCallbackId = 'delete_live_chat';

/** Asks before a live chat is deleted: an overflow menu cannot ask for one of its options only. */
export function deleteModal(liveChat: Pick<LiveChat, 'name'>, place: LiveChatPlace): types.ModalView {
  const name = escapeMrkdwn(liveChat.name);
  return {
    type: 'modal',
    callback_id: deleteCallbackId,
    title: plainText('Delete live chat', slackLimits.viewTitle),
    submit: plainText('Delete', slackLimits.viewSubmit),
    close: plainText('Cancel', slackLimits.viewSubmit),
    private_metadata: JSON.stringify(place),
    blocks: [
      {
        type: 'section',
        text: mrkdwn(
          `Delete the live chat *${name}*? Its channels stay as they are, but nothing that happens in them starts a process any more. What was started already goes on.`,
        ),
      },
    ],
  };
}
