import { emojiNameOf, plainEmojiName } from '../message-text/emoji.ts';

/** Names between colons, or any other text between blanks and commas. */
const parts = /:([^\s:,;]+)(?:::skin-tone-\d)?:|[^\s:,;]+|:/gu;

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** The emoji that somebody entered as names or characters, without duplicates. `unknown`: the first part that is not one. */
export function readEmoji(entered: string): { names: string[]; unknown?: string } {
  const names = new Set<string>();
  for (const [part, name] of entered.matchAll(parts)) {
    const read = name === undefined ? charactersIn(part) : [plainEmojiName(name.toLowerCase())];
    if (!read) return { names: [...names], unknown: part };
    for (const one of read) names.add(one);
  }
  return { names: [...names] };
}

/** The names of adjacent emoji characters; undefined if there is any other text. */
function charactersIn(text: string): string[] | undefined {
  const names: string[] = [];
  for (const { segment } of graphemes.segment(text)) {
    const name = emojiNameOf(segment);
    if (name === undefined) return undefined;
    names.push(name);
  }
  return names;
}
