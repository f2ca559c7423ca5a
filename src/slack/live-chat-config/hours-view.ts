import type { types } from '@slack/bolt';
import type { Words } from '../../words/words.ts';
import { slackLimits } from '../block-kit/limits.ts';
import { plainText } from '../block-kit/text-objects.ts';
import { type HoursDraft, hoursBlocks, weekdayNames } from './hours-draft.ts';
import { input, option } from './input-field.ts';

export const hoursActionId = 'live_chat_hours';
export const timeZoneActionId = 'live_chat_time_zone';

/** The fields of a live chat's business hours; only the first one if it is always open. */
export function hoursFields(words: Words, draft: HoursDraft | null): types.InputBlock[] {
  const kinds = (['always', 'weekly'] as const).map((kind) => option(kind, words(`settings.hours.${kind}`)));
  const [always, weekly] = kinds;
  const chosen = draft ? weekly : always;
  const which = input(
    hoursBlocks.hours,
    words('settings.hours'),
    {
      type: 'radio_buttons',
      action_id: hoursActionId,
      options: kinds,
      ...(chosen ? { initial_option: chosen } : {}),
    },
    { dispatch_action: true, hint: words('settings.hoursHint') },
  );
  return draft ? [which, ...weeklyFields(words, draft)] : [which];
}

function weeklyFields(words: Words, { timeZone, weekdays, holidays }: HoursDraft): types.InputBlock[] {
  const text = (block: string, label: string, entered: string, hint: string, multiline = false) =>
    input(
      block,
      label,
      {
        type: 'plain_text_input',
        action_id: block,
        multiline,
        max_length: multiline ? slackLimits.textInput : longestHours,
        ...(entered ? { initial_value: entered } : {}),
      },
      { optional: true, hint },
    );
  return [
    input(hoursBlocks.timeZone, words('settings.timeZone'), {
      type: 'external_select',
      action_id: timeZoneActionId,
      min_query_length: 0,
      placeholder: plainText(words('settings.timeZonePlaceholder'), slackLimits.placeholder),
      ...(timeZone ? { initial_option: option(timeZone.id, timeZone.label) } : {}),
    }),
    ...weekdayNames.map((name, index) =>
      text(
        hoursBlocks[name],
        words(`settings.weekday.${name}`),
        weekdays[index]?.slice(0, longestHours) ?? '',
        words('settings.weekdayHint'),
      ),
    ),
    text(
      hoursBlocks.holidays,
      words('settings.holidays'),
      holidays.slice(0, slackLimits.textInput),
      words('settings.holidaysHint'),
      true,
    ),
  ];
}

/** Enough for ten spans. */
const longestHours = 150;
