import { compilePattern, keptPattern, multiline, type Pattern, PatternError } from '../patterns.ts';
import { classEscapes, parseClass, setText } from './java-class.ts';

/** The flags of FEEL's functions; other letters are ignored, as in Camunda. */
interface PatternFlags {
  dotAll: boolean;
  multiline: boolean;
  ignoreCase: boolean;
  comments: boolean;
}

const flagsOf = (text: string): PatternFlags => ({
  dotAll: text.includes('s'),
  multiline: text.includes('m'),
  ignoreCase: text.includes('i'),
  comments: text.includes('x'),
});

const lineEnd = '\\n\\r\\x{85}\\x{2028}\\x{2029}';

/**
 * Translates a Java regular expression, as Camunda uses, to an equivalent one for RE2. `isTest`: only whether there is a match
 * matters, not where it ends.
 *
 * @throws PatternError for an invalid expression, and for what RE2 does not support: docs/feel.md lists it
 */
export function compileJavaPattern(pattern: string, flags: string, isTest = false): Pattern {
  return keptPattern(`java ${isTest} ${flags} ${pattern}`, () => {
    const known = flagsOf(flags);
    const translated = new Translation(pattern, known, isTest).translate();
    return compilePattern(translated, known.multiline ? multiline : 0);
  });
}

class Translation {
  private readonly pattern: string;
  private readonly isTest: boolean;
  private flags: PatternFlags;
  /** The flags to restore at the end of each open group. */
  private readonly outer: PatternFlags[] = [];
  private at = 0;
  private result = '';
  /** Whether a quantifier may follow. */
  private isRepeatable = false;

  constructor(pattern: string, flags: PatternFlags, isTest: boolean) {
    this.pattern = pattern;
    this.flags = flags;
    this.isTest = isTest;
  }

  translate(): string {
    while (this.at < this.pattern.length) this.next();
    if (this.outer.length > 0) throw new PatternError('a group is not closed');
    return this.result;
  }

  private next(): void {
    const character = String.fromCodePoint(this.pattern.codePointAt(this.at) ?? 0);
    this.at += character.length;
    switch (character) {
      case '\\':
        this.escape();
        return;
      case '[': {
        const { set, end } = parseClass(this.pattern, this.at, this.flags.comments);
        this.at = end;
        this.add(setText(set, this.flags.ignoreCase));
        return;
      }
      case '(':
        this.open();
        return;
      case ')': {
        const flags = this.outer.pop();
        if (!flags) throw new PatternError('a group is closed that is not open');
        this.flags = flags;
        this.add(')');
        return;
      }
      case '|':
        this.add('|', false);
        return;
      case '^':
        this.add('^', false);
        return;
      case '$':
        this.add(this.flags.multiline ? '$' : this.atEnd(), false);
        return;
      case '.':
        this.add(this.flags.dotAll ? '(?s:.)' : `[^${lineEnd}]`);
        return;
      case '*':
      case '+':
      case '?':
        this.repeat(character);
        return;
      case '{':
        this.repeat(this.count());
        return;
      default:
        this.literal(character);
        return;
    }
  }

  private add(text: string, isRepeatable = true): void {
    this.result += text;
    this.isRepeatable = isRepeatable;
  }

  private literal(character: string): void {
    if (this.flags.comments && /\s/.test(character)) return;
    if (this.flags.comments && character === '#') {
      const end = this.pattern.slice(this.at).search(/[\n\r\u0085\u2028\u2029]/);
      this.at = end < 0 ? this.pattern.length : this.at + end;
      return;
    }
    const code = character.codePointAt(0) ?? 0;
    this.add(setText({ isNegated: false, ranges: [[code, code]], classes: [] }, this.flags.ignoreCase));
  }

  /** Matches the end of the text. Java also matches before a final line break, which RE2 can only consume. */
  private atEnd(): string {
    return this.isTest ? `(?:\\r\\n|[${lineEnd}])?\\z` : '\\z';
  }

  private repeat(quantifier: string): void {
    if (!this.isRepeatable) throw new PatternError(`there is nothing for ${quantifier} to repeat`);
    const next = this.pattern[this.at];
    if (next === '+') throw new PatternError(`the possessive quantifier ${quantifier}+ is not supported`);
    if (next === '?') this.at += 1;
    this.add(next === '?' ? `${quantifier}?` : quantifier, false);
  }

  private count(): string {
    const found = /^\d+(?:,\d*)?\}/.exec(this.pattern.slice(this.at))?.[0];
    if (found === undefined) throw new PatternError('a count in braces is expected behind {');
    this.at += found.length;
    return `{${found}`;
  }

  private open(): void {
    const rest = this.pattern.slice(this.at);
    const group = /^\?(?::|<[a-zA-Z][a-zA-Z0-9]*>)/.exec(rest)?.[0] ?? '';
    const inline = /^\?([a-zA-Z]*)(?:-([a-zA-Z]+))?([:)])/.exec(rest);
    if (rest.startsWith('?') && !group && !inline) {
      if (/^\?<?[=!]/.test(rest)) throw new PatternError('looking ahead or behind, like (?=…), is not supported');
      if (rest.startsWith('?>')) throw new PatternError('the atomic group (?>…) is not supported');
      throw new PatternError('a group begins in an unknown way');
    }
    if (inline && !group) {
      const [all, on = '', off = '', end] = inline;
      if (/[^imsx]/.test(on + off)) throw new PatternError(`the flags ${on}${off} are not supported`);
      this.at += all.length;
      const before = this.flags;
      this.flags = { ...before, ...changed(on, true), ...changed(off, false) };
      if (this.flags.multiline !== before.multiline) throw new PatternError('the flag m is not supported in a group');
      if (end === ')') return;
      this.outer.push(before);
      this.add('(?:', false);
      return;
    }
    this.at += group.length;
    this.outer.push(this.flags);
    this.add(`(${group}`, false);
  }

  private escape(): void {
    const rest = this.pattern.slice(this.at);
    if (rest.startsWith('Q')) {
      const end = this.pattern.indexOf('\\E', this.at);
      const quoted = this.pattern.slice(this.at + 1, end < 0 ? undefined : end);
      const outer = this.flags;
      this.flags = { ...outer, comments: false };
      for (const character of quoted) this.literal(character);
      this.flags = outer;
      this.at = end < 0 ? this.pattern.length : end + 2;
      return;
    }
    if (/^[1-9]/.test(rest)) throw new PatternError('a reference back to a group, like \\1, is not supported');
    if (rest.startsWith('k')) throw new PatternError('a reference back to a group, like \\k<name>, is not supported');
    const place = rest[0] ?? '';
    if (place === 'b' && rest.startsWith('b{')) throw new PatternError('\\b{g} is not supported');
    if ('bBAzZ'.includes(place) && place !== '') {
      this.at += 1;
      this.add(place === 'Z' ? this.atEnd() : `\\${place}`, false);
      return;
    }
    if (place === 'R') {
      this.at += 1;
      this.add(`(?:\\r\\n|[\\x0b\\f${lineEnd}])`);
      return;
    }
    const { set, length } = classEscapes(rest);
    this.at += length;
    this.add(setText(set, this.flags.ignoreCase));
  }
}

function changed(letters: string, to: boolean): Partial<PatternFlags> {
  return {
    ...(letters.includes('s') && { dotAll: to }),
    ...(letters.includes('m') && { multiline: to }),
    ...(letters.includes('i') && { ignoreCase: to }),
    ...(letters.includes('x') && { comments: to }),
  };
}
