import type { App, BlockSuggestion } from '@slack/bolt';
import { UserFacingError } from '../../errors.ts';
import type { ShownField } from '../../processes/show-form.ts';
import { optionsFor } from '../block-kit/choice-options.ts';
import { fieldOfBlock, longChoiceActionId } from '../block-kit/field-block-id.ts';
import { showEntered, stateOf } from '../block-kit/form-values.ts';
import { requireOperator } from '../rights/require-operator.ts';
import { registerProcessSearch } from '../search-processes/register-process-search.ts';
import type { SlackContext } from '../slack-context.ts';
import { hasForm, readStartOptions } from './start-form-values.ts';
import { readPlace } from './start-place.ts';
import { startFormCallbackId, startProcessCallbackId } from './views.ts';

/** Serves the options in this feature's views: processes, and choices with too many options for a select. */
export function registerStartChoices(app: App, context: SlackContext): void {
  const isAllowed = (request: BlockSuggestion) => mayStart(context, request);
  registerProcessSearch(app, context, { callbackId: startProcessCallbackId, isAllowed });
  app.options<'block_suggestion'>(
    { type: 'block_suggestion', action_id: longChoiceActionId },
    async ({ body, ack }) => {
      // Forms of tasks have such choices as well, see task-form/task-choices.ts.
      if (body.view?.callback_id !== startFormCallbackId) return;
      const field = await searchedField(context, body, body.view);
      await ack({ options: field ? optionsFor(field, body.value) : [] });
    },
  );
}

async function searchedField(
  context: SlackContext,
  { block_id, user }: BlockSuggestion,
  view: NonNullable<BlockSuggestion['view']>,
): Promise<ShownField | undefined> {
  const place = readPlace(view.private_metadata);
  const operated = await orNothing(requireOperator(context, place.channelId, user.id));
  const definition = context.catalogue().get(place.processDefinitionId ?? '');
  if (!operated || !definition || !hasForm(definition)) return undefined;
  const options = await readStartOptions(context, operated, place, definition, user.id);
  return fieldOfBlock(showEntered(definition.startForm, stateOf(view), options), options.scope, block_id);
}

async function mayStart(context: SlackContext, { view, user }: BlockSuggestion): Promise<boolean> {
  const { channelId } = readPlace(view?.private_metadata ?? '');
  return (await orNothing(requireOperator(context, channelId, user.id))) !== undefined;
}

/** Undefined if the search is refused. */
function orNothing<Result>(work: Promise<Result>): Promise<Result | undefined> {
  return work.catch((error) => {
    if (error instanceof UserFacingError) return undefined;
    throw error;
  });
}
