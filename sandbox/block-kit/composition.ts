import { isObject, type JsonObject } from '../json.ts';
import { boolean, byType, type Check, type Findings, list, object, oneOf, string } from './check.ts';

/** A `plain_text` object of at most `max` characters. */
export function plainText(max: number): Check {
  return byType({ plain_text: object({ type: oneOf('plain_text'), text: string(max) }, { emoji: boolean }) });
}

/** A `plain_text` or `mrkdwn` object of at most `max` characters. */
export function anyText(max: number): Check {
  return byType({
    plain_text: object({ type: oneOf('plain_text'), text: string(max) }, { emoji: boolean }),
    mrkdwn: object({ type: oneOf('mrkdwn'), text: string(max) }, { verbatim: boolean }),
  });
}

export const confirm: Check = object(
  { title: plainText(100), text: anyText(300), confirm: plainText(30), deny: plainText(30) },
  { style: oneOf('primary', 'danger') },
);

/** An option of a select: text ≤ 75, value ≤ 150, description ≤ 75. */
export const option: Check = object(
  { text: plainText(75), value: string(150) },
  { description: plainText(75), url: string(3000) },
);

/** An option of radio buttons or checkboxes, whose texts may be `mrkdwn`. */
export const markdownOption: Check = object({ text: anyText(75), value: string(150) }, { description: anyText(75) });

export const optionGroup: Check = object({ label: plainText(75), options: list(option, 1, 100) });

function sameOption(one: unknown, other: unknown): boolean {
  if (!isObject(one) || !isObject(other) || one.value !== other.value) return false;
  const textOf = (value: unknown) => (isObject(value) ? value.text : undefined);
  return textOf(one.text) === textOf(other.text) && textOf(one.description) === textOf(other.description);
}

function offered(element: JsonObject): unknown[] {
  const groups = Array.isArray(element.option_groups) ? element.option_groups.filter(isObject) : [];
  const grouped = groups.flatMap((group) => (Array.isArray(group.options) ? group.options : []));
  return Array.isArray(element.options) ? [...element.options, ...grouped] : grouped;
}

/** Initial options must equal options that are offered. */
export function initialOptionsAreOffered(element: JsonObject, at: string, found: Findings): void {
  const options = offered(element);
  const check = (initial: unknown, pointer: string) => {
    if (!options.some((candidate) => sameOption(candidate, initial))) {
      found.add(pointer, 'must match one of the available options');
    }
  };
  if (isObject(element.initial_option)) check(element.initial_option, `${at}/initial_option`);
  if (Array.isArray(element.initial_options)) {
    element.initial_options.forEach((initial, index) => {
      check(initial, `${at}/initial_options/${index}`);
    });
  }
}

/** Requires either `options` or `option_groups`, not both. */
export function optionsOrGroups(element: JsonObject, at: string, found: Findings): void {
  const options = element.options !== undefined;
  const groups = element.option_groups !== undefined;
  if (!options && !groups) found.add(at, 'missing required field: options');
  if (options && groups) found.add(at, 'options and option_groups cannot both be given');
  initialOptionsAreOffered(element, at, found);
}

/** Checks the answer to a `block_suggestion`: up to 100 options, or up to 100 groups of them. */
export function checkSuggestions(answer: unknown, found: Findings): void {
  if (!isObject(answer)) {
    found.add('', 'must provide options or option_groups');
    return;
  }
  const shape = object({}, { options: list(option, 0, 100), option_groups: list(optionGroup, 0, 100) });
  shape(answer, '', found);
  if ((answer.options === undefined) === (answer.option_groups === undefined)) {
    found.add('', 'must provide options or option_groups');
  }
}
