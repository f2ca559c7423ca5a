import type { JsonObject } from '../json.ts';

const token = /<(?:@[UW][A-Z0-9]+|#C[A-Z0-9]+(?:\|[^>]*)?|![^>]+)>/;
const email = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/;
const url = /https?:\/\/[^\s<>]+[^\s<>.,;:!?)]/;
const code = /`[^`\n]+`/;
const parts = new RegExp(`(${code.source}|${token.source}|${url.source}|${email.source})`, 'g');
const styles: Record<string, string> = { '*': 'bold', _: 'italic', '~': 'strike' };
/** Marks at word boundaries, around text that does not begin or end with a space. */
const styled = /(?<![\w*_~])([*_~])(?=\S)((?:(?!\1)[^\n])*?\S)\1(?![\w*_~])/g;

export function escapedText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function styledElements(text: string, style: JsonObject = {}): JsonObject[] {
  const plain = (part: string): JsonObject[] =>
    part === '' ? [] : [{ type: 'text', text: part, ...(Object.keys(style).length > 0 ? { style } : {}) }];
  const elements: JsonObject[] = [];
  let end = 0;
  for (const { 0: whole, 1: mark = '', 2: inner = '', index } of text.matchAll(styled)) {
    const name = styles[mark];
    if (!name) continue;
    elements.push(...plain(text.slice(end, index)), ...styledElements(inner, { ...style, [name]: true }));
    end = index + whole.length;
  }
  return [...elements, ...plain(text.slice(end))];
}

function mention(wire: string): JsonObject {
  if (wire.startsWith('<@')) return { type: 'user', user_id: wire.slice(2, -1) };
  if (wire.startsWith('<#')) return { type: 'channel', channel_id: wire.slice(2, -1).split('|')[0] };
  if (wire.startsWith('<!subteam^')) return { type: 'usergroup', usergroup_id: wire.slice(10, -1).split('|')[0] };
  return { type: 'broadcast', range: wire.slice(2, -1).split('|')[0] };
}

/** Parses a part of the text into rich text elements, and formats it for the wire. */
function readPart(part: string): { elements: JsonObject[]; text: string } {
  if (new RegExp(`^${code.source}$`).test(part)) {
    return { elements: [{ type: 'text', text: part.slice(1, -1), style: { code: true } }], text: escapedText(part) };
  }
  if (new RegExp(`^${token.source}$`).test(part)) return { elements: [mention(part)], text: part };
  if (new RegExp(`^${url.source}$`).test(part)) {
    return { elements: [{ type: 'link', url: part }], text: `<${escapedText(part)}>` };
  }
  if (new RegExp(`^${email.source}$`).test(part)) {
    return { elements: [{ type: 'link', url: `mailto:${part}`, text: part }], text: `<mailto:${part}|${part}>` };
  }
  return { elements: styledElements(part), text: escapedText(part) };
}

/**
 * Converts text that a person types as Slack does: escapes `&`, `<` and `>`, marks links and e-mail addresses, and styles
 * `*bold*`, `_italic_`, `~struck~` and `` `code` ``. Mentions must be in Slack's markup (`<@U…>`).
 */
export function typedText(typed: string): { text: string; blocks: JsonObject[] } {
  const read = typed
    .split(parts)
    .filter((part) => part !== '')
    .map(readPart);
  const section = { type: 'rich_text_section', elements: read.flatMap(({ elements }) => elements) };
  const text = read.map((part) => part.text).join('');
  return { text, blocks: [{ type: 'rich_text', block_id: 'typed', elements: [section] }] };
}
