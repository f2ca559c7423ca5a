import { stringifyJson } from '../../json.ts';
import type { Json, ValueType } from '../../processes/value-types.ts';
import type { Words } from '../../words/words.ts';
import { fitText } from '../block-kit/fit-text.ts';
import { link, type Markup, markup, mention, say } from '../block-kit/markup.ts';

/** Maximum length of a text, as many values are shown together. */
const longestText = 200;

/** A value as readable text on one line. */
export function showValue(value: Json | undefined, type: ValueType, words: Words): Markup {
  if (value === undefined || value === null || value === '') return markup`—`;
  switch (type) {
    case 'boolean':
      return say(words, value === true ? 'value.yes' : 'value.no');
    case 'datetime':
      return markup`${words.dateTime(new Date(String(value)))}`;
    case 'user':
      return mention(String(value));
    case 'link':
      return link(String(value));
    case 'files':
      return Array.isArray(value) ? clip(value.map(fileName).join(', ')) : markup`—`;
    default:
      return clip(typeof value === 'object' ? stringifyJson(value) : String(value));
  }
}

function clip(text: string): Markup {
  return markup`${fitText(text.replaceAll(/\s*\n\s*/g, ' ⏎ '), longestText)}`;
}

function fileName(file: Json): string {
  return typeof file === 'object' && file !== null && 'name' in file ? String(file.name) : '';
}
