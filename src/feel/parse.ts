import { Decimal } from './decimal.ts';
import { FeelSyntaxError } from './errors.ts';
import {
  escapedNameAt,
  identifierAt,
  keyAt,
  type Lexeme,
  numberAt,
  quotedAt,
  skipSpace,
  unescaped,
  wordsAt,
} from './lexemes.ts';
import { simplified } from './numbers.ts';
import { parseDate, parseDateTime, parseDuration, parseTemporal, parseTime } from './parse-temporal.ts';
import type {
  Arguments,
  ArithmeticSign,
  ComparisonSign,
  Iterator,
  Node,
  OrderSign,
  RangeNode,
  Step,
} from './syntax.ts';
import { Failure, type FeelValue } from './values.ts';

/** Maximum nesting of expressions (brackets, calls, branches), within the limits of Node's stack. */
export const maximumExpressionDepth = 100;

/** Maximum number of attempts to parse a rule at a position. No expression written by a person comes near. */
const maximumAttempts = 1_000_000;

/**
 * Parses like Camunda's parser (feel-scala), which tries the rules of its grammar in a fixed order and takes the first that
 * matches. So `x orb` is `x or b`, and `orders(1)` is refused, in both.
 *
 * @throws FeelSyntaxError
 */
export function parseFeel(text: string, dialect: Dialect = 'process'): Node {
  return new Parser(text, dialect).parse();
}

/** In forms, `if`, `for`, `some` and `every` may follow a plus or minus without brackets: form-js has its own parser. */
export type Dialect = 'process' | 'form';

/** A parsed rule at a position, the position after it, and its nesting depth. */
interface Reading {
  node: Node | undefined;
  end: number;
  depth: number;
}

type Rule<T> = () => T | undefined;

class Parser {
  private readonly text: string;
  private at = 0;
  /** The farthest position at which parsing failed. */
  private farthest = 0;
  private depth = 0;
  /** The nesting depth of the function being parsed. */
  private deepest = 0;
  private attempts = 0;
  /** Parsed rules by position, so that none is parsed again on another path (packrat parsing). */
  private readonly read = {
    expression: new Map<number, Reading>(),
    arithmetic: new Map<number, Reading>(),
    postfix: new Map<number, Reading>(),
  };

  private readonly dialect: Dialect;

  constructor(text: string, dialect: Dialect) {
    this.text = text;
    this.dialect = dialect;
  }

  parse(): Node {
    const node = this.expression();
    this.skip();
    if (node && this.at === this.text.length) return node;
    const place = Math.max(this.farthest, node ? this.at : 0);
    if (skipSpace(this.text, place) >= this.text.length)
      throw new FeelSyntaxError(`is not complete at character ${place + 1}`);
    throw new FeelSyntaxError(`is not FEEL at character ${skipSpace(this.text, place) + 1}`);
  }

  // Tools: each advances and returns a result, or stays at its position and returns undefined.

  private skip(): void {
    this.at = skipSpace(this.text, this.at);
  }

  private attempt<T>(rule: Rule<T>): T | undefined {
    this.attempts += 1;
    if (this.attempts > maximumAttempts) throw new FeelSyntaxError('is too long');
    const { at } = this;
    const result = rule();
    if (result === undefined) this.at = at;
    return result;
  }

  private firstOf<T>(...rules: Rule<T>[]): T | undefined {
    for (const rule of rules) {
      const result = this.attempt(rule);
      if (result !== undefined) return result;
    }
    return undefined;
  }

  private once(name: keyof typeof this.read, rule: Rule<Node>): Node | undefined {
    this.skip();
    const { at } = this;
    const known = this.read[name].get(at);
    if (known) {
      this.at = known.end;
      this.deepest = Math.max(this.deepest, this.depth + known.depth);
      return known.node;
    }
    const outer = this.deepest;
    this.deepest = this.depth;
    const node = this.attempt(rule);
    this.read[name].set(at, { node, end: this.at, depth: this.deepest - this.depth });
    this.deepest = Math.max(outer, this.deepest);
    return node;
  }

  private descend(): void {
    this.depth += 1;
    this.deepest = Math.max(this.deepest, this.depth);
    if (this.depth > maximumExpressionDepth) {
      throw new FeelSyntaxError(`nests more than ${maximumExpressionDepth} expressions at character ${this.at + 1}`);
    }
  }

  /** A sign or a keyword. A keyword need not end a word: `in` also matches the beginning of `inside`. */
  private sign<T extends string>(...signs: T[]): T | undefined {
    this.skip();
    const found = signs.find((sign) => this.text.startsWith(sign, this.at));
    if (found === undefined) this.farthest = Math.max(this.farthest, this.at);
    else this.at += found.length;
    return found;
  }

  private lexeme(read: (text: string, at: number) => Lexeme | undefined): string | undefined {
    this.skip();
    const found = read(this.text, this.at);
    if (found) this.at = found.end;
    else this.farthest = Math.max(this.farthest, this.at);
    return found?.text;
  }

  /** Returns undefined if the first item is missing. */
  private separated<T>(separator: string, rule: Rule<T>): T[] | undefined {
    const first = this.attempt(rule);
    if (first === undefined) return undefined;
    const items = [first];
    for (;;) {
      const next = this.attempt(() => (this.sign(separator) ? rule() : undefined));
      if (next === undefined) return items;
      items.push(next);
    }
  }

  /** A chain of operators of one precedence. */
  private chain<S extends string>(
    operand: Rule<Node>,
    signs: S[],
    build: (first: Node, rest: [S, Node][]) => Node,
    further = operand,
  ) {
    const first = operand();
    if (!first) return undefined;
    const rest: [S, Node][] = [];
    for (;;) {
      const next = this.attempt(() => {
        const sign = this.sign(...signs);
        const value = sign && further();
        return value && ([sign, value] as [S, Node]);
      });
      if (next === undefined) return rest.length === 0 ? first : build(first, rest);
      rest.push(next);
    }
  }

  // Expressions, from the lowest precedence to the highest.

  private expression = (): Node | undefined => {
    this.descend();
    const node = this.once('expression', () =>
      this.firstOf(this.conditional, this.loop, this.quantified, this.disjunction),
    );
    this.depth -= 1;
    return node;
  };

  /** Any number of `else if` branches becomes one node. */
  private conditional = (): Node | undefined => {
    const branches: [Node, Node][] = [];
    for (;;) {
      const branch = this.attempt(this.branch);
      if (!branch) break;
      branches.push(branch);
    }
    const otherwise = branches.length > 0 ? this.expression() : undefined;
    return otherwise && { kind: 'if', branches, else: otherwise };
  };

  private branch = (): [Node, Node] | undefined => {
    const condition = this.sign('if') && this.expression();
    const value = condition && this.sign('then') && this.expression();
    return value && this.sign('else') ? [condition, value] : undefined;
  };

  private loop = (): Node | undefined => {
    if (!this.sign('for')) return undefined;
    const iterators = this.separated(',', this.iterator);
    if (!iterators || !this.sign('return')) return undefined;
    const body = this.expression();
    return body && { kind: 'for', iterators, body };
  };

  private quantified = (): Node | undefined => {
    const kind = this.sign('some', 'every');
    const iterators = kind && this.separated(',', this.iterator);
    if (!iterators || !this.sign('satisfies')) return undefined;
    const condition = this.expression();
    return condition && { kind, iterators, condition };
  };

  private iterator = (): Iterator | undefined => {
    const name = this.name();
    if (name === undefined || !this.sign('in')) return undefined;
    const items = this.firstOf<Iterator['items']>(this.iteratedRange, this.postfix);
    return items && { name, items };
  };

  private iteratedRange = (): { from: Node; to: Node } | undefined => {
    const from = this.arithmetic();
    if (!from || !this.sign('..')) return undefined;
    const to = this.arithmetic();
    return to && { from, to };
  };

  private disjunction = (): Node | undefined =>
    this.chain(this.conjunction, ['or'], (first, rest) => ({ kind: 'or', operands: [first, ...rest.map(secondOf)] }));

  private conjunction = (): Node | undefined =>
    this.chain(this.comparison, ['and'], (first, rest) => ({ kind: 'and', operands: [first, ...rest.map(secondOf)] }));

  private comparison = (): Node | undefined => {
    const value = this.attempt(this.arithmetic);
    if (!value) return this.simpleTest();
    return (
      this.firstOf(
        () => this.binaryComparison(value),
        () => this.between(value),
        () => this.instanceOf(value),
        () => this.inTests(value),
      ) ?? value
    );
  };

  private binaryComparison(left: Node): Node | undefined {
    const sign = this.sign<ComparisonSign>('<=', '>=', '<', '>', '!=', '=');
    const right = sign && this.arithmetic();
    return right && { kind: 'comparison', sign, left, right };
  }

  private between(value: Node): Node | undefined {
    const low = this.sign('between') && this.arithmetic();
    const high = low && this.sign('and') && this.arithmetic();
    return high && { kind: 'between', value, low, high };
  }

  private instanceOf(value: Node): Node | undefined {
    if (!this.sign('instance') || !this.sign('of')) return undefined;
    const type =
      this.sign('years and months duration', 'days and time duration', 'date and time', 'function') ??
      this.qualifiedName()?.join('.');
    return type === undefined ? undefined : { kind: 'instance of', value, type };
  }

  private inTests(value: Node): Node | undefined {
    if (!this.sign('in')) return undefined;
    const tests = this.firstOf<Node[]>(
      () => {
        const found = this.sign('(') && this.separated(',', this.test);
        return found && this.sign(')') ? found : undefined;
      },
      () => {
        const test = this.test();
        return test && [test];
      },
    );
    return tests && { kind: 'in', value, tests };
  }

  private test = (): Node | undefined =>
    this.firstOf<Node>(
      () => {
        const value = this.sign('true', 'false');
        this.skip();
        if (!value || this.at < this.text.length) return undefined;
        return { kind: 'equality test', value: { kind: 'value', value: value === 'true' } };
      },
      this.simpleTest,
      () => {
        const value = this.expression();
        return value && { kind: 'value test', value };
      },
    );

  private simpleTest = (): Node | undefined =>
    this.firstOf<Node>(
      () => {
        const sign = this.sign<OrderSign>('<=', '>=', '<', '>');
        const value = sign && this.arithmetic();
        return value && { kind: 'order test', sign, value };
      },
      () => {
        const range = this.range();
        return range && { kind: 'range test', range };
      },
    );

  private range = (): RangeNode | undefined => {
    const opening = this.sign('(', ']', '[');
    if (!opening) return undefined;
    this.descend();
    const start = this.arithmetic();
    const end = start && this.sign('..') && this.arithmetic();
    this.depth -= 1;
    const closing = end && this.sign(')', '[', ']');
    if (!closing) return undefined;
    return { kind: 'range', start, startIsClosed: opening === '[', end, endIsClosed: closing === ']' };
  };

  private arithmetic = (): Node | undefined =>
    this.once('arithmetic', () => this.chain(this.product, ['+', '-'], arithmeticNode, this.summand));

  private summand = (): Node | undefined =>
    this.dialect === 'process'
      ? this.product()
      : this.firstOf(this.conditional, this.loop, this.quantified, this.product);

  private product = (): Node | undefined => this.chain(this.power, ['*', '/'], arithmeticNode);

  private power = (): Node | undefined => this.chain(this.negation, ['**'], arithmeticNode);

  private negation = (): Node | undefined => {
    const isNegated = this.sign('-') !== undefined;
    const value = this.postfix();
    return value && isNegated ? { kind: 'negation', value } : value;
  };

  /** A value followed by paths and filters. */
  private postfix = (): Node | undefined =>
    this.once('postfix', () => {
      const value = this.attempt(this.terminal);
      if (!value) return undefined;
      const steps: Step[] = [];
      for (;;) {
        const step = this.firstOf<Step>(this.pathStep, this.filterStep);
        if (!step) return withSteps(value, steps);
        steps.push(step);
      }
    });

  private pathStep = (): Step | undefined => {
    const key = this.sign('.') && this.property();
    return key === undefined ? undefined : { kind: 'path', key };
  };

  private filterStep = (): Step | undefined => {
    const filter = this.sign('[') && this.expression();
    return filter && this.sign(']') ? { kind: 'filter', filter } : undefined;
  };

  private terminal = (): Node | undefined =>
    this.firstOf<Node>(
      this.temporal,
      this.call,
      this.variable,
      this.literal,
      this.list,
      this.context,
      () => (this.sign('?') ? { kind: 'input' } : undefined),
      this.functionDefinition,
      () => {
        const inner = this.sign('(') && this.expression();
        return inner && this.sign(')') ? inner : undefined;
      },
    );

  // Names

  private name = (): string | undefined => this.lexeme(identifierAt) ?? this.lexeme(escapedNameAt);

  /** The only property with a space in its name. */
  private property = (): string | undefined => this.sign('time offset') ?? this.name();

  private qualifiedName = (): string[] | undefined => this.separated('.', this.property);

  private parameterName = (): string | undefined => this.lexeme(wordsAt) ?? this.name();

  private variable = (): Node | undefined => {
    const names = this.qualifiedName();
    return names && variableNode(names);
  };

  // Values

  private temporal = (): Node | undefined =>
    this.firstOf<Node>(
      () => {
        const name = this.sign('duration', 'date and time', 'date', 'time');
        const text = name && this.sign('(') && this.lexeme(quotedAt);
        if (name === undefined || text === undefined || !this.sign(')')) return undefined;
        return { kind: 'value', value: temporalParsers[name](text) ?? new Failure(`"${text}" is not a ${name}`) };
      },
      () => {
        const text = this.sign('@') && this.lexeme(quotedAt);
        if (text === undefined) return undefined;
        return {
          kind: 'value',
          value: parseTemporal(text) ?? new Failure(`"${text}" is not a date, time or duration`),
        };
      },
    );

  private literal = (): Node | undefined => {
    const word = this.sign('null', 'true', 'false');
    if (word) return { kind: 'value', value: word === 'null' ? null : word === 'true' };
    const quoted = this.lexeme(quotedAt);
    if (quoted !== undefined) return { kind: 'value', value: unescaped(quoted) };
    const number = this.lexeme(numberAt);
    const decimal = number === undefined ? undefined : Decimal.parse(number);
    return decimal && { kind: 'number', value: simplified(decimal) };
  };

  private list = (): Node | undefined => {
    if (!this.sign('[')) return undefined;
    const items = this.separated(',', this.expression) ?? [];
    return this.sign(']') ? { kind: 'list', items } : undefined;
  };

  private context = (): Node | undefined => {
    if (!this.sign('{')) return undefined;
    const entries = this.separated(',', this.entry) ?? [];
    return this.sign('}') ? { kind: 'context', entries } : undefined;
  };

  private entry = (): [string, Node] | undefined => {
    const key = this.lexeme(keyAt) ?? this.parameterName() ?? this.lexeme(quotedAt);
    const value = key !== undefined && this.sign(':') ? this.expression() : undefined;
    return value && [key ?? '', value];
  };

  // Functions

  private functionDefinition = (): Node | undefined => {
    if (!this.sign('function') || !this.sign('(')) return undefined;
    const parameters = this.separated(',', this.parameterName) ?? [];
    if (!this.sign(')')) return undefined;
    const outer = this.deepest;
    this.deepest = this.depth;
    const body = this.expression();
    const depth = this.deepest - this.depth + 1;
    this.deepest = Math.max(outer, this.deepest);
    return body && { kind: 'function', parameters, body, depth };
  };

  private call = (): Node | undefined => {
    const words =
      this.lexeme(wordsAt) ?? this.sign('and', 'or', 'date and time', 'years and months duration', 'get or else');
    const names = words === undefined ? this.qualifiedName() : [words];
    // Not recorded as a failure: most names are not followed by a bracket.
    if (!names || this.text[skipSpace(this.text, this.at)] !== '(' || !this.sign('(')) return undefined;
    const given = this.firstOf<Arguments>(this.namedArguments, this.positionalArguments) ?? { positional: [] };
    const name = names.at(-1);
    if (name === undefined || !this.sign(')')) return undefined;
    if (names.length === 1) return { kind: 'call', name, arguments: given };
    return { kind: 'method call', context: variableNode(names.slice(0, -1)), name, arguments: given };
  };

  private namedArguments = (): Arguments | undefined => {
    const named = this.separated(',', () => {
      const name = this.parameterName();
      const value = name !== undefined && this.sign(':') ? this.argument() : undefined;
      return value && ([name, value] as [string, Node]);
    });
    return named && { named };
  };

  private positionalArguments = (): Arguments | undefined => {
    const positional = this.separated(',', this.argument);
    return positional && { positional };
  };

  private argument = (): Node | undefined => this.firstOf<Node>(this.range, this.expression);
}

const secondOf = ([, node]: [string, Node]): Node => node;

const arithmeticNode = (first: Node, rest: [ArithmeticSign, Node][]): Node => ({ kind: 'arithmetic', first, rest });

const withSteps = (value: Node, steps: Step[]): Node => (steps.length === 0 ? value : { kind: 'steps', value, steps });

const variableNode = ([name = '', ...keys]: string[]): Node =>
  withSteps(
    { kind: 'variable', name },
    keys.map((key) => ({ kind: 'path', key })),
  );

const temporalParsers: Record<'duration' | 'date and time' | 'date' | 'time', (text: string) => FeelValue | undefined> =
  { duration: parseDuration, 'date and time': parseDateTime, date: parseDate, time: parseTime };
