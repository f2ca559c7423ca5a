import type { ModalView } from '@slack/web-api';
import type { Words } from '../../words/words.ts';
import { plainText, slackLimits } from '../block-kit/limits.ts';
import { section } from '../task-form/views.ts';
import type { Explanation } from './explain-message.ts';

/** What became of a message: the verdict, then how it came to that. */
export function whyModal({ verdict, sections }: Explanation, words: Words): ModalView {
  return {
    type: 'modal',
    title: plainText(words('why.title'), slackLimits.viewTitle),
    close: plainText(words('button.close'), slackLimits.viewSubmit),
    blocks: [
      section(verdict),
      { type: 'divider' as const },
      ...sections.map(({ title, lines }) => section(`*${title}*\n${lines.join('\n')}`)),
    ].slice(0, slackLimits.viewBlocks),
  };
}
