import type { types } from '@slack/bolt';
import type { BindingEvent } from '../../bindings/binding-kinds.ts';
import { isSetAside } from '../../db/due-queue.ts';
import type { LiveChat } from '../../live-chats/live-chat.ts';
import type { Words } from '../../words/words.ts';
import { slackLimits } from '../block-kit/limits.ts';
import { joined, markup, say } from '../block-kit/markup.ts';
import { mrkdwn, plainText, section } from '../block-kit/text-objects.ts';
import { describeAdoption, describeBoundEvents, describeOperators, describeSource } from './describe-live-chat.ts';
import type { ListPlace } from './list-place.ts';

export interface LiveChatRow {
  liveChat: LiveChat;
  bound: { event: BindingEvent; processName: string }[];
}

/** Live chats per page: one block each, and few enough to scroll through. */
export const rowsPerPage = 30;

export const liveChatsCallbackId = 'live_chats';

/** The modal that lists the workspace's live chats, page by page. */
export function liveChatsModal(words: Words, rows: LiveChatRow[], place: ListPlace): types.ModalView {
  const found = rows.find(({ liveChat }) => liveChat.id === place.found);
  const pages = Math.max(1, Math.ceil(rows.length / rowsPerPage));
  const page = Math.min(place.page, pages - 1);
  const shown = found ? [found] : rows.slice(page * rowsPerPage, (page + 1) * rowsPerPage);
  const metadata: ListPlace = { page, ...(found ? { found: found.liveChat.id } : {}) };
  return {
    type: 'modal',
    callback_id: liveChatsCallbackId,
    title: plainText(words('liveChats.title'), slackLimits.viewTitle),
    close: plainText(words('button.close'), slackLimits.viewSubmit),
    private_metadata: JSON.stringify(metadata),
    blocks: [
      topActions(words, rows, found !== undefined, pages),
      ...(rows.length === 0 ? [section(say(words, 'liveChats.none'))] : []),
      ...shown.map((row) => rowBlock(words, row)),
      ...(found ? [] : pageActions(words, rows.length, page, pages)),
    ],
  };
}

function topActions(words: Words, rows: LiveChatRow[], isFound: boolean, pages: number): types.ActionsBlock {
  const find: types.ActionsBlockElement[] = isFound
    ? [button('live_chats_all', words('liveChats.all'))]
    : [
        {
          type: 'external_select',
          action_id: 'find_live_chat',
          min_query_length: 0,
          placeholder: plainText(words('liveChats.find'), slackLimits.placeholder),
        },
      ];
  const isTakingIn = rows.some(
    ({ liveChat: { adoptionDueAt } }) => adoptionDueAt !== null && !isSetAside(adoptionDueAt),
  );
  return {
    type: 'actions',
    block_id: isFound ? 'live_chats_found' : 'live_chats_top',
    elements: [
      { ...button('new_live_chat', words('newLiveChat.title')), style: 'primary' },
      ...(isFound || pages > 1 ? find : []),
      button('library_open', words('library.title')),
      ...(isTakingIn ? [button('live_chats_refresh', words('liveChats.refresh'))] : []),
    ],
  };
}

function rowBlock(words: Words, { liveChat, bound }: LiveChatRow): types.SectionBlock {
  const adoption = describeAdoption(words, liveChat);
  const lines = [
    markup`*${liveChat.name}*`,
    describeSource(words, liveChat),
    say(words, 'liveChats.operators', { operators: describeOperators(words, liveChat) }),
    describeBoundEvents(words, bound),
    ...(adoption ? [markup`_${adoption}_`] : []),
  ];
  return {
    type: 'section',
    block_id: `live_chat:${liveChat.id}`,
    text: mrkdwn(joined(lines, '\n')),
    accessory: {
      type: 'overflow',
      action_id: 'live_chat_menu',
      options: [
        { text: plainText(words('liveChats.settings'), slackLimits.optionText), value: `settings:${liveChat.id}` },
        { text: plainText(words('processes.title'), slackLimits.optionText), value: `processes:${liveChat.id}` },
        { text: plainText(words('button.delete'), slackLimits.optionText), value: `delete:${liveChat.id}` },
      ],
    },
  };
}

function pageActions(words: Words, count: number, page: number, pages: number): types.KnownBlock[] {
  if (pages === 1) return [];
  return [
    {
      type: 'context',
      elements: [mrkdwn(say(words, 'liveChats.page', { page: page + 1, pages, count }))],
    },
    {
      type: 'actions',
      block_id: 'live_chats_pages',
      elements: [
        ...(page > 0 ? [{ ...button('live_chats_previous', words('button.previous')), value: String(page - 1) }] : []),
        ...(page < pages - 1 ? [{ ...button('live_chats_next', words('button.next')), value: String(page + 1) }] : []),
      ],
    },
  ];
}

function button(actionId: string, text: string): types.Button {
  return { type: 'button', action_id: actionId, text: plainText(text, slackLimits.buttonText) };
}
