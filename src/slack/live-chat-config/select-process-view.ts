import type { types } from '@slack/bolt';
import type { ProcessDefinition } from '../../processes/process-definition.ts';
import type { Words } from '../../words/words.ts';
import { slackLimits } from '../block-kit/limits.ts';
import { say } from '../block-kit/markup.ts';
import { plainText, section } from '../block-kit/text-objects.ts';
import { processSearchBlock } from '../search-processes/process-search-block.ts';
import type { EventPlace } from './view-request.ts';

export const selectProcessCallbackId = 'select_live_chat_process';

/** The modal that chooses the process for an event. */
export function selectProcessModal(
  words: Words,
  place: EventPlace,
  current: ProcessDefinition | undefined,
): types.ModalView {
  return {
    type: 'modal',
    callback_id: selectProcessCallbackId,
    title: plainText(words('selectProcess.title'), slackLimits.viewTitle),
    submit: plainText(words('button.select'), slackLimits.viewSubmit),
    close: plainText(words('button.back'), slackLimits.viewSubmit),
    private_metadata: JSON.stringify(place),
    blocks: [
      section(say(words, 'selectProcess.about', { event: words(`event.${place.event}`) })),
      processSearchBlock(words, current),
    ],
  };
}
