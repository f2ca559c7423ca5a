import type { App, BlockAction, ButtonAction } from '@slack/bolt';
import { cancelStart } from '../activity/cancel-start.ts';
import { retryStart } from '../activity/retry-start.ts';
import type { SlackContext } from '../slack-context.ts';
import { actInHome } from './act-in-home.ts';
import { homeActionIds, homePageActionId } from './home-actions.ts';
import { registerHomeFilters } from './home-filters.ts';
import { setAvailability } from './set-availability.ts';
import { turnStarts, turnTo } from './turn-pages.ts';

type Button = BlockAction<ButtonAction>;

export function registerHome(app: App, context: SlackContext): void {
  const { away, back, retry, cancel, older, newer, refresh } = homeActionIds;
  const onClick = (
    actionId: string | RegExp,
    act: (userId: string, value: string, actionId: string) => Promise<void>,
  ) =>
    app.action<Button>(actionId, async ({ ack, action, body }) => {
      await ack();
      await actInHome(context, body, () => act(body.user.id, action.value ?? '', action.action_id));
    });
  onClick(away, (userId, liveChatId) => setAvailability(context, userId, { liveChatId, isAway: true }));
  onClick(back, (userId, liveChatId) => setAvailability(context, userId, { liveChatId, isAway: false }));
  onClick(retry, (userId, startId) => retryStart(context, startId, userId));
  onClick(cancel, (userId, startId) => cancelStart(context, startId, userId));
  onClick(homePageActionId, (userId, page, actionId) => turnTo(context, userId, actionId, page));
  onClick(older, (userId, cursor) => turnStarts(context, userId, cursor));
  onClick(newer, (userId, cursor) => turnStarts(context, userId, cursor));
  onClick(refresh, async () => {});
  registerHomeFilters(app, context);
}
