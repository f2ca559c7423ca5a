import type { BlockElement, OptionObject, StateValue } from '../../block-kit/types.ts';
import type { Choice, ChoiceGroup } from '../ui/combobox-choice.ts';

/** Converts an option to a choice of a select. */
export function choiceOf(option: OptionObject): Choice {
  return { value: option.value ?? '', text: option.text.text, description: option.description?.text };
}

/** The choices of a static select, in their groups. */
export function givenChoices(element: BlockElement): ChoiceGroup[] {
  if (element.option_groups) {
    return element.option_groups.map(({ label, options }) => ({ label: label.text, choices: options.map(choiceOf) }));
  }
  return [{ label: '', choices: (element.options ?? []).map(choiceOf) }];
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : value === null || value === undefined ? [] : [value];
}

/** The chosen choices of a select; `nameOf` returns the name of a person or conversation. */
export function chosenChoices(value: StateValue | undefined, nameOf: (id: string) => string): Choice[] {
  const options = [...list(value?.selected_option), ...list(value?.selected_options)] as OptionObject[];
  const ids = ['user', 'channel', 'conversation'].flatMap((what) => [
    ...list(value?.[`selected_${what}`]),
    ...list(value?.[`selected_${what}s`]),
  ]);
  return [...options.map(choiceOf), ...ids.map((id) => ({ value: String(id), text: nameOf(String(id)) }))];
}
