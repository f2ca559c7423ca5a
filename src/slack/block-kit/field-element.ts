import type { types } from '@slack/bolt';
import type { FormField } from '../../processes/form.ts';
import type { Json } from '../../processes/value-types.ts';
import type { Words } from '../../words/words.ts';
import { choiceOption, noneOption } from './choice-options.ts';
import { fieldActionId, longChoiceActionId } from './field-block-id.ts';
import { fitText } from './fit-text.ts';
import { slackLimits } from './limits.ts';
import { plainText } from './text-objects.ts';

type Element = types.InputBlock['element'];
const action_id = fieldActionId;

/** The one option of a checkbox. */
export const checkedOption = (words: Words): types.PlainTextOption => ({
  text: plainText(words('yes'), slackLimits.optionText),
  value: 'true',
});

/** The input element of a field, with `initial` filled in (of the field's type) if there is a value. */
export function fieldElement(words: Words, field: FormField, initial: Json | undefined): Element {
  const text = typeof initial === 'string' ? initial : undefined;
  switch (field.type) {
    case 'text':
    case 'phone':
      return textInput(field, text);
    case 'email':
      return { type: 'email_text_input', action_id, ...(text ? { initial_value: text } : {}) };
    case 'link': {
      const fits = text !== undefined && text.length <= slackLimits.textInput;
      return { type: 'url_text_input', action_id, ...(fits ? { initial_value: text } : {}) };
    }
    case 'user':
      return { type: 'users_select', action_id, ...(text ? { initial_user: text } : {}) };
    case 'date':
      return { type: 'datepicker', action_id, ...(text ? { initial_date: text } : {}) };
    case 'datetime':
      return { type: 'datetimepicker', action_id, ...initialDateTime(text) };
    case 'number':
      return numberInput(field, initial);
    case 'boolean': {
      const checked = checkedOption(words);
      return {
        type: 'checkboxes',
        action_id,
        options: [checked],
        ...(initial === true ? { initial_options: [checked] } : {}),
      };
    }
    case 'choice':
      return choice(field, initial);
    case 'choices':
      return choices(field, initial);
    case 'files':
      return { type: 'file_input', action_id, ...fileLimits(field) };
  }
}

/** The part of a text that fits an input. */
export function textForInput(field: FormField, text: string): string {
  return fitText(text, Math.min(field.maxLength ?? slackLimits.textInput, slackLimits.textInput));
}

function textInput(field: FormField, text: string | undefined): types.PlainTextInput {
  const initial = text === undefined ? undefined : textForInput(field, text);
  const { minLength, maxLength = slackLimits.textInput } = field;
  return {
    type: 'plain_text_input',
    action_id,
    // A single-line input would lose the line breaks of its initial text.
    multiline: field.display === 'multiline' || (initial?.includes('\n') ?? false),
    ...(minLength ? { min_length: minLength } : {}),
    max_length: Math.min(maxLength, slackLimits.textInput),
    ...(initial !== undefined && initial.length >= (minLength ?? 0) ? { initial_value: initial } : {}),
  };
}

function numberInput(field: FormField, initial: Json | undefined): types.NumberInput {
  const min = decimal(field.minimum);
  const max = decimal(field.maximum);
  const fits =
    (typeof initial === 'number' || typeof initial === 'bigint') &&
    initial >= (field.minimum ?? -Infinity) &&
    initial <= (field.maximum ?? Infinity);
  const value = fits ? decimal(initial) : undefined;
  return {
    type: 'number_input',
    action_id,
    is_decimal_allowed: field.decimalDigits !== 0,
    ...(min ? { min_value: min } : {}),
    ...(max ? { max_value: max } : {}),
    ...(value ? { initial_value: value } : {}),
  };
}

/** A number as text without an exponent, as Slack requires. The server checks what Slack cannot. */
function decimal(number: number | bigint | undefined): string | undefined {
  const text = String(number);
  return /^-?\d+(?:\.\d+)?$/.test(text) ? text : undefined;
}

/** Slack: Unix time in seconds, ten digits. */
function initialDateTime(text: string | undefined): { initial_date_time?: number } {
  const seconds = Math.floor(Date.parse(text ?? '') / 1000);
  return seconds >= 1_000_000_000 && seconds <= 9_999_999_999 ? { initial_date_time: seconds } : {};
}

function choice(field: FormField, initial: Json | undefined): Element {
  const { options: all = [] } = field;
  const chosen = all.find(({ value }) => value === initial);
  const initialOption = chosen ? { initial_option: choiceOption(chosen) } : {};
  // Slack refuses a select without options; a required field then shows that it is required.
  const none = field.required && all.length > 0 ? [] : [noneOption];
  const options = [...none, ...all.map(choiceOption)];
  if (field.display === 'radio' && options.length <= slackLimits.radioOptions) {
    return { type: 'radio_buttons', action_id, options, ...initialOption };
  }
  if (options.length <= slackLimits.selectOptions)
    return { type: 'static_select', action_id, options, ...initialOption };
  return { type: 'external_select', action_id: longChoiceActionId, min_query_length: 0, ...initialOption };
}

function choices(field: FormField, initial: Json | undefined): Element {
  const { options: all = [] } = field;
  const chosen = all.filter(({ value }) => Array.isArray(initial) && initial.includes(value)).map(choiceOption);
  const initialOptions = chosen.length > 0 ? { initial_options: chosen } : {};
  const options = all.map(choiceOption);
  if (field.display === 'checkboxes' && options.length > 0 && options.length <= slackLimits.checkboxOptions) {
    return { type: 'checkboxes', action_id, options, ...initialOptions };
  }
  // Slack refuses a select without options or with more than a hundred.
  if (options.length > 0 && options.length <= slackLimits.selectOptions) {
    return { type: 'multi_static_select', action_id, options, ...initialOptions };
  }
  return { type: 'multi_external_select', action_id: longChoiceActionId, min_query_length: 0, ...initialOptions };
}

function fileLimits({ maxFiles, accept }: FormField): Pick<types.FileInput, 'max_files' | 'filetypes'> {
  const extensions = accept?.every((kind) => kind.startsWith('.')) ? accept.map((kind) => kind.slice(1)) : [];
  return {
    max_files: Math.min(maxFiles ?? slackLimits.inputFiles, slackLimits.inputFiles),
    ...(extensions.length > 0 ? { filetypes: extensions } : {}),
  };
}
