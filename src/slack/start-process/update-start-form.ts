import type { BlockAction } from '@slack/bolt';
import { changedEntries } from '../block-kit/carried-entries.ts';
import { showEntered, stateOf } from '../block-kit/form-values.ts';
import type { FormChange } from '../form-changes.ts';
import { requireOperator } from '../rights/require-operator.ts';
import type { SlackContext } from '../slack-context.ts';
import { updateView } from '../update-view.ts';
import { wordsFor } from '../words-for.ts';
import { startedFrom } from './start-facts.ts';
import { hasForm, readStartOptions } from './start-form-values.ts';
import { readPlace } from './start-place.ts';
import { startFormModal } from './views.ts';

/** Updates a start form after an input that other fields depend on. */
export async function updateStartForm(
  context: SlackContext,
  userId: string,
  view: NonNullable<BlockAction['view']>,
  { entries: changes, notice }: FormChange,
): Promise<void> {
  const place = readPlace(view.private_metadata);
  const words = await wordsFor(context, userId);
  const operated = await requireOperator(context, place.channelId, userId);
  const definition = context.catalogue().get(place.processDefinitionId ?? '');
  if (!definition || !hasForm(definition)) return;
  const options = await readStartOptions(context, operated, place, definition, userId);
  const entries = changedEntries(options.entries, changes);
  const form = showEntered(definition.startForm, stateOf(view), { ...options, entries });
  await updateView(
    context,
    view.id,
    startFormModal(words, await startedFrom(context, operated, place), definition, form, {
      leftOut: options.leftOut,
      ...(notice && { notice: words(notice) }),
    }),
  );
}
