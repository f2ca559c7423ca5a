import { type Match, PatternError } from '../patterns.ts';

/**
 * Parses a replacement text as Java does: `$1` and `${name}` stand for groups, a backslash makes the next character literal. A
 * group's number has as many digits as still name an existing group. @throws PatternError
 */
export function replacementOf(
  text: string,
  groupCount: number,
  namedGroups: Record<string, number>,
): (match: Match) => string {
  const parts: (string | number)[] = [];
  let at = 0;
  const add = (literal: string) => {
    const last = parts.at(-1);
    if (typeof last === 'string') parts[parts.length - 1] = last + literal;
    else parts.push(literal);
  };
  while (at < text.length) {
    const character = text[at] ?? '';
    at += 1;
    if (character === '\\') {
      if (at === text.length) throw new PatternError('the replacement ends with a backslash');
      add(text[at] ?? '');
      at += 1;
    } else if (character !== '$') {
      add(character);
    } else if (text[at] === '{') {
      const name = /^\{([a-zA-Z][a-zA-Z0-9]*)\}/.exec(text.slice(at))?.[1];
      const group = name === undefined ? undefined : namedGroups[name];
      if (name === undefined || group === undefined) throw new PatternError('the replacement names an unknown group');
      parts.push(group);
      at += name.length + 2;
    } else {
      const { group, end } = numberAt(text, at, groupCount);
      parts.push(group);
      at = end;
    }
  }
  return ({ groups }) => parts.map((part) => (typeof part === 'number' ? (groups[part] ?? '') : part)).join('');
}

function numberAt(text: string, from: number, groupCount: number): { group: number; end: number } {
  const isDigit = (index: number) => /^[0-9]$/.test(text[index] ?? '');
  if (!isDigit(from)) throw new PatternError('$ in the replacement names no group');
  let group = Number(text[from]);
  let end = from + 1;
  if (group > groupCount) throw new PatternError('the replacement names an unknown group');
  while (isDigit(end) && group * 10 + Number(text[end]) <= groupCount) {
    group = group * 10 + Number(text[end]);
    end += 1;
  }
  return { group, end };
}
