import type { FeelValue } from './values.ts';

export type ArithmeticSign = '+' | '-' | '*' | '/' | '**';
export type OrderSign = '<' | '<=' | '>' | '>=';
export type ComparisonSign = OrderSign | '=' | '!=';

export interface Iterator {
  name: string;
  /** A list, or a range of numbers, `1..3`. */
  items: Node | { from: Node; to: Node };
}

export interface RangeNode {
  kind: 'range';
  start: Node;
  startIsClosed: boolean;
  end: Node;
  endIsClosed: boolean;
}

/** `.key` or `[filter]` after a value. */
export type Step = { kind: 'path'; key: string } | { kind: 'filter'; filter: Node };

export type Arguments = { positional: Node[] } | { named: [name: string, value: Node][] };

/** A parsed expression. A chain of one operator is a single node, so long chains are not deep. */
export type Node =
  | { kind: 'value'; value: FeelValue }
  /** Kept apart, since a literal list index differs from a computed one. */
  | { kind: 'number'; value: FeelValue }
  | { kind: 'list'; items: Node[] }
  | { kind: 'context'; entries: [key: string, value: Node][] }
  | { kind: 'variable'; name: string }
  /** `?`, the tested value inside `in`. */
  | { kind: 'input' }
  | { kind: 'steps'; value: Node; steps: Step[] }
  | { kind: 'negation'; value: Node }
  | { kind: 'arithmetic'; first: Node; rest: [sign: ArithmeticSign, value: Node][] }
  | { kind: 'comparison'; sign: ComparisonSign; left: Node; right: Node }
  | { kind: 'between'; value: Node; low: Node; high: Node }
  | { kind: 'instance of'; value: Node; type: string }
  | { kind: 'and' | 'or'; operands: Node[] }
  | { kind: 'in'; value: Node; tests: Node[] }
  /** Tests of the input: `> 3`, `[1..5]`, and `true` or `false` at the very end of the text. */
  | { kind: 'order test'; sign: OrderSign; value: Node }
  | { kind: 'range test'; range: RangeNode }
  | { kind: 'equality test'; value: Node }
  /** Any other expression used as a test. */
  | { kind: 'value test'; value: Node }
  | RangeNode
  | { kind: 'if'; branches: [condition: Node, value: Node][]; else: Node }
  | { kind: 'for'; iterators: Iterator[]; body: Node }
  | { kind: 'some' | 'every'; iterators: Iterator[]; condition: Node }
  | { kind: 'function'; parameters: string[]; body: Node; depth: number }
  | { kind: 'call'; name: string; arguments: Arguments }
  /** A function of a context: `math.square(3)`. */
  | { kind: 'method call'; context: Node; name: string; arguments: Arguments };

/** The node and all nodes inside it. Values are searched too, but contain none. */
export function* nodesIn(part: unknown): Generator<Node> {
  if (typeof part !== 'object' || part === null) return;
  if ('kind' in part && typeof part.kind === 'string') yield part as Node;
  for (const inner of Object.values(part)) yield* nodesIn(inner);
}
