import type { App, BlockAction, ButtonAction } from '@slack/bolt';
import { UserFacingError } from '../../errors.ts';
import { notification, say } from '../block-kit/markup.ts';
import { errorMessage } from '../open-modal.ts';
import type { SlackContext } from '../slack-context.ts';
import { wordsFor } from '../words-for.ts';
import { cancelFromLineActionId, retryFromLineActionId } from './activity-line.ts';
import { cancelStart } from './cancel-start.ts';
import { retryStart } from './retry-start.ts';

export function registerActivity(app: App, context: SlackContext): void {
  const buttons = [
    [retryFromLineActionId, retryStart],
    [cancelFromLineActionId, cancelStart],
  ] as const;
  for (const [actionId, act] of buttons) {
    app.action<BlockAction<ButtonAction>>(actionId, async ({ ack, action, body, respond }) => {
      await ack();
      try {
        await act(context, action.value ?? '', body.user.id);
      } catch (error) {
        const text = say(await wordsFor(context, body.user.id), errorMessage(error));
        await respond({ response_type: 'ephemeral', replace_original: false, text: notification(text) });
        if (!(error instanceof UserFacingError)) throw error;
      }
    });
  }
}
