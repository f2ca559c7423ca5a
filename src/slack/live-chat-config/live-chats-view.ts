import type { types } from '@slack/bolt';
import type { BindingEvent } from '../../bindings/queries.ts';
import type { LiveChat } from '../../live-chats/live-chat.ts';
import { escapeMrkdwn, mrkdwn, plainText, slackLimits } from '../block-kit/limits.ts';
import { describeAdoption, describeBoundEvents, describeOperators, describeSource } from './describe-live-chat.ts';
import type { ListPlace } from './list-place.ts';

export interface LiveChatRow {
  liveChat: LiveChat;
  bound: { event: BindingEvent; processName: string }[];
}

/** How many live chats a page shows: a block each, and few enough to scroll through. */
export const rowsPerPage = 30;

export const liveChatsCallbackId = 'live_chats';

/** The modal that lists the workspace's live chats, a page at a time. */
export function liveChatsModal(rows: LiveChatRow[], place: ListPlace): types.ModalView {
  const found = rows.find(({ liveChat }) => liveChat.id === place.found);
  const pages = Math.max(1, Math.ceil(rows.length / rowsPerPage));
  const page = Math.min(place.page, pages - 1);
  const shown = found ? [found] : rows.slice(page * rowsPerPage, (page + 1) * rowsPerPage);
  const metadata: ListPlace = { page, ...(found ? { found: found.liveChat.id } : {}) };
  return {
    type: 'modal',
    callback_id: liveChatsCallbackId,
    title: plainText('Live chats', slackLimits.viewTitle),
    close: plainText('Close', slackLimits.viewSubmit),
    private_metadata: JSON.stringify(metadata),
    blocks: [
      topActions(rows, found !== undefined, pages),
      ...(rows.length === 0 ? [emptyBlock] : []),
      ...shown.map(rowBlock),
      ...(found ? [] : pageActions(rows.length, page, pages)),
    ],
  };
}

const emptyBlock: types.SectionBlock = {
  type: 'section',
  text: mrkdwn(
    'There are no live chats yet. A live chat says which channels you talk to clients in, who serves them, and which business processes start there. Make the first one with *New live chat*.',
  ),
};

function topActions(rows: LiveChatRow[], isFound: boolean, pages: number): types.ActionsBlock {
  const find: types.ActionsBlockElement[] = isFound
    ? [button('live_chats_all', 'Show all')]
    : [
        {
          type: 'external_select',
          action_id: 'find_live_chat',
          min_query_length: 0,
          placeholder: plainText('Find a live chat', slackLimits.placeholder),
        },
      ];
  const isTakingIn = rows.some(({ liveChat }) => liveChat.adoptionDueAt !== null);
  return {
    type: 'actions',
    block_id: isFound ? 'live_chats_found' : 'live_chats_top',
    elements: [
      { ...button('new_live_chat', 'New live chat'), style: 'primary' },
      ...(isFound || pages > 1 ? find : []),
      ...(isTakingIn ? [button('live_chats_refresh', 'Refresh')] : []),
    ],
  };
}

function rowBlock({ liveChat, bound }: LiveChatRow): types.SectionBlock {
  const adoption = describeAdoption(liveChat);
  const lines = [
    `*${escapeMrkdwn(liveChat.name)}*`,
    describeSource(liveChat),
    `Operators: ${describeOperators(liveChat)}`,
    describeBoundEvents(bound),
    ...(adoption ? [`_${adoption}_`] : []),
  ];
  return {
    type: 'section',
    block_id: `live_chat:${liveChat.id}`,
    text: mrkdwn(lines.join('\n')),
    accessory: {
      type: 'overflow',
      action_id: 'live_chat_menu',
      options: [
        { text: plainText('Settings', slackLimits.optionText), value: `settings:${liveChat.id}` },
        { text: plainText('Business processes', slackLimits.optionText), value: `processes:${liveChat.id}` },
        { text: plainText('Delete', slackLimits.optionText), value: `delete:${liveChat.id}` },
      ],
    },
  };
}

function pageActions(count: number, page: number, pages: number): types.KnownBlock[] {
  if (pages === 1) return [];
  return [
    {
      type: 'context',
      elements: [mrkdwn(`Page ${page + 1} of ${pages} · ${count} live chats`)],
    },
    {
      type: 'actions',
      block_id: 'live_chats_pages',
      elements: [
        ...(page > 0 ? [{ ...button('live_chats_previous', 'Previous'), value: String(page - 1) }] : []),
        ...(page < pages - 1 ? [{ ...button('live_chats_next', 'Next'), value: String(page + 1) }] : []),
      ],
    },
  ];
}

function button(actionId: string, text: string): types.Button {
  return { type: 'button', action_id: actionId, text: plainText(text, slackLimits.buttonText) };
}
