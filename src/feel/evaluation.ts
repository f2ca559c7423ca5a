import { FeelLimitError } from './errors.ts';

/**
 * Steps of one evaluation: nodes evaluated, items and characters touched, comparisons made. A step takes some 60 ns
 * on a server, and 200 ns at most: no expression keeps the event loop for longer than some 0.6 s.
 */
export const maximumSteps = 3_000_000;

/** Bytes that one evaluation may make, counted roughly and never given back: lists, texts, contexts, decimals. */
export const maximumBytes = 64_000_000;

/** Expressions within each other in all functions that are being called at a time: Node's stack has room for them. */
export const maximumDepth = 150;

/** Levels of lists and contexts within each other in a value. */
export const maximumNesting = 500;

/** What V8 takes, in bytes; more where making it takes long. */
export const sizes = { list: 48, item: 16, character: 2, entry: 160, decimal: 300, temporal: 3_000 };

/** One run of an expression: its clock, and what it may still spend. */
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

  /** Counts what is made, before it is made. One step for 16 bytes too. @throws FeelLimitError */
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
