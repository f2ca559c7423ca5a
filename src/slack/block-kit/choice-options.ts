import { createHash } from 'node:crypto';
import type { types } from '@slack/bolt';
import type { FieldOption, FormField } from '../../processes/form.ts';
import { searchText, searchWords } from '../../processes/search-text.ts';
import { slackLimits } from './limits.ts';
import { plainText } from './text-objects.ts';

/** The option for no choice: in Slack, a person cannot clear an optional select. */
export const noneOption: types.PlainTextOption = { text: { type: 'plain_text', text: '—' }, value: 'none:' };

/** The Slack option of a choice. */
export function choiceOption({ label, value }: FieldOption): types.PlainTextOption {
  return { text: plainText(label, slackLimits.optionText), value: choiceId(value) };
}

/** The choice for a Slack option's value, with its JSON type; undefined if the field has no such choice. */
export function chosenValue({ options = [] }: FormField, id: string): FieldOption['value'] | undefined {
  return options.find(({ value }) => choiceId(value) === id)?.value;
}

/**
 * The answer of an external select to a query: the options whose label contains every word of it, in the field's order, up to
 * Slack's limit.
 */
export function optionsFor({ type, options = [], required }: FormField, query: string): types.PlainTextOption[] {
  const words = searchWords(query);
  const found = options
    .filter(({ label }) => {
      const text = searchText(label);
      return words.every((word) => text.includes(word));
    })
    .map(choiceOption);
  return [...(required || type === 'choices' || words.length > 0 ? [] : [noneOption]), ...found].slice(
    0,
    slackLimits.selectOptions,
  );
}

/**
 * The option value of a choice. Slack takes only text: a text stays as it is, other types are marked with their type, and
 * values that are too long are replaced by a hash.
 */
function choiceId(value: FieldOption['value']): string {
  const text = typeof value === 'string' ? value : `${typeof value}:${value}`;
  const isMarked = /^(?:number|bigint|boolean|text|none):/.test(text);
  const fits = text.trim() !== '' && text.length <= slackLimits.optionValue;
  return fits && isMarked === (typeof value !== 'string')
    ? text
    : `text:${createHash('sha256').update(text).digest('base64url')}`;
}
