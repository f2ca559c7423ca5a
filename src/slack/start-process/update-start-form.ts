import type { BlockAction } from '@slack/bolt';
import { showEntered, stateOf } from '../block-kit/form-values.ts';
import { requireOperator } from '../rights/require-operator.ts';
import type { SlackContext } from '../slack-context.ts';
import { updateView } from '../update-view.ts';
import { wordsFor } from '../words-for.ts';
import { startedFrom } from './start-facts.ts';
import { hasForm, readStartOptions } from './start-form-values.ts';
import { readPlace } from './start-place.ts';
import { startFormModal } from './views.ts';

/** Shows a start form as it is for what was just entered in it. */
export async function updateStartForm(
  context: SlackContext,
  userId: string,
  view: NonNullable<BlockAction['view']>,
): Promise<void> {
  const place = readPlace(view.private_metadata);
  const words = await wordsFor(context, userId);
  const operated = await requireOperator(context, place.channelId, userId);
  const definition = context.catalogue().get(place.processDefinitionId ?? '');
  if (!definition || !hasForm(definition)) return;
  const options = await readStartOptions(context, operated, place, definition, userId);
  const form = showEntered(definition.startForm, stateOf(view), options);
  await updateView(
    context,
    view.id,
    startFormModal(words, await startedFrom(context, operated, place), definition, form, {
      leftOut: options.leftOut,
    }),
  );
}
