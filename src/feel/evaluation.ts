import { FeelLimitError } from './errors.ts';

/**
 * Maximum number of steps per evaluation: nodes evaluated, items and characters touched, comparisons made. A step takes some 60
 * ns on a server, and 200 ns at most, so no expression blocks the event loop for longer than about 0.6 s.
 */
export const maximumSteps = 3_000_000;

/** Maximum number of bytes allocated by one evaluation, estimated and never given back: lists, texts, contexts, decimals. */
export const maximumBytes = 64_000_000;

/** Maximum nesting of expressions over all active function calls, within the limits of Node's stack. */
export const maximumDepth = 150;

/** Maximum nesting of lists and contexts in a value. */
export const maximumNesting = 500;

/** Memory that V8 needs, in bytes; higher for values that are slow to create. */
export const sizes = { list: 48, item: 16, character: 2, entry: 160, decimal: 300, temporal: 3_000 };

/** One evaluation of an expression: its clock and its remaining budget. */
export class Evaluation {
  readonly now: Date;
  private steps = maximumSteps;
  private bytes = maximumBytes;
  private depth = 0;

  constructor(now: Date) {
    this.now = now;
  }

  /** @throws FeelLimitError */
  spend(steps: number): void {
    this.steps -= steps;
    if (this.steps < 0) throw new FeelLimitError(`takes more than ${maximumSteps.toLocaleString('en')} steps`);
  }

  /** Counts memory before it is allocated, and one step per 16 bytes. @throws FeelLimitError */
  allocate(bytes: number): void {
    this.bytes -= bytes;
    if (this.bytes < 0) throw new FeelLimitError(`takes more than ${maximumBytes / 1_000_000} MB of memory`);
    this.spend(bytes / sizes.item);
  }

  /** Evaluates the body of a function, which nests `depth` expressions. @throws FeelLimitError */
  call<T>(depth: number, body: () => T): T {
    this.depth += depth;
    if (this.depth > maximumDepth) throw new FeelLimitError('has functions that call each other too deeply');
    try {
      return body();
    } finally {
      this.depth -= depth;
    }
  }
}

/** @throws FeelLimitError */
export function requireNesting(level: number): void {
  if (level > maximumNesting) throw new FeelLimitError(`has a value of more than ${maximumNesting} levels`);
}
