import type { types } from '@slack/bolt';
import { slackLimits } from '../block-kit/limits.ts';
import { plainText } from '../block-kit/text-objects.ts';

/** What the controls of the Home tab are called in payloads. */
export const homeActionIds = {
  away: 'home_away',
  back: 'home_back',
  status: 'home_status',
  liveChat: 'home_live_chat',
  process: 'home_process',
  showAll: 'home_show_all',
  retry: 'home_retry',
  cancel: 'home_cancel',
  older: 'home_starts_older',
  newer: 'home_starts_newer',
  refresh: 'home_refresh',
} as const;

/** Buttons to the pages of a list; the value is the page. */
export const homePageActionId = /^home_(tasks|sessions)_(previous|next)$/;

/** The value of a control that means all of them. */
export const everything = 'all';

export function button(actionId: string, text: string, value: string): types.Button {
  return { type: 'button', action_id: actionId, text: plainText(text, slackLimits.buttonText), value };
}
