import type { types } from '@slack/bolt';
import { checkValue, isEmptyValue } from '../../processes/check-values.ts';
import type { Form, FormField, FormText } from '../../processes/form.ts';
import type { Json, Variables } from '../../processes/value-types.ts';
import type { Words } from '../../words/words.ts';
import { fieldBlockId } from './field-block-id.ts';
import { fieldElement } from './field-element.ts';
import { slackLimits } from './limits.ts';
import { authored } from './markup.ts';
import { plainText, section } from './text-objects.ts';

export interface FormBlocksOptions {
  /** Tells this form from any other that the same modal shows; see {@link fieldBlockId}. */
  scope: string;
  /** Mistakes to show beside their fields, by the field's key. */
  errors?: Readonly<Record<string, string>>;
}

/**
 * A form as blocks of a modal: at most one block per item. `variables` are what the texts and lists of choices refer to
 * and what the fields are filled in with; a value that does not fit its field gives way to the field's default.
 */
export function formBlocks(
  words: Words,
  form: Form,
  variables: Variables,
  options: FormBlocksOptions,
): types.KnownBlock[] {
  return form.items.map((item) =>
    item.kind === 'text' ? textBlock(item, variables) : fieldBlock(words, item, variables, options),
  );
}

function textBlock({ text }: FormText, variables: Variables): types.SectionBlock {
  return section(authored(text, variables));
}

function fieldBlock(
  words: Words,
  field: FormField,
  variables: Variables,
  { scope, errors = {} }: FormBlocksOptions,
): types.InputBlock {
  const initial = initialValue(field, variables);
  const hint = hintOf(words, field, initial, Object.hasOwn(errors, field.key) ? errors[field.key] : undefined);
  return {
    type: 'input',
    block_id: fieldBlockId(scope, field.key),
    label: plainText(field.label, slackLimits.inputLabel),
    ...(hint ? { hint: plainText(hint, slackLimits.inputHint) } : {}),
    // Slack cannot show files as entered already; those that are there count.
    optional: !field.required || (field.type === 'files' && initial !== undefined),
    element: fieldElement(words, field, initial, variables),
  };
}

/** The value that a field starts with: the variable's, if it is of the field's type, else the default. */
export function initialValue(field: FormField, variables: Variables): Json | undefined {
  // Limits are for the person to meet; what matters here is that the element can hold the value.
  const { minLength, maxLength, pattern, minimum, maximum, disallowPast, increment, ...loose } = field;
  const given = Object.hasOwn(variables, field.key) ? variables[field.key] : undefined;
  return [given, field.defaultValue].find(
    (value) => !isEmptyValue(value) && !checkValue({ ...loose, required: false }, value, { variables }),
  );
}

function hintOf(words: Words, field: FormField, initial: Json | undefined, error: string | undefined): string {
  const files = field.type === 'files' && Array.isArray(initial) ? initial.map(fileName).join(', ') : '';
  const lines = [error && `⚠️ ${error}`, field.description, files && words('form.attached', { files })];
  return lines.filter(Boolean).join('\n');
}

function fileName(file: Json): string {
  return typeof file === 'object' && file !== null && !Array.isArray(file) ? String(file.name) : '';
}
