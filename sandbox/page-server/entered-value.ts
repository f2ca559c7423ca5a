import type { BlockElement, OptionObject, StateValue } from '../block-kit/types.ts';
import { type Choice, choiceOf, offeredChoices } from '../driver/choices.ts';
import { chosenValue, clearedValue, isMultiple, typedValue } from '../driver/chosen-value.ts';
import { givenFiles } from '../driver/given-files.ts';
import { isExternal, type Surface } from '../driver/surface.ts';
import type { Uploads } from './uploads.ts';

type Entered = string | number | string[] | null;

function isChoice({ type }: BlockElement): boolean {
  return type.endsWith('_select') || type === 'radio_buttons' || type === 'checkboxes';
}

/** All known options of an external select: chosen now, preset, or suggested to this page. */
function knownOptions(element: BlockElement, before: StateValue | undefined, suggested: Choice[]): Choice[] {
  const own = [before?.selected_option, before?.selected_options, element.initial_option, element.initial_options];
  const options = own.flat().filter((option): option is OptionObject => option !== null && option !== undefined);
  return [...suggested, ...options.map(choiceOf)];
}

/**
 * The value of an element after a page entered this (see `enter` in the protocol). Throws, with a text for the person, if the
 * element does not accept it.
 */
export function enteredValue(
  surface: Surface,
  element: BlockElement,
  entered: Entered,
  context: { before: StateValue | undefined; suggested: Choice[]; uploads: Uploads },
): StateValue {
  const { before, suggested, uploads } = context;
  if (element.type === 'file_input') {
    const ids = [entered ?? []].flat().map((id) => uploads.fileOf(String(id)) ?? String(id));
    const isNew = (id: string) => uploads.has(id);
    const kept = ids.filter((id) => !isNew(id));
    const added = ids.filter(isNew);
    const given = givenFiles(surface.core, surface.userId, element, { before, kept, uploads: uploads.take(added) });
    const files = (given.files ?? []) as { id: string }[];
    added.forEach((id, at) => {
      const file = files[kept.length + at];
      if (file) uploads.becameFile(id, file.id);
    });
    return given;
  }
  if (entered === null) return clearedValue(element);
  if (!isChoice(element)) {
    if (Array.isArray(entered)) throw new Error('This field takes one value');
    return typedValue(element, entered);
  }
  const wanted = [entered].flat().map(String);
  if (new Set(wanted).size !== wanted.length) throw new Error('Nothing can be chosen twice');
  const choices = isExternal(element)
    ? knownOptions(element, before, suggested)
    : offeredChoices(surface.core, surface.userId, element).flatMap((group) => group.options);
  const chosen = wanted.map((value) => {
    const choice = choices.find((candidate) => candidate.value === value);
    if (!choice) throw new Error('This is not offered here any more');
    return choice;
  });
  if (isMultiple(element) && chosen.length === 0) return clearedValue(element);
  return chosenValue(element, chosen);
}
