import { randomBytes } from 'node:crypto';
import { findMatches, type Match, matchesAnywhere, type Pattern, PatternError } from '../../patterns.ts';
import { FeelEvaluationError } from '../errors.ts';
import { type Evaluation, sizes } from '../evaluation.ts';
import { compileJavaPattern } from '../java-pattern.ts';
import { intOf } from '../numbers.ts';
import { replacementOf } from '../replacement.ts';
import { Failure, type FeelNumber, type FeelValue, isNumber, isString } from '../values.ts';
import { type Builtins, builtin } from './builtin.ts';

const onText = (body: (text: string) => FeelValue) =>
  builtin(['string'], ([text = null], evaluation) => {
    if (!isString(text)) return undefined;
    evaluation.allocate(text.length * sizes.character);
    return body(text);
  });

const onTwoTexts = (parameters: string[], body: (a: string, b: string) => FeelValue) =>
  builtin(parameters, ([a = null, b = null], evaluation) => {
    if (!isString(a) || !isString(b)) return undefined;
    // V8 advances by at most 250 characters per full comparison with the second text.
    evaluation.spend((a.length / 16) * (1 + b.length / 250));
    return body(a, b);
  });

/** Converts a position, counted from 1, or from the end from -1, to an index; 0 is behind the end. */
function indexIn(text: string, position: FeelNumber): number {
  const start = intOf(position);
  return start > 0 ? start - 1 : text.length + start;
}

/** Throws instead of returning null, as in Camunda. */
function part(text: string, from: number, to: number): string {
  if (from < 0 || to > text.length || from > to)
    throw new FeelEvaluationError('takes a part of a text that goes beyond it');
  return text.slice(from, to);
}

function withPattern(
  pattern: string,
  flags: string,
  isTest: boolean,
  evaluation: Evaluation,
  use: (pattern: Pattern) => FeelValue,
): FeelValue {
  try {
    const compiled = compileJavaPattern(pattern, flags, isTest);
    // Compiling is counted on every call, so that the limits of an expression do not depend on what ran before.
    evaluation.allocate(compiled.size * sizes.entry);
    return use(compiled);
  } catch (error) {
    if (error instanceof PatternError) return new Failure(`the pattern "${pattern}" cannot be used: ${error.message}`);
    throw error;
  }
}

const spender = (evaluation: Evaluation) => (steps: number) => evaluation.spend(steps);

const matches = (parameters: string[]) =>
  builtin(parameters, ([text = null, pattern = null, flags = ''], evaluation) => {
    if (!isString(text) || !isString(pattern) || !isString(flags)) return undefined;
    return withPattern(pattern, flags, true, evaluation, (found) => matchesAnywhere(found, text, spender(evaluation)));
  });

const replace = (parameters: string[]) =>
  builtin(parameters, ([text = null, pattern = null, replacement = null, flags = ''], evaluation) => {
    if (!isString(text) || !isString(pattern) || !isString(replacement) || !isString(flags)) return undefined;
    return withPattern(pattern, flags, false, evaluation, (found) => replaceAll(found, text, replacement, evaluation));
  });

function replaceAll(pattern: Pattern, text: string, replacement: string, evaluation: Evaluation): FeelValue {
  const parts: string[] = [];
  const add = (added: string) => {
    evaluation.allocate(added.length * sizes.character + sizes.item);
    parts.push(added);
  };
  let end = 0;
  let write: ((match: Match) => string) | undefined;
  for (const match of findMatches(pattern, text, spender(evaluation))) {
    // Java parses the replacement only at the first match.
    write ??= replacementOf(replacement, pattern.regex.groupCount(), pattern.regex.namedGroups());
    add(text.slice(end, match.start));
    add(write(match));
    end = match.end;
  }
  add(text.slice(end));
  return parts.join('');
}

/** Java omits an empty piece only if the text begins with an empty match. */
function split(pattern: Pattern, text: string, evaluation: Evaluation): FeelValue {
  const pieces: string[] = [];
  let end = 0;
  for (const match of findMatches(pattern, text, spender(evaluation))) {
    if (match.end === 0) continue;
    evaluation.allocate(sizes.item + (match.start - end) * sizes.character);
    pieces.push(text.slice(end, match.start));
    end = match.end;
  }
  return [...pieces, text.slice(end)];
}

function extract(pattern: Pattern, text: string, evaluation: Evaluation): FeelValue {
  const found: string[] = [];
  for (const { start, end } of findMatches(pattern, text, spender(evaluation))) {
    evaluation.allocate(sizes.item + (end - start) * sizes.character);
    found.push(text.slice(start, end));
  }
  return found;
}

/** Java's `trim` removes all characters up to U+0020, and no others. */
function trim(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && text.charCodeAt(start) <= 32) start += 1;
  while (end > start && text.charCodeAt(end - 1) <= 32) end -= 1;
  return text.slice(start, end);
}

/** A UUID of version 7: 48 bits of the time in milliseconds, then random bits. */
function uuid(now: Date): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(now.getTime(), 0, 6);
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

// White space as in Java's `isBlank`, without non-breaking spaces.
const blank = /^[^\S\u00a0\u2007\u202f\ufeff]*$/;

export const textBuiltins: Builtins = {
  substring: [
    builtin(['string', 'start position'], ([text = null, start = null], evaluation) => {
      if (!isString(text) || !isNumber(start)) return undefined;
      evaluation.spend(1);
      return part(text, indexIn(text, start), text.length);
    }),
    builtin(['string', 'start position', 'length'], ([text = null, start = null, length = null]) => {
      if (!isString(text) || !isNumber(start) || !isNumber(length)) return undefined;
      const from = indexIn(text, start);
      return part(text, from, Math.min(from + intOf(length), text.length));
    }),
  ],
  'string length': [builtin(['string'], ([text = null]) => (isString(text) ? text.length : undefined))],
  'upper case': [onText((text) => text.toUpperCase())],
  'lower case': [onText((text) => text.toLowerCase())],
  'substring before': [
    onTwoTexts(['string', 'match'], (text, match) => text.slice(0, Math.max(0, text.indexOf(match)))),
  ],
  'substring after': [
    onTwoTexts(['string', 'match'], (text, match) => {
      const index = text.indexOf(match);
      return index < 0 ? '' : text.slice(index + match.length);
    }),
  ],
  contains: [onTwoTexts(['string', 'match'], (text, match) => text.includes(match))],
  'starts with': [onTwoTexts(['string', 'match'], (text, match) => text.startsWith(match))],
  'ends with': [onTwoTexts(['string', 'match'], (text, match) => text.endsWith(match))],
  matches: [matches(['input', 'pattern']), matches(['input', 'pattern', 'flags'])],
  replace: [replace(['input', 'pattern', 'replacement']), replace(['input', 'pattern', 'replacement', 'flags'])],
  split: [
    builtin(['string', 'delimiter'], ([text = null, pattern = null], evaluation) => {
      if (!isString(text) || !isString(pattern)) return undefined;
      return withPattern(pattern, '', false, evaluation, (found) => split(found, text, evaluation));
    }),
  ],
  extract: [
    builtin(['input', 'pattern'], ([text = null, pattern = null], evaluation) => {
      if (!isString(text) || !isString(pattern)) return undefined;
      return withPattern(pattern, '', false, evaluation, (found) => extract(found, text, evaluation));
    }),
  ],
  trim: [onText(trim)],
  uuid: [builtin([], (_, { now }) => uuid(now))],
  'to base64': [
    builtin(['value'], ([text = null], evaluation) => {
      if (!isString(text)) return undefined;
      evaluation.allocate(text.length * 4);
      return Buffer.from(text, 'utf8').toString('base64');
    }),
  ],
  'from base64': [
    builtin(['value'], ([text = null], evaluation) => {
      if (!isString(text)) return undefined;
      evaluation.allocate(text.length * 2);
      return Buffer.from(text, 'base64').toString('utf8');
    }),
  ],
  'is blank': [onText((text) => blank.test(text))],
};
