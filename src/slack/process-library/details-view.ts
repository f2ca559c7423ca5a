import type { types } from '@slack/bolt';
import type { ProcessVersion } from '../../engines/process-library.ts';
import type { Words } from '../../words/words.ts';
import { slackLimits } from '../block-kit/limits.ts';
import { joined, type Markup, markup, say } from '../block-kit/markup.ts';
import { mrkdwn, plainText, section } from '../block-kit/text-objects.ts';
import type { LibraryRow } from './all-processes.ts';
import { describeProcess, type LibraryFacts } from './describe-process.ts';
import type { ProcessPlace } from './library-place.ts';
import { button } from './library-view.ts';

export const detailsCallbackId = 'process_details';

export const detailsActions = {
  picture: 'library_picture',
  switchOff: 'library_switch_off',
  switchOn: 'library_switch_on',
  restore: 'library_restore',
} as const;

/** Maximum number of versions shown; the newest. */
export const mostVersions = 20;

export interface ProcessDetails {
  row: LibraryRow;
  /** Newest first; empty if the engine keeps versions itself. */
  versions: ProcessVersion[];
  facts: LibraryFacts;
  /** The action that was just done. */
  notice?: Markup;
}

/** The details of a process: its description, versions, and actions. */
export function detailsModal(words: Words, details: ProcessDetails, place: ProcessPlace): types.ModalView {
  const { row, versions, facts, notice } = details;
  const { id, description, isOff, parameters } = row.definition;
  const running = versions.find(({ isCurrent }) => isCurrent);
  const inputs = parameters.map(({ label }) => label);
  return {
    type: 'modal',
    callback_id: detailsCallbackId,
    title: plainText(words('library.detailsTitle'), slackLimits.viewTitle),
    close: plainText(words('button.back'), slackLimits.viewSubmit),
    private_metadata: JSON.stringify(place),
    blocks: [
      ...(notice ? [section(markup`:white_check_mark: ${notice}`)] : []),
      section(
        joined(
          [
            describeProcess(words, row, facts),
            ...(description ? [description] : []),
            say(words, 'library.id', { id }),
            ...(inputs.length > 0 ? [say(words, 'library.inputs', { inputs: words.list(inputs, 'and') })] : []),
          ],
          '\n',
        ),
      ),
      {
        type: 'actions',
        block_id: 'details_actions',
        elements: [
          button(detailsActions.picture, words('library.picture')),
          isOff
            ? button(detailsActions.switchOn, words('processes.switchOn'))
            : {
                ...button(detailsActions.switchOff, words('processes.switchOff')),
                confirm: confirm(words, words('processes.switchOff'), words('library.confirmSwitchOff')),
              },
        ],
      },
      ...(versions.length > 0 ? [section(say(words, 'library.versions'))] : []),
      ...versions.map((version) => versionBlock(words, version, version === running)),
    ],
  };
}

function versionBlock(
  words: Words,
  { version, createdAt, isCurrent }: ProcessVersion,
  isRunning: boolean,
): types.SectionBlock {
  const line = say(words, 'library.versionLine', { version, at: words.dateTime(createdAt) });
  const text = isCurrent ? joined([line, say(words, isRunning ? 'library.isCurrent' : 'library.isSame')], ' · ') : line;
  const restore = {
    ...button(detailsActions.restore, words('library.restore')),
    value: String(version),
    confirm: confirm(words, words('library.restore'), words('library.confirmRestore', { version })),
  };
  return {
    type: 'section',
    block_id: `version:${version}`,
    text: mrkdwn(text),
    ...(isCurrent ? {} : { accessory: restore }),
  };
}

function confirm(words: Words, title: string, text: string): types.ConfirmationDialog {
  return {
    title: plainText(title, slackLimits.confirmTitle),
    text: plainText(text, slackLimits.confirmText),
    confirm: plainText(title, slackLimits.confirmButton),
    deny: plainText(words('button.cancel'), slackLimits.confirmButton),
  };
}
