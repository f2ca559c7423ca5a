import type { App, BlockAction, ButtonAction } from '@slack/bolt';
import { UserFacingError } from '../../errors.ts';
import { notification, say } from '../block-kit/markup.ts';
import { errorMessage } from '../open-modal.ts';
import type { SlackContext } from '../slack-context.ts';
import { wordsFor } from '../words-for.ts';
import { retryFromLineActionId } from './activity-line.ts';
import { retryStart } from './retry-start.ts';

export function registerActivity(app: App, context: SlackContext): void {
  app.action<BlockAction<ButtonAction>>(retryFromLineActionId, async ({ ack, action, body, respond }) => {
    await ack();
    try {
      await retryStart(context, action.value ?? '', body.user.id);
    } catch (error) {
      const text = say(await wordsFor(context, body.user.id), errorMessage(error));
      await respond({ response_type: 'ephemeral', replace_original: false, text: notification(text) });
      if (!(error instanceof UserFacingError)) throw error;
    }
  });
}
