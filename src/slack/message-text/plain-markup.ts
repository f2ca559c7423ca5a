import { emojiCharacter } from './emoji.ts';

/**
 * The form in which the texts of messages are kept: what people read, with mentions and links in Slack's markup (`<@U…>`,
 * `<https://…|label>`), `&`, `<` and `>` as entities, and nothing else. sessions/readable-text.ts puts names in.
 */
export function plainMarkup(mrkdwn: string): string {
  const kept: string[] = [];
  const marked = mrkdwn.replaceAll(verbatim, (part) => {
    kept.push(part);
    return stand;
  });
  // What is taken out are marks alone, so what stands in for the kept parts stays in order.
  return withEmoji(withoutStyles(marked)).replaceAll(stand, () => withoutFence(kept.shift() ?? ''));
}

/** Text in which nothing is markup. `&amp;` and the like stand for what they escape. */
export function escapedPlainText(text: string): string {
  return text
    .replaceAll(/&(?!(?:amp|lt|gt);)/g, '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}

/** Text that holds no markup and no entities either. */
export function escapedText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Emoji as characters; custom ones stay `:name:`. */
export function withEmoji(text: string): string {
  return text.replaceAll(/:([\w+'-]+(?:::skin-tone-[2-6])?):/g, (code, name: string) => emojiCharacter(name) ?? code);
}

const stand = '\ufffc';
/** Code, in which nothing is formatted, and mentions and links. */
const verbatim = new RegExp(`\`\`\`[^]*?\`\`\`|\`[^\`\\n]+\`|<[^<>\\n]+>|${stand}`, 'g');

/** Slack formats from and to the edges of words, and never across lines. */
const styled = /(?<![\p{L}\p{N}*_~])([*_~])(?=\S)((?:(?!\1)[^\n])*?\S)\1(?![\p{L}\p{N}*_~])/gu;
/** Styles within styles: there are three. */
const deepest = 3;

function withoutStyles(text: string, depth = 0): string {
  if (depth === deepest) return text;
  return text.replaceAll(styled, (_, __, inner: string) => withoutStyles(inner, depth + 1));
}

function withoutFence(part: string): string {
  if (part.startsWith('```')) return part.slice(3, -3).replace(/^\n|\n$/g, '');
  return part.startsWith('`') ? part.slice(1, -1) : part;
}
