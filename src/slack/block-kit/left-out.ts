import type { Message } from '../../words/message.ts';
import type { Words } from '../../words/words.ts';
import { joined, type Markup, say } from './markup.ts';

/** Names the files that were left out, each with its reason; blank if there are none. */
export function leftOutText(words: Words, leftOut: readonly Message[]): string {
  return leftOut.length === 0 ? '' : words('file.leftOut', { files: leftOut.map((one) => words(one)).join('; ') });
}

/** The same as lines of markup: none, or one. */
export function leftOutLines(words: Words, leftOut: readonly Message[]): Markup[] {
  const files = joined(
    leftOut.map((one) => say(words, one)),
    '; ',
  );
  return leftOut.length === 0 ? [] : [say(words, 'file.leftOut', { files })];
}
