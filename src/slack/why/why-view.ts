import type { ModalView } from '@slack/web-api';
import type { Words } from '../../words/words.ts';
import { slackLimits } from '../block-kit/limits.ts';
import { markup } from '../block-kit/markup.ts';
import { sections } from '../block-kit/sections.ts';
import { plainText } from '../block-kit/text-objects.ts';
import type { Explanation } from './explain-message.ts';

/** The explanation of a message: the verdict, then the details. */
export function whyModal({ verdicts, sections: traces }: Explanation, words: Words): ModalView {
  return {
    type: 'modal',
    title: plainText(words('why.title'), slackLimits.viewTitle),
    close: plainText(words('button.close'), slackLimits.viewSubmit),
    blocks: [
      ...sections(verdicts),
      { type: 'divider' as const },
      ...traces.flatMap(({ title, lines }) => sections([markup`*${title}*`, ...lines])),
    ].slice(0, slackLimits.viewBlocks),
  };
}
