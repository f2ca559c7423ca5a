import type { types } from '@slack/bolt';
import type { Words } from '../../words/words.ts';
import { stateText } from '../activity/activity-line.ts';
import { canRetry } from '../activity/can-retry.ts';
import { canCancel, cancelButton } from '../activity/cancel-button.ts';
import { slackLimits } from '../block-kit/limits.ts';
import { joined, markup, mention, say } from '../block-kit/markup.ts';
import { plainText, section } from '../block-kit/text-objects.ts';
import { optionValue } from '../search-processes/process-search-block.ts';
import { reassignTaskActionId } from '../task-form/task-actions.ts';
import { button, everything, homeActionIds } from './home-actions.ts';
import { startStatuses } from './home-place.ts';
import type { StartRow, StartsPage } from './read-home.ts';
import { clientText, type HomeSaying, header, placeLink, taskText } from './row-text.ts';

/** How many tasks of a start can be reassigned from its row. */
const reassignable = 2;

/** *Starts* of the live chats that the person supervises, newest first. */
export function startBlocks(saying: HomeSaying, page: StartsPage): types.KnownBlock[] {
  const { words } = saying;
  const { status, liveChatId, process } = page.place;
  const isFiltered = (status ?? liveChatId ?? process) !== undefined;
  return [
    header(words('home.starts')),
    filters(words, page, isFiltered),
    ...(page.rows.length === 0 ? [section(say(words, isFiltered ? 'home.noSuchStarts' : 'home.noStarts'))] : []),
    ...page.rows.flatMap((row) => rowBlocks(saying, row)),
    ...turns(words, page),
  ];
}

function filters(words: Words, { place, liveChats }: StartsPage, isFiltered: boolean): types.ActionsBlock {
  const { status, liveChatId, process } = place;
  const liveChat = liveChats.find(({ id }) => id === liveChatId);
  const option = (text: string, value: string) => ({ text: plainText(text, slackLimits.optionText), value });
  const statusOptions = [
    option(words('home.allStatuses'), everything),
    ...startStatuses.map((one) => option(words(`home.status.${one}`), one)),
  ];
  const initialStatus = statusOptions.find(({ value }) => value === (status ?? everything));
  return {
    type: 'actions',
    // Slack keeps a selection while the block id stays the same, so a reset filter needs another id.
    block_id: `home_filters:${status ?? ''}:${liveChatId ?? ''}:${(process?.id ?? '').slice(0, 150)}`,
    elements: [
      {
        type: 'static_select',
        action_id: homeActionIds.status,
        placeholder: plainText(words('home.byStatus'), slackLimits.placeholder),
        options: statusOptions,
        ...(initialStatus && { initial_option: initialStatus }),
      },
      {
        type: 'external_select',
        action_id: homeActionIds.liveChat,
        min_query_length: 0,
        placeholder: plainText(words('home.byLiveChat'), slackLimits.placeholder),
        initial_option: liveChat ? option(liveChat.name, liveChat.id) : option(words('home.allLiveChats'), everything),
      },
      {
        type: 'external_select',
        action_id: homeActionIds.process,
        min_query_length: 0,
        placeholder: plainText(words('home.byProcess'), slackLimits.placeholder),
        initial_option: process
          ? option(process.name, optionValue(process.id))
          : option(words('home.allProcesses'), everything),
      },
      ...(isFiltered ? [button(homeActionIds.showAll, words('home.showAll'), everything)] : []),
    ],
  };
}

function rowBlocks({ words, workspaceUrl }: HomeSaying, { start, tasks }: StartRow): types.KnownBlock[] {
  const { processName, clientUserId, startedBy, createdAt } = start;
  const about = [
    markup`*${processName}*`,
    placeLink(start, workspaceUrl),
    ...clientText(words, clientUserId),
    startedBy === null
      ? say(words, 'home.startedByEvent')
      : say(words, 'home.startedByPerson', { person: mention(startedBy) }),
    words.dateTime(createdAt),
  ];
  const state = [stateText(words, { start, tasks: [] }), ...tasks.map((task) => taskText(words, task))];
  const buttons = rowButtons(words, { start, tasks });
  return [
    section(joined([joined(about, ' · '), joined(state, ' · ')], '\n')),
    ...(buttons.length > 0 ? [{ type: 'actions' as const, elements: buttons }] : []),
  ];
}

function rowButtons(words: Words, { start, tasks }: StartRow): types.Button[] {
  const { id } = start;
  return [
    ...(canRetry(start)
      ? [{ ...button(homeActionIds.retry, words('home.retryStart'), id), style: 'primary' as const }]
      : []),
    ...tasks.slice(0, reassignable).map(({ taskKey, name }, at) => {
      const text = tasks.length === 1 ? words('tasks.reassign') : words('tasks.reassignTask', { task: name });
      return button(at === 0 ? reassignTaskActionId : `${reassignTaskActionId}_${at + 1}`, text, taskKey);
    }),
    ...(canCancel(start) ? [cancelButton(words, homeActionIds.cancel, start)] : []),
  ];
}

function turns(words: Words, { newer, older }: StartsPage): types.ActionsBlock[] {
  const elements = [
    ...(newer
      ? [button(homeActionIds.newer, words('home.newer'), newer === 'top' ? everything : JSON.stringify(newer))]
      : []),
    ...(older ? [button(homeActionIds.older, words('home.older'), JSON.stringify(older))] : []),
  ];
  return elements.length > 0 ? [{ type: 'actions', elements }] : [];
}
