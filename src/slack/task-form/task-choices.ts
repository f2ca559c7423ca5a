import type { App } from '@slack/bolt';
import { UserFacingError } from '../../errors.ts';
import { optionsFor } from '../block-kit/choice-options.ts';
import { fieldOfBlock, longChoiceActionId } from '../block-kit/field-block-id.ts';
import { accessTask, readTaskKey } from '../rights/access-task.ts';
import type { SlackContext } from '../slack-context.ts';
import { showTaskForm } from './task-form-values.ts';
import { taskFormCallbackId, taskScope } from './views.ts';

/** Serves the options of choices in task forms that have too many for a select. */
export function registerTaskChoices(app: App, context: SlackContext): void {
  app.options<'block_suggestion'>(
    { type: 'block_suggestion', action_id: longChoiceActionId },
    async ({ body, ack }) => {
      // Start forms have such choices as well, see start-process/start-form-choices.ts.
      if (body.view?.callback_id !== taskFormCallbackId) return;
      const access = await accessTask(context, readTaskKey(body.view.private_metadata), body.user.id).catch((error) => {
        if (error instanceof UserFacingError) return undefined;
        throw error;
      });
      if (!access) return ack({ options: [] });
      const form = await showTaskForm(context, access.task, body.user.id, body.view);
      const field = fieldOfBlock(form, taskScope(access.task.key), body.block_id);
      await ack({ options: field ? optionsFor(field, body.value) : [] });
    },
  );
}
