import { createHash } from 'node:crypto';
import type { types } from '@slack/bolt';
import { z } from 'zod';
import type { Catalogue, CatalogueSearch } from '../../processes/catalogue.ts';
import type { ProcessDefinition } from '../../processes/process-definition.ts';
import type { Words } from '../../words/words.ts';
import { slackLimits } from '../block-kit/limits.ts';
import { plainText } from '../block-kit/text-objects.ts';

/** Action id of the search field for processes; register-process-search.ts serves its options. */
export const processSearchActionId = 'search_process';
export const processSearchBlockId = 'process';

/** The search field over all process definitions. A modal has only one: its block id is fixed. */
export function processSearchBlock(words: Words, initial?: ProcessDefinition): types.InputBlock {
  return {
    type: 'input',
    block_id: processSearchBlockId,
    label: plainText(words('search.label'), slackLimits.inputLabel),
    hint: plainText(words('search.hint'), slackLimits.inputHint),
    element: {
      type: 'external_select',
      action_id: processSearchActionId,
      min_query_length: 0,
      placeholder: plainText(words('search.placeholder'), slackLimits.placeholder),
      ...(initial ? { initial_option: processOption(initial) } : {}),
    },
  };
}

/** The options for a search, in the catalogue's groups and order. */
export function processOptionGroups(
  words: Words,
  search: CatalogueSearch,
): { label: types.PlainTextElement; options: types.Option[] }[] {
  return search.groups.map(({ scope, definitions }) => ({
    label: plainText(scope ?? words('scope.company'), slackLimits.optionGroupLabel),
    options: definitions.map(processOption),
  }));
}

const stateSchema = z.object({
  [processSearchBlockId]: z.object({
    [processSearchActionId]: z.object({ selected_option: z.object({ value: z.string() }).nullish() }),
  }),
});

/**
 * The process that was chosen in a view with {@link processSearchBlock}, from its `state.values`; undefined if nothing was
 * chosen, or the process is gone or switched off.
 */
export function pickedProcess(catalogue: Catalogue, stateValues: unknown): ProcessDefinition | undefined {
  const value =
    stateSchema.safeParse(stateValues).data?.[processSearchBlockId][processSearchActionId].selected_option?.value;
  const picked = value === undefined ? undefined : processOfOption(catalogue, value);
  return picked?.isOff ? undefined : picked;
}

/** The process for an option's value; undefined if it is gone. */
export function processOfOption(catalogue: Catalogue, value: string): ProcessDefinition | undefined {
  if (!value.startsWith(hashed)) return catalogue.get(value);
  // Ids this long are rare, so scanning all is cheaper than keeping a table of hashes.
  return catalogue.list().find(({ id }) => optionValue(id) === value);
}

/** A process as an option, also of other selects. */
export function processOption(definition: ProcessDefinition): types.PlainTextOption {
  const { id, name } = definition;
  const description = [definition.engine, definition.description].filter(Boolean).join(' · ');
  return {
    text: plainText(name, slackLimits.optionText),
    value: optionValue(id),
    ...(description ? { description: plainText(description, slackLimits.optionDescription) } : {}),
  };
}

/** Marks a hashed id. No BPMN process id begins like this: XML names have no `#`. */
const hashed = '#';

/** The value of a process's option: its id, or a hash of an id that is too long for Slack. */
export function optionValue(processDefinitionId: string): string {
  if (processDefinitionId.length <= slackLimits.optionValue && !processDefinitionId.startsWith(hashed)) {
    return processDefinitionId;
  }
  return `${hashed}${createHash('sha256').update(processDefinitionId).digest('base64url')}`;
}
