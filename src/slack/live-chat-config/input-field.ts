import type { types } from '@slack/bolt';
import { slackLimits } from '../block-kit/limits.ts';
import { plainText } from '../block-kit/text-objects.ts';

/** An input block of a modal. */
export function input(
  block: string,
  label: string,
  element: types.InputBlock['element'],
  more: { hint?: string; optional?: boolean; dispatch_action?: boolean } = {},
): types.InputBlock {
  const { hint, ...rest } = more;
  return {
    type: 'input',
    block_id: block,
    label: plainText(label, slackLimits.inputLabel),
    element,
    ...(hint ? { hint: plainText(hint, slackLimits.inputHint) } : {}),
    ...rest,
  };
}

export function option(value: string, text: string): types.PlainTextOption {
  return { text: plainText(text, slackLimits.optionText), value };
}
