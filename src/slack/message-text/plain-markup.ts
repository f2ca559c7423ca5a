import { emojiCharacter } from './emoji.ts';

/**
 * The form in which message texts are stored: readable text with only mentions and links in Slack's markup (`<@U…>`,
 * `<https://…|label>`) and `&`, `<` and `>` as entities. sessions/readable-text.ts inserts names.
 */
export function plainMarkup(mrkdwn: string): string {
  const kept: string[] = [];
  const marked = mrkdwn.replaceAll(verbatim, (part) => {
    kept.push(part);
    return stand;
  });
  // Only formatting marks are removed, so the placeholders of kept parts stay in order.
  return withEmoji(withoutStyles(marked)).replaceAll(stand, () => withoutFence(kept.shift() ?? ''));
}

/** Escapes plain text. Entities such as `&amp;` are kept. */
export function escapedPlainText(text: string): string {
  return text
    .replaceAll(/&(?!(?:amp|lt|gt);)/g, '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}

/** Escapes text that has neither markup nor entities. */
export function escapedText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Replaces emoji names by characters; custom emoji stay `:name:`. */
export function withEmoji(text: string): string {
  return text.replaceAll(/:([\w+'-]+(?:::skin-tone-[2-6])?):/g, (code, name: string) => emojiCharacter(name) ?? code);
}

const stand = '\ufffc';
/** Parts without formatting: code, mentions and links. */
const verbatim = new RegExp(`\`\`\`[^]*?\`\`\`|\`[^\`\\n]+\`|<[^<>\\n]+>|${stand}`, 'g');

/** Slack formats only at the edges of words, and never across lines. */
const styled = /(?<![\p{L}\p{N}*_~])([*_~])(?=\S)((?:(?!\1)[^\n])*?\S)\1(?![\p{L}\p{N}*_~])/gu;
/** Maximum nesting of styles: there are three. */
const deepest = 3;

function withoutStyles(text: string, depth = 0): string {
  if (depth === deepest) return text;
  return text.replaceAll(styled, (_, __, inner: string) => withoutStyles(inner, depth + 1));
}

function withoutFence(part: string): string {
  if (part.startsWith('```')) return part.slice(3, -3).replace(/^\n|\n$/g, '');
  return part.startsWith('`') ? part.slice(1, -1) : part;
}
