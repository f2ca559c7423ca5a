import type { types } from '@slack/bolt';
import { slackLimits } from '../block-kit/limits.ts';
import { plainText } from '../block-kit/text-objects.ts';

/** Action ids of the Home tab's controls. */
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

/** Action ids of the paging buttons; the button's value is the page. */
export const homePageActionId = /^home_(tasks|sessions)_(previous|next)$/;

/** The value of a filter that means no filter. */
export const everything = 'all';

export function button(actionId: string, text: string, value: string): types.Button {
  return { type: 'button', action_id: actionId, text: plainText(text, slackLimits.buttonText), value };
}
