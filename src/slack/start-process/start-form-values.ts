import type { Form } from '../../processes/form.ts';
import type { ProcessDefinition } from '../../processes/process-definition.ts';
import type { SessionFacts } from '../../sessions/session-facts.ts';
import type { ReadFormValuesOptions } from '../block-kit/form-values.ts';
import type { OperatedSession } from '../rights/require-operator.ts';
import type { SlackContext } from '../slack-context.ts';
import { utcOffset } from '../task-form/utc-offset.ts';
import { startFacts } from './start-facts.ts';
import { type Preset, presetValues } from './start-form.ts';
import type { StartPlace } from './start-place.ts';
import { startFormScope } from './views.ts';

export type DefinitionWithForm = ProcessDefinition & { startForm: Form };

export function hasForm(definition: ProcessDefinition): definition is DefinitionWithForm {
  return definition.startForm !== undefined && definition.startForm.items.length > 0;
}

/** The options to read a start form with, and the session's facts that fill it in. */
export async function readStartOptions(
  context: SlackContext,
  operated: OperatedSession,
  place: StartPlace,
  definition: DefinitionWithForm,
  userId: string,
): Promise<ReadFormValuesOptions & Preset & { facts: SessionFacts }> {
  const facts = await startFacts(context, operated, place, userId);
  const preset = await presetValues(context, definition, operated.liveChat.id, facts);
  const person = await context.directory.person(userId);
  const { entries } = place;
  return { ...preset, facts, entries, scope: startFormScope(definition.id), utcOffset: utcOffset(person?.timezone) };
}
