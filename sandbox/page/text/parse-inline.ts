import { parseAngleToken } from './angle-token.ts';
import { decodeEntities, type Inline } from './mrkdwn-tree.ts';

const styles = { '*': 'bold', _: 'italic', '~': 'strike' } as const;
type Marker = keyof typeof styles;

const angle = /<([@#!]?[^<>\n]+)>/y;
const code = /`([^`\n]+)`/y;
const emoji = /:([a-z0-9_+'-]+(?:::skin-tone-[2-6])?):/y;
const bareUrl = /https?:\/\/[^\s<>|]+[^\s<>|.,;:!?)\]'"*_~]/y;
const wordCharacter = /[\p{L}\p{N}]/u;

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** Whether a marker opens here: only at the beginning of a word, not in `snake_case` and not before a space. */
function opens(text: string, at: number): boolean {
  const before = text[at - 1];
  const after = text[at + 1];
  return (before === undefined || !wordCharacter.test(before)) && after !== undefined && !/\s/.test(after);
}

/** The index at which the marker closes on the same line; -1 if it does not. */
function closing(text: string, marker: string, from: number): number {
  for (let at = from + 1; at < text.length; at += 1) {
    const character = text[at];
    if (character === '\n') return -1;
    if (character === '`' || character === '<') {
      const token = matchAt(character === '`' ? code : angle, text, at);
      if (token) at += token[0].length - 1;
      continue;
    }
    if (character !== marker || /\s/.test(text[at - 1] ?? ' ') || at === from + 1) continue;
    const after = text[at + 1];
    if (after === undefined || !wordCharacter.test(after)) return at;
  }
  return -1;
}

export interface ReadingOptions {
  /** As in text objects: addresses and names without markup stay text. */
  verbatim?: boolean | undefined;
  /** As `mrkdwn` of chat.postMessage: false keeps `*`, `_`, `~`, backticks and quotations as text. */
  formatting?: boolean | undefined;
}

/** Parses the text of a paragraph. `markup: false` is plain text with emoji. */
export function parseInline(text: string, options: ReadingOptions & { markup?: boolean } = {}): Inline[] {
  const markup = options.markup ?? true;
  const found: Inline[] = [];
  let plain = '';
  const flush = () => {
    if (plain !== '') found.push({ type: 'text', text: markup ? decodeEntities(plain) : plain });
    plain = '';
  };
  const take = (node: Inline) => {
    flush();
    found.push(node);
  };
  for (let at = 0; at < text.length; ) {
    const character = text[at] ?? '';
    if (character === '\n') {
      take({ type: 'break' });
      at += 1;
      continue;
    }
    const token = tokenAt(text, at, character, { ...options, markup });
    if (token) {
      take(token.node);
      at = token.end;
      continue;
    }
    plain += character;
    at += 1;
  }
  flush();
  return found;
}

function tokenAt(
  text: string,
  at: number,
  character: string,
  options: ReadingOptions & { markup: boolean },
): { node: Inline; end: number } | undefined {
  // `10:30:15` is a time.
  if (character === ':' && !/\d/.test(text[at - 1] ?? ' ')) {
    const match = matchAt(emoji, text, at);
    return match?.[1] ? { node: { type: 'emoji', name: match[1] }, end: at + match[0].length } : undefined;
  }
  if (!options.markup) return undefined;
  const formatting = options.formatting ?? true;
  if (character === '<') {
    const match = matchAt(angle, text, at);
    return match?.[1] ? { node: parseAngleToken(match[1]), end: at + match[0].length } : undefined;
  }
  if (character === '`' && formatting) {
    const match = matchAt(code, text, at);
    return match?.[1]
      ? { node: { type: 'code', text: decodeEntities(match[1]) }, end: at + match[0].length }
      : undefined;
  }
  if (character === 'h' && !options.verbatim && !wordCharacter.test(text[at - 1] ?? ' ')) {
    const match = matchAt(bareUrl, text, at);
    if (!match) return undefined;
    const url = decodeEntities(match[0]);
    return { node: { type: 'link', url, children: [{ type: 'text', text: url }] }, end: at + match[0].length };
  }
  if (formatting && character in styles && opens(text, at)) {
    const end = closing(text, character, at);
    if (end < 0) return undefined;
    const children = parseInline(text.slice(at + 1, end), options);
    return { node: { type: styles[character as Marker], children }, end: end + 1 };
  }
  return undefined;
}
