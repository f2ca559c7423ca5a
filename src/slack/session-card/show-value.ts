import { stringifyJson } from '../../json.ts';
import type { Json, ValueType } from '../../processes/value-types.ts';
import type { Words } from '../../words/words.ts';
import { fitText } from '../block-kit/fit-text.ts';
import { escapeMrkdwn } from '../block-kit/limits.ts';
import { mentionUser } from '../task-form/views.ts';

/** Longer texts are cut off: where a value is shown there are many. */
const longestText = 200;

/** A value as people read it, in mrkdwn on one line. */
export function showValue(value: Json | undefined, type: ValueType, words: Words): string {
  if (value === undefined || value === null || value === '') return '—';
  switch (type) {
    case 'boolean':
      return words(value === true ? 'value.yes' : 'value.no');
    case 'datetime':
      return escapeMrkdwn(words.dateTime(new Date(String(value))));
    case 'user':
      return mentionUser(String(value));
    case 'link':
      return linkText(String(value));
    case 'files':
      return Array.isArray(value) ? clip(value.map(fileName).join(', ')) : '—';
    default:
      return clip(typeof value === 'object' ? stringifyJson(value) : String(value));
  }
}

function clip(text: string): string {
  return escapeMrkdwn(fitText(text.replaceAll(/\s*\n\s*/g, ' ⏎ '), longestText));
}

/** As a link where it is one that Slack can show as such. */
function linkText(url: string): string {
  return /^https?:[^\s<>|]+$/.test(url) ? `<${url}>` : clip(url);
}

function fileName(file: Json): string {
  return typeof file === 'object' && file !== null && 'name' in file ? String(file.name) : '';
}
