import { createHash } from 'node:crypto';
import type { types } from '@slack/bolt';
import type { FieldOption, FormField } from '../../processes/form.ts';
import { searchText, searchWords } from '../../processes/search-text.ts';
import { slackLimits } from './limits.ts';
import { plainText } from './text-objects.ts';

/** Slack: a person cannot clear an optional select, so there is an option that means nothing is chosen. */
export const noneOption: types.PlainTextOption = { text: { type: 'plain_text', text: '—' }, value: 'none:' };

/** The Slack option of a choice. */
export function choiceOption({ label, value }: FieldOption): types.PlainTextOption {
  return { text: plainText(label, slackLimits.optionText), value: choiceId(value) };
}

/** The choice that a Slack option's value stands for, with its JSON type; undefined if it is none of the field's. */
export function chosenValue({ options = [] }: FormField, id: string): FieldOption['value'] | undefined {
  return options.find(({ value }) => choiceId(value) === id)?.value;
}

/**
 * What an external select of a long choice answers to a query: the options with every word of it in their label, in the
 * field's order, at most as many as Slack takes.
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
 * Slack has only text for an option's value: a text stays as it is, anything else is marked with its type. What is too long
 * is known by its hash.
 */
function choiceId(value: FieldOption['value']): string {
  const text = typeof value === 'string' ? value : `${typeof value}:${value}`;
  const isMarked = /^(?:number|bigint|boolean|text|none):/.test(text);
  const fits = text.trim() !== '' && text.length <= slackLimits.optionValue;
  return fits && isMarked === (typeof value !== 'string')
    ? text
    : `text:${createHash('sha256').update(text).digest('base64url')}`;
}
