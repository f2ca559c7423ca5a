import { LRUCache } from 'lru-cache';
import { RE2JS } from 're2js';

/**
 * A regular expression run by RE2JS, in time linear in the length of the text. Patterns that cannot be matched that way (back
 * references, look-around) are refused.
 */
export interface Pattern {
  readonly regex: RE2JS;
  /** Number of instructions in its program: the maximum cost per character of a text. */
  readonly size: number;
}

/**
 * A match: where it starts and ends in the text, and the text of each group, the whole match first; null for a group that did
 * not take part.
 */
export interface Match {
  start: number;
  end: number;
  groups: (string | null)[];
}

/** Maximum length of a pattern in characters. */
const maximumLength = 1_000;
/** Maximum number of instructions in a pattern's program; `.{1000}` has about 2,000. */
const maximumSize = 3_000;
/** Number of compiled patterns cached; each takes at most about 100 kB. */
const keptPatterns = 100;

const compiled = new LRUCache<string, Pattern>({ max: keptPatterns });

/** The text is not a supported regular expression; the message says why, without quoting it. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
}

/** Returns a cached compiled pattern. `key` identifies the pattern and its dialect. */
export function keptPattern(key: string, compile: () => Pattern): Pattern {
  const pattern = compiled.get(key) ?? compile();
  compiled.set(key, pattern);
  return pattern;
}

/** Compiles a pattern in RE2's syntax. @throws PatternError */
export function compilePattern(source: string, flags = 0): Pattern {
  if (source.length > maximumLength) throw new PatternError(`it has more than ${maximumLength} characters`);
  const regex = compileRegex(source, flags);
  const size = regex.programSize();
  if (size > maximumSize) throw new PatternError('it repeats too much');
  return { regex, size };
}

/** The flag for {@link compilePattern} that makes `^` and `$` match at line breaks. */
export const multiline = RE2JS.MULTILINE;

function compileRegex(source: string, flags: number): RE2JS {
  try {
    return RE2JS.compile(source, flags);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.replace(/^error parsing regexp: /, '') : String(cause);
    throw new PatternError(reason, { cause });
  }
}

/** Counts the characters that RE2JS reads, which it does one by one. */
class WatchedText extends String {
  private readonly text: string;
  private readonly onRead: () => void;

  constructor(text: string, onRead: () => void) {
    super(text);
    this.text = text;
    this.onRead = onRead;
  }

  override charCodeAt(index: number): number {
    this.onRead();
    return this.text.charCodeAt(index);
  }
}

/**
 * Yields the matches of a pattern from the left, like Java's Matcher. `spend` is called with the cost of the search in steps
 * while it runs, and may throw to end it.
 */
export function* findMatches({ regex, size }: Pattern, text: string, spend: (steps: number) => void): Generator<Match> {
  // Up to one step per character and instruction; a quarter of them is already a bad case.
  const cost = 1 + size / 4;
  const matcher = regex.matcher(new WatchedText(text, () => spend(cost)) as unknown as string);
  // Before a search, RE2JS clears a table of at most 256 kbit.
  const clearing = Math.min(text.length * size, 262_144) / 1024;
  for (let from = 0; from <= text.length; ) {
    spend(clearing + cost);
    if (!matcher.find(from)) return;
    const [start, end] = [matcher.start(), matcher.end()];
    const groups = Array.from({ length: matcher.groupCount() + 1 }, (_, group) => matcher.group(group));
    yield { start, end, groups };
    from = end > start ? end : end + 1;
  }
}

/** Whether a text contains a match. */
export function matchesAnywhere(pattern: Pattern, text: string, spend: (steps: number) => void): boolean {
  return !findMatches(pattern, text, spend).next().done;
}

/** Maximum number of steps for a field's value, the same as for an expression. */
const maximumFieldSteps = 5_000_000;

/** Compiles the pattern of a form field, which is in the syntax of browsers. @throws PatternError */
export const compileFieldPattern = (source: string): Pattern =>
  keptPattern(`field ${source}`, () => compilePattern(RE2JS.translateRegExp(source)));

/** Whether a field's value contains a match. A value that is too long to search has none. */
export function matchesField(source: string, value: string): boolean {
  let left = maximumFieldSteps;
  try {
    return matchesAnywhere(compileFieldPattern(source), value, (steps) => {
      left -= steps;
      if (left < 0) throw new TooLongError();
    });
  } catch (error) {
    if (error instanceof TooLongError) return false;
    throw error;
  }
}

class TooLongError extends Error {
  override readonly name = 'TooLongError';
}
