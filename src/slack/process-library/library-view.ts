import type { types } from '@slack/bolt';
import type { FileFault, NamedPeople } from '../../engines/process-library.ts';
import type { Words } from '../../words/words.ts';
import { slackLimits } from '../block-kit/limits.ts';
import { type Markup, say } from '../block-kit/markup.ts';
import { mrkdwn, plainText, section } from '../block-kit/text-objects.ts';
import { optionValue } from '../search-processes/process-search-block.ts';
import type { LibraryRow } from './all-processes.ts';
import { faultBlocks } from './describe-fault.ts';
import { describeProcess, type LibraryFacts } from './describe-process.ts';
import type { LibraryPlace } from './library-place.ts';

export const libraryCallbackId = 'process_library';

export const libraryActions = {
  /** Switches between the list of live chats and that of processes. */
  open: 'library_open',
  liveChats: 'library_live_chats',
  add: 'library_add',
  find: 'library_find',
  all: 'library_all',
  previous: 'library_previous',
  next: 'library_next',
  faults: 'library_faults',
  details: 'library_details',
} as const;

/** Processes per page. */
export const processesPerPage = 25;

export interface LibraryPage {
  rows: LibraryRow[];
  /** From 0. */
  page: number;
  pages: number;
  /** Number of all processes. */
  count: number;
  isFound: boolean;
  faults: number;
  /** Number of tasks that name people whom Slack does not know. */
  doubts: number;
  canAdd: boolean;
  facts: LibraryFacts;
}

/** The modal that lists every process, page by page. */
export function libraryModal(words: Words, shown: LibraryPage, place: LibraryPlace): types.ModalView {
  const { rows, count, faults, doubts, facts } = shown;
  return {
    type: 'modal',
    callback_id: libraryCallbackId,
    title: plainText(words('library.title'), slackLimits.viewTitle),
    close: plainText(words('button.close'), slackLimits.viewSubmit),
    private_metadata: JSON.stringify(place),
    blocks: [
      topActions(words, shown),
      ...(faults > 0 ? [faultsRow(words, 'library_faults', say(words, 'library.faults', { count: faults }))] : []),
      ...(doubts > 0 ? [faultsRow(words, 'library_people', say(words, 'library.people', { count: doubts }))] : []),
      ...(count === 0 ? [section(say(words, 'library.none'))] : []),
      ...rows.map(
        (row): types.SectionBlock => ({
          type: 'section',
          block_id: `process:${optionValue(row.definition.id)}`,
          text: mrkdwn(describeProcess(words, row, facts)),
          accessory: {
            ...button(libraryActions.details, words('library.details')),
            value: optionValue(row.definition.id),
          },
        }),
      ),
      ...pageActions(words, shown),
    ],
  };
}

function topActions(words: Words, { isFound, pages, canAdd }: LibraryPage): types.ActionsBlock {
  const find: types.ActionsBlockElement = isFound
    ? button(libraryActions.all, words('library.all'))
    : {
        type: 'external_select',
        action_id: libraryActions.find,
        min_query_length: 0,
        placeholder: plainText(words('library.find'), slackLimits.placeholder),
      };
  return {
    type: 'actions',
    block_id: isFound ? 'library_found' : 'library_top',
    elements: [
      ...(canAdd ? [{ ...button(libraryActions.add, words('library.add')), style: 'primary' as const }] : []),
      ...(isFound || pages > 1 ? [find] : []),
      button(libraryActions.liveChats, words('liveChats.title')),
    ],
  };
}

function faultsRow(words: Words, blockId: string, text: Markup): types.SectionBlock {
  return {
    type: 'section',
    block_id: blockId,
    text: mrkdwn(text),
    accessory: button(libraryActions.faults, words('library.showFaults')),
  };
}

function pageActions(words: Words, { page, pages, count, isFound }: LibraryPage): types.KnownBlock[] {
  if (isFound || pages === 1) return [];
  const turn = (actionId: string, text: string, to: number) => ({ ...button(actionId, text), value: String(to) });
  return [
    { type: 'context', elements: [mrkdwn(say(words, 'library.page', { page: page + 1, pages, count }))] },
    {
      type: 'actions',
      block_id: 'library_pages',
      elements: [
        ...(page > 0 ? [turn(libraryActions.previous, words('button.previous'), page - 1)] : []),
        ...(page < pages - 1 ? [turn(libraryActions.next, words('button.next'), page + 1)] : []),
      ],
    },
  ];
}

/** The modal that lists the faults in files. */
export function faultsModal(
  words: Words,
  { faults, people }: { faults: readonly FileFault[]; people: readonly NamedPeople[] },
): types.ModalView {
  const isFine = faults.length === 0 && people.length === 0;
  return {
    type: 'modal',
    title: plainText(words('library.faultsTitle'), slackLimits.viewTitle),
    close: plainText(words('button.back'), slackLimits.viewSubmit),
    blocks: [
      ...(isFine ? [section(say(words, 'library.noFaults'))] : []),
      ...(faults.length > 0 ? [section(say(words, 'library.faultsAbout')), ...faultBlocks(words, faults)] : []),
      ...(people.length > 0
        ? [
            section(say(words, 'library.peopleAbout')),
            ...faultBlocks(
              words,
              people.map((task) => unknownFault(words, task)),
            ),
          ]
        : []),
    ].slice(0, slackLimits.viewBlocks),
  };
}

function unknownFault(words: Words, { names, ...place }: NamedPeople): FileFault {
  return { ...place, reason: words('library.unknownPeople', { names: names.join(', ') }), mend: 'people' };
}

export function button(actionId: string, text: string): types.Button {
  return { type: 'button', action_id: actionId, text: plainText(text, slackLimits.buttonText) };
}
