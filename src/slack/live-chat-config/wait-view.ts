import type { types } from '@slack/bolt';
import type { Words } from '../../words/words.ts';
import { type Markup, say } from '../block-kit/markup.ts';
import { input, option } from './input-field.ts';
import { type WaitDraft, waitAmount, waitBlocks, waitUnits } from './wait-draft.ts';

/** The fields of the waiting time. */
export function waitFields(words: Words, { amount, unit, inHours }: WaitDraft): types.InputBlock[] {
  const units = waitUnits.map((one) => option(one, words(`terms.waitUnit.${one}`)));
  const chosen = units.find(({ value }) => value === unit);
  const hours = option('in_hours', words('terms.waitInHoursOption'));
  return [
    input(waitBlocks.amount, words('terms.wait'), {
      type: 'number_input',
      action_id: waitBlocks.amount,
      is_decimal_allowed: false,
      ...(/^\d+$/.test(amount) ? { initial_value: amount } : {}),
    }),
    input(waitBlocks.unit, words('terms.waitUnit'), {
      type: 'static_select',
      action_id: waitBlocks.unit,
      options: units,
      ...(chosen ? { initial_option: chosen } : {}),
    }),
    input(
      waitBlocks.inHours,
      words('terms.waitInHours'),
      {
        type: 'checkboxes',
        action_id: waitBlocks.inHours,
        options: [hours],
        ...(inHours ? { initial_options: [hours] } : {}),
      },
      { optional: true },
    ),
  ];
}

/** `after 15 minutes of business hours` */
export function describeWait(words: Words, minutes: number, inHours: boolean): Markup {
  const { count, unit } = waitAmount(minutes);
  const open = { minutes: 'openMinutes', hours: 'openHours', days: 'openDays' } as const;
  return say(words, `terms.says.${inHours ? open[unit] : unit}`, { count });
}
