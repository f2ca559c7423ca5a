import type { types } from '@slack/bolt';
import { z } from 'zod';
import type { Addition } from '../../engines/process-library.ts';
import type { Words } from '../../words/words.ts';
import { slackLimits } from '../block-kit/limits.ts';
import { listSome } from '../block-kit/list-some.ts';
import { joined, markup, say } from '../block-kit/markup.ts';
import { plainText, section } from '../block-kit/text-objects.ts';
import { faultBlocks } from './describe-fault.ts';
import type { LibraryPlace } from './library-place.ts';

export const addCallbackId = 'process_library_add';
const filesActionId = 'library_files';

/** Maximum number of added processes that are named. */
const mostNamed = 20;

/**
 * The modal for uploading files.
 *
 * @param refused what was wrong with the files of the last attempt
 */
export function addModal(
  words: Words,
  place: LibraryPlace,
  refused?: Pick<Addition, 'faults' | 'warnings'> & { attempt: string },
): types.ModalView {
  return {
    type: 'modal',
    callback_id: addCallbackId,
    title: plainText(words('library.addTitle'), slackLimits.viewTitle),
    submit: plainText(words('library.addSubmit'), slackLimits.viewSubmit),
    close: plainText(words('button.back'), slackLimits.viewSubmit),
    private_metadata: JSON.stringify(place),
    blocks: [
      section(
        refused ? say(words, 'library.refused', { count: refused.faults.length }) : say(words, 'library.addAbout'),
      ),
      ...(refused ? faultBlocks(words, refused.faults) : []),
      {
        type: 'input',
        // Changes with each attempt: Slack would keep refused files in a field with the same id.
        block_id: refused?.attempt ?? 'files',
        label: plainText(words('library.files'), slackLimits.inputLabel),
        hint: plainText(words('library.filesHint'), slackLimits.inputHint),
        element: { type: 'file_input', action_id: filesActionId, max_files: slackLimits.inputFiles },
      },
    ],
  };
}

/** The modal after files were added. */
export function addedModal(words: Words, { processes, warnings }: Addition): types.ModalView {
  const named = processes.map(({ name, version }) =>
    joined([markup`*${name}*`, words('library.version', { version })], ' · '),
  );
  return {
    type: 'modal',
    title: plainText(words('library.addTitle'), slackLimits.viewTitle),
    close: plainText(words('button.back'), slackLimits.viewSubmit),
    blocks: [
      section(
        named.length > 0
          ? say(words, 'library.added', { processes: listSome(words, named, mostNamed) })
          : say(words, 'library.addedNoProcess'),
      ),
      ...(warnings.length > 0 ? [section(say(words, 'library.warnings')), ...faultBlocks(words, warnings)] : []),
    ],
  };
}

const stateSchema = z.record(
  z.string(),
  z.object({ [filesActionId]: z.object({ files: z.array(z.object({ id: z.string() })).nullish() }) }),
);

/** Ids of the files in the field, and the block id of the field. */
export function readFileIds(stateValues: unknown): { blockId: string; fileIds: string[] } {
  const [[blockId, values] = ['files', undefined]] = Object.entries(stateSchema.parse(stateValues));
  return { blockId, fileIds: (values?.[filesActionId].files ?? []).map(({ id }) => id) };
}
