/** The few reserved words; all others, including `if`, `for` and `instance`, can name variables. */
const reservedWords = new Set([
  'null',
  'true',
  'false',
  'function',
  'in',
  'return',
  'then',
  'else',
  'satisfies',
  'and',
  'or',
]);

// The DMN 1.5 standard, grammar rules 61 and 62.
const space =
  '\\u0009-\\u000d\\u0020\\u0085\\u00a0\\u1680\\u180e\\u2000-\\u200b\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff';
const spaceOrComment = new RegExp(`(?:[${space}]+|//[^\\n]*(?:\\n|$)|/\\*[^*]*\\*+(?:[^/*][^*]*\\*+)*/)*`, 'y');

/** Java identifiers. As in Camunda, which reads single UTF-16 units, letters beyond 16 bits do not count. */
const identifier = /[\p{L}\p{Nl}\p{Sc}\p{Pc}][\p{L}\p{Nl}\p{Sc}\p{Pc}\p{Nd}\p{Mn}\p{Mc}\p{Cf}]*/uy;
const formatSpace = /[\u180e\u200b\ufeff]/;
const astral = /[\u{10000}-\u{10ffff}]/u;

const quoted = /"((?:\\[\s\S]|[^"\\])*)"/y;
const escaped = /`([^`]+)`/y;
const number = /-?(?:\d+(?:\.\d+)?|\.\d+)/y;

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** Index after spaces and comments. An unclosed comment is not skipped. */
export function skipSpace(text: string, at: number): number {
  const next = text.charCodeAt(at);
  // Fast path: only a space, a slash or a character beyond ASCII needs a closer look.
  if (next > 32 && next < 128 && next !== 47) return at;
  return at + (match(spaceOrComment, text, at)?.[0].length ?? 0);
}

/** A token's text, and the index after it. */
export interface Lexeme {
  text: string;
  end: number;
}

export function identifierAt(text: string, at: number): Lexeme | undefined {
  let found = match(identifier, text, at)?.[0];
  if (found === undefined) return undefined;
  for (const border of [formatSpace, astral]) found = found.slice(0, border.exec(found)?.index ?? found.length);
  if (found === '' || reservedWords.has(found)) return undefined;
  return { text: found, end: at + found.length };
}

/** A name in backticks, which may contain any characters. */
export function escapedNameAt(text: string, at: number): Lexeme | undefined {
  const found = match(escaped, text, at);
  return found ? { text: found[1] ?? '', end: at + found[0].length } : undefined;
}

/** Two or more identifiers separated only by spaces. */
export function wordsAt(text: string, at: number): Lexeme | undefined {
  const first = identifierAt(text, at);
  if (!first) return undefined;
  let end = first.end;
  for (;;) {
    let next = end;
    while (text[next] === ' ') next += 1;
    const word = next > end ? identifierAt(text, next) : undefined;
    if (!word) break;
    end = word.end;
  }
  return end > first.end ? { text: text.slice(at, end), end } : undefined;
}

/** A text in quotes, with unresolved escapes. */
export function quotedAt(text: string, at: number): Lexeme | undefined {
  const found = match(quoted, text, at);
  return found ? { text: found[1] ?? '', end: at + found[0].length } : undefined;
}

export function numberAt(text: string, at: number): Lexeme | undefined {
  const found = match(number, text, at)?.[0];
  return found === undefined ? undefined : { text: found, end: at + found.length };
}

/** A key of a context: any text without these characters, including spaces, signs and comments. */
export function keyAt(text: string, at: number): Lexeme | undefined {
  let end = at;
  for (let next = at; next < text.length && !'"{}:,[]`'.includes(text[next] ?? ''); next = skipSpace(text, end)) {
    end = next + 1;
  }
  return end > at ? { text: text.slice(at, end), end } : undefined;
}

const escapes: [RegExp, string][] = [
  [/(?<!\\)\\n/g, '\n'],
  [/(?<!\\)\\r/g, '\r'],
  [/(?<!\\)\\t/g, '\t'],
  [/(?<!\\)\\b/g, '\b'],
  [/(?<!\\)\\f/g, '\f'],
  [/(?<!\\)\\'/g, "'"],
  [/(?<!\\)\\"/g, '"'],
  [/\\\\/g, '\\'],
];

/** Resolves Camunda's escapes, one kind after the other; other backslashes stay. */
export const unescaped = (text: string): string =>
  escapes.reduce((result, [pattern, character]) => result.replaceAll(pattern, () => character), text);
