import { LRUCache } from 'lru-cache';
import { RE2JS } from 're2js';

/**
 * Regular expressions on RE2JS, whose time grows with the length of the text and never explodes. What cannot be matched
 * that way (back references, looking around) it refuses.
 */
export interface Pattern {
  readonly regex: RE2JS;
  /** Instructions of its program: what a character of a text costs at most. */
  readonly size: number;
}

/** Where a match is, from its groups' starts and ends: -1 for a group that took no part. */
export interface Match {
  start: number;
  end: number;
  groups: (string | null)[];
}

/** Characters of a pattern. */
const maximumLength = 1_000;
/** Instructions of a pattern's program; `.{1000}` has some 2,000. */
const maximumSize = 3_000;
/** Compiled patterns that are kept; each takes some 100 kB at most. */
const keptPatterns = 100;

const compiled = new LRUCache<string, Pattern>({ max: keptPatterns });

/** A text is not a regular expression that can be run; `reason` tells why, without the text. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
}

/** Compiles a pattern once: the few that are in use are kept, by a text that tells its dialect too. */
export function keptPattern(key: string, compile: () => Pattern): Pattern {
  const pattern = compiled.get(key) ?? compile();
  compiled.set(key, pattern);
  return pattern;
}

/** Compiles what RE2 understands. @throws PatternError */
export function compilePattern(source: string, flags = 0): Pattern {
  if (source.length > maximumLength) throw new PatternError(`it has more than ${maximumLength} characters`);
  const regex = compileRegex(source, flags);
  const size = regex.programSize();
  if (size > maximumSize) throw new PatternError('it repeats too much');
  return { regex, size };
}

export const multiline = RE2JS.MULTILINE;

function compileRegex(source: string, flags: number): RE2JS {
  try {
    return RE2JS.compile(source, flags);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.replace(/^error parsing regexp: /, '') : String(cause);
    throw new PatternError(reason, { cause });
  }
}

/** Tells of each character that the engine reads: it asks for them one by one. */
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
 * The matches of a pattern from the left, as Java's Matcher finds them. `spend` is told what the search costs while it
 * goes on, in steps, and may throw to end it.
 */
export function* findMatches({ regex, size }: Pattern, text: string, spend: (steps: number) => void): Generator<Match> {
  // A character costs the engine a step for every instruction that it may be at; a quarter of them is a bad day.
  const cost = 1 + size / 4;
  const matcher = regex.matcher(new WatchedText(text, () => spend(cost)) as unknown as string);
  // Before a search, the engine clears a table of at most 256 kbit.
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

/** Whether a text has a match anywhere. */
export function matchesAnywhere(pattern: Pattern, text: string, spend: (steps: number) => void): boolean {
  return !findMatches(pattern, text, spend).next().done;
}

/** Steps that a field's value may take: no more than an expression may. */
const maximumFieldSteps = 5_000_000;

/** The pattern of a form's field, which is written for browsers. @throws PatternError */
export const compileFieldPattern = (source: string): Pattern =>
  keptPattern(`field ${source}`, () => compilePattern(RE2JS.translateRegExp(source)));

/** Whether a field's value has a match anywhere. One that is too long to be looked through has none. */
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
