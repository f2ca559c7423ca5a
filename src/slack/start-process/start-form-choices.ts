import type { App, BlockSuggestion } from '@slack/bolt';
import { UserFacingError } from '../../errors.ts';
import { optionsFor } from '../block-kit/choice-options.ts';
import { fieldOfBlock, longChoiceActionId } from '../block-kit/field-block-id.ts';
import { requireOperator } from '../rights/require-operator.ts';
import { registerProcessSearch } from '../search-processes/register-process-search.ts';
import type { SlackContext } from '../slack-context.ts';
import { readPlace } from './start-place.ts';
import { startFormCallbackId, startFormScope, startProcessCallbackId } from './views.ts';

/** Serves what is searched for in this feature's views: processes, and choices that are too many for a select. */
export function registerStartChoices(app: App, context: SlackContext): void {
  const isAllowed = (request: BlockSuggestion) => mayStart(context, request);
  registerProcessSearch(app, context, { callbackId: startProcessCallbackId, isAllowed });
  app.options<'block_suggestion'>(
    { type: 'block_suggestion', action_id: longChoiceActionId },
    async ({ body, ack }) => {
      // The forms of tasks have such choices too: see task-form/task-choices.ts.
      if (body.view?.callback_id !== startFormCallbackId) return;
      if (!(await isAllowed(body))) return ack({ options: [] });
      const { processDefinitionId = '' } = readPlace(body.view.private_metadata);
      const form = context.catalogue().get(processDefinitionId)?.startForm;
      const field = form && fieldOfBlock(form, startFormScope(processDefinitionId), body.block_id);
      await ack({ options: field ? optionsFor(field, body.value) : [] });
    },
  );
}

async function mayStart(context: SlackContext, { view, user }: BlockSuggestion): Promise<boolean> {
  try {
    await requireOperator(context, readPlace(view?.private_metadata ?? '').channelId, user.id);
    return true;
  } catch (error) {
    if (error instanceof UserFacingError) return false;
    throw error;
  }
}
