import { PatternError } from '../patterns.ts';

/** A set of characters: ranges of code points, and classes that RE2 supports, like `\p{L}`. */
export interface CharacterSet {
  isNegated: boolean;
  ranges: [from: number, to: number][];
  classes: string[];
}

const set = (...ranges: (number | [number, number])[]): CharacterSet => ({
  isNegated: false,
  ranges: ranges.map((range) => (typeof range === 'number' ? [range, range] : range)),
  classes: [],
});

const code = (character: string): number => character.codePointAt(0) ?? 0;
const span = (from: string, to: string): [number, number] => [code(from), code(to)];

const digits = span('0', '9');
const upper = span('A', 'Z');
const lower = span('a', 'z');
const punctuation: [number, number][] = [span('!', '/'), span(':', '@'), span('[', '`'), span('{', '~')];
const blanks: (number | [number, number])[] = [9, 32];

/** Java's `\d`, `\s` and so on match ASCII only. */
const letterClasses: Record<string, CharacterSet> = {
  d: set(digits),
  w: set(digits, upper, lower, code('_')),
  s: set([9, 13], 32),
  h: set(...blanks, 0xa0, 0x1680, 0x180e, [0x2000, 0x200a], 0x202f, 0x205f, 0x3000),
  v: set([10, 13], 0x85, 0x2028, 0x2029),
};

/** Java's names for ASCII classes in `\p{…}`. */
const namedClasses: Record<string, CharacterSet> = {
  Lower: set(lower),
  Upper: set(upper),
  ASCII: set([0, 127]),
  Alpha: set(upper, lower),
  Digit: set(digits),
  Alnum: set(digits, upper, lower),
  Punct: set(...punctuation),
  Graph: set([33, 126]),
  Print: set([32, 126]),
  Blank: set(...blanks),
  Cntrl: set([0, 31], 127),
  XDigit: set(digits, span('a', 'f'), span('A', 'F')),
  Space: set([9, 13], 32),
};

const controls: Record<string, number> = { t: 9, n: 10, r: 13, f: 12, a: 7, e: 27 };

/** Parses an escape after a backslash: one character or a class, and its length. @throws PatternError */
export function classEscapes(rest: string): { set: CharacterSet; length: number } {
  const [letter = ''] = rest;
  const known = letterClasses[letter.toLowerCase()];
  if (known) return { set: { ...known, isNegated: letter !== letter.toLowerCase() }, length: 1 };
  const control = controls[letter];
  if (control !== undefined) return { set: set(control), length: 1 };
  const property = /^([pP])(?:\{([^}]*)\}|([A-Z]))/.exec(rest);
  if (property) {
    const [{ length }, kind, name = property[3] ?? ''] = property;
    return { set: propertyClass(name, kind === 'P'), length };
  }
  const written =
    /^x([0-9a-fA-F]{2})/.exec(rest) ?? /^u([0-9a-fA-F]{4})/.exec(rest) ?? /^x\{([0-9a-fA-F]{1,6})\}/.exec(rest);
  if (written) return { set: set(Number.parseInt(written[1] ?? '', 16)), length: written[0].length };
  const octal = /^0([0-3]?[0-7]{1,2})/.exec(rest);
  if (octal) return { set: set(Number.parseInt(octal[1] ?? '', 8)), length: octal[0].length };
  if (letter === '') throw new PatternError('nothing follows the last \\');
  if (/[a-zA-Z0-9]/.test(letter)) throw new PatternError(`\\${letter} is not supported`);
  const character = String.fromCodePoint(rest.codePointAt(0) ?? 0);
  return { set: set(code(character)), length: character.length };
}

function propertyClass(name: string, isNegated: boolean): CharacterSet {
  const named = namedClasses[name];
  if (named) return { ...named, isNegated };
  // General categories, and scripts by Java's prefix.
  const known = /^(?:[A-Z][a-z]?|Is(?<short>[A-Z][a-z]?)|Is(?<script>[A-Z][a-z_]{3,}))$/.exec(name);
  if (!known) throw new PatternError(`the class \\p{${name}} is not supported`);
  const { short, script } = known.groups ?? {};
  return { isNegated: false, ranges: [], classes: [`\\${isNegated ? 'P' : 'p'}{${short ?? script ?? name}}`] };
}

/** Parses a class in brackets, from after the opening bracket. @throws PatternError */
export function parseClass(
  pattern: string,
  from: number,
  comments: boolean,
  level = 0,
): { set: CharacterSet; end: number } {
  if (level > 20) throw new PatternError('classes in brackets nest too deeply');
  const found: CharacterSet = { isNegated: false, ranges: [], classes: [] };
  let at = from;
  if (pattern[at] === '^') {
    found.isNegated = true;
    at += 1;
  }
  for (let isFirst = true; ; isFirst = false) {
    const next = pattern[at];
    if (next === undefined) throw new PatternError('a class in brackets is not closed');
    if (next === ']' && !isFirst) return { set: found, end: at + 1 };
    if (pattern.startsWith('&&', at)) throw new PatternError('the intersection && of classes is not supported');
    if (comments && /\s/.test(next)) {
      at += 1;
      continue;
    }
    if (next === '[') {
      const inner = parseClass(pattern, at + 1, comments, level + 1);
      at = inner.end;
      addAll(found, inner.set);
      continue;
    }
    const low = member(pattern, at);
    at += low.length;
    const start = singleOf(low.set);
    const isRange = start !== undefined && pattern[at] === '-' && !/^-(?:\]|\[|$)/.test(pattern.slice(at));
    if (!isRange) {
      addAll(found, low.set);
      continue;
    }
    const high = member(pattern, at + 1);
    const end = singleOf(high.set);
    if (end === undefined || end < start) throw new PatternError('a range in brackets has no order');
    at += 1 + high.length;
    found.ranges.push([start, end]);
  }
}

function member(pattern: string, at: number): { set: CharacterSet; length: number } {
  if (pattern[at] === '\\') {
    const rest = pattern.slice(at + 1);
    if (rest.startsWith('Q')) throw new PatternError('\\Q in a class in brackets is not supported');
    const { set: found, length } = classEscapes(rest);
    return { set: found, length: length + 1 };
  }
  const character = String.fromCodePoint(pattern.codePointAt(at) ?? 0);
  return { set: set(code(character)), length: character.length };
}

function singleOf({ isNegated, ranges, classes }: CharacterSet): number | undefined {
  const [only] = ranges;
  return !isNegated && classes.length === 0 && ranges.length === 1 && only?.[0] === only?.[1] ? only?.[0] : undefined;
}

function addAll(to: CharacterSet, { isNegated, ranges, classes }: CharacterSet): void {
  if (isNegated && classes.length > 0) throw new PatternError('a negated class within brackets is not supported');
  to.ranges.push(...(isNegated ? complement(ranges) : ranges));
  to.classes.push(...classes);
}

const lastCodePoint = 0x10ffff;

function complement(ranges: [number, number][]): [number, number][] {
  const result: [number, number][] = [];
  let next = 0;
  for (const [from, to] of [...ranges].sort(([a], [b]) => a - b)) {
    if (from > next) result.push([next, from - 1]);
    next = Math.max(next, to + 1);
  }
  return next <= lastCodePoint ? [...result, [next, lastCodePoint]] : result;
}

/** The set in RE2's syntax. As in Java, ignoring case applies to ASCII only. */
export function setText({ isNegated, ranges, classes }: CharacterSet, ignoreCase: boolean): string {
  const all = ignoreCase ? [...ranges, ...ranges.flatMap(otherCase)] : ranges;
  const hex = (point: number) => `\\x{${point.toString(16)}}`;
  const texts = all.map(([from, to]) => (from === to ? hex(from) : `${hex(from)}-${hex(to)}`));
  const [only = ''] = texts;
  if (!isNegated && texts.length === 1 && classes.length === 0 && !only.includes('-'))
    return literalText(all[0]?.[0] ?? 0);
  return `[${isNegated ? '^' : ''}${texts.join('')}${classes.join('')}]`;
}

function otherCase([from, to]: [number, number]): [number, number][] {
  const shifted = ([low, high]: [number, number], by: number): [number, number][] => {
    const [start, end] = [Math.max(from, low), Math.min(to, high)];
    return start <= end ? [[start + by, end + by]] : [];
  };
  return [...shifted(lower, -32), ...shifted(upper, 32)];
}

/** A single character as literal text, which RE2 searches for much faster than a class. */
function literalText(point: number): string {
  const character = String.fromCodePoint(point);
  return /[\w\u0080-\u{10ffff}]/u.test(character) ? character : `\\x{${point.toString(16)}}`;
}
