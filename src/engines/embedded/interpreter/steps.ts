import type { Json, Variables } from '../../../processes/value-types.ts';
import type { TaskChanges } from './effects.ts';

/** A step to run before the instance waits again. JSON, since remaining steps are stored for the next command. */
export type Step = { age?: number } & (
  | Enter
  /** A token begins its work at its element. */
  | { kind: 'activate'; token: number; variables?: Variables }
  /**
   * The work of the token's element is done. `flows`: ids of the flows to take, if not all. `task`: who completed a user task,
   * and its listeners' changes.
   */
  | { kind: 'leave'; token: number; variables?: Variables; flows?: string[]; task?: CompletedTask }
  /** The `canceling` listeners are done: the token is removed. */
  | { kind: 'end'; token: number }
  /** A scope may have lost its last token. */
  | { kind: 'settle'; scope: number }
  /** Begins the instance with this number, from 1, of the token's multi-instance activity. */
  | { kind: 'iterate'; token: number; number: number }
  | Sweep
);

export interface CompletedTask {
  /** Slack id. */
  by?: string;
  changes?: TaskChanges;
}

/**
 * A token enters an element: by a flow, as the first in its scope, or by a caught event. `happened`: the element is an event
 * that has already happened, with these variables. `loop`: the element is the inner activity of the multi-instance activity
 * `scope`, for this item. `compensates`: the element is a compensation handler, for the event at this token.
 */
export interface Enter {
  kind: 'enter';
  elementId: string;
  scope: number;
  flowId?: string;
  happened?: true;
  loop?: LoopItem;
  compensates?: number;
  variables?: Variables;
}

/** An item of a multi-instance activity's list, numbered from 1. */
export interface LoopItem {
  number: number;
  item: Json;
}

/** Ends the separately stored tokens of a scope that has ended: those with keys below `before`. */
export interface Sweep {
  kind: 'sweep';
  scope: number;
  before: number;
  /** Number of them loaded in the state; absent: not looked up yet. */
  loaded?: number;
}

/** A first-in, first-out queue. Every query takes constant time, since there may be thousands of steps. */
export interface Steps {
  /** `age`: if it differs from the current step's. */
  push(step: Step, age?: number): void;
  /** Stores a step for a later command. */
  keep(step: Step): void;
  shift(): Step | undefined;
  isEmpty(): boolean;
  /** Whether a token is on its way into a scope. */
  leadInto(scope: number): boolean;
  /** Whether a token is about to leave its element. */
  leadOutOf(token: number): boolean;
  removeInto(scope: number): void;
  /** Drops all steps but sweeps. */
  clear(): void;
  /** Whether any steps but sweeps are left, including those of earlier commands. */
  hasWork(): boolean;
  /** Steps left for a later command. */
  left(): Step[];
  /** Number of elements that a token has entered in a row without waiting, up to the current step. */
  age: number;
}

export interface StepsToDo {
  ahead?: readonly Step[];
  /** Steps of earlier commands that this one leaves too. */
  kept?: readonly Step[];
  age?: number | undefined;
}

export function createSteps(given: StepsToDo = {}): Steps {
  const { kept = [], age = 0 } = given;
  let ahead: Step[] = [...(given.ahead ?? [])];
  let first = 0;
  let later = [...kept];
  const into = createCounts();
  const outOf = createCounts();
  const count = (step: Step, by: number) => {
    if (step.kind === 'enter') into.add(step.scope, by);
    if (step.kind === 'iterate') into.add(step.token, by);
    if (step.kind === 'leave') outOf.add(step.token, by);
  };
  const retain = (isWanted: (step: Step) => boolean) => {
    const isKept = (step: Step) => {
      if (isWanted(step)) return true;
      count(step, -1);
      return false;
    };
    ahead = ahead.slice(first).filter(isKept);
    first = 0;
    later = later.filter(isKept);
  };
  for (const step of [...ahead, ...later]) count(step, 1);
  const steps: Steps = {
    age,
    push(step, from = steps.age) {
      // Instances of a multi-instance activity do not count, since their list is finite.
      const age = step.kind === 'enter' && !step.loop ? from + 1 : from;
      ahead.push(age > 0 ? { ...step, age } : step);
      count(step, 1);
    },
    keep(step) {
      later.push(step);
      count(step, 1);
    },
    shift() {
      const step = ahead[first];
      if (!step) return undefined;
      first += 1;
      if (first > spare && 2 * first > ahead.length) {
        ahead = ahead.slice(first);
        first = 0;
      }
      count(step, -1);
      steps.age = step.age ?? 0;
      return step;
    },
    isEmpty: () => first === ahead.length,
    leadInto: (scope) => into.has(scope),
    leadOutOf: (token) => outOf.has(token),
    removeInto(scope) {
      if (!into.has(scope)) return;
      retain(
        (step) =>
          !(step.kind === 'enter' && step.scope === scope) && !(step.kind === 'iterate' && step.token === scope),
      );
    },
    clear: () => retain(({ kind }) => kind === 'sweep'),
    hasWork: () => first < ahead.length || later.some(({ kind }) => kind !== 'sweep'),
    left: () => [...later, ...ahead.slice(first)],
  };
  return steps;
}

/** The token that a step is about. */
export function tokenOf(step: Step): number {
  return 'scope' in step ? step.scope : step.token;
}

/** Number of processed steps kept before their space is freed. */
const spare = 1000;

function createCounts() {
  const counts = new Map<number, number>();
  return {
    has: (key: number) => counts.has(key),
    add(key: number, by: number) {
      const count = (counts.get(key) ?? 0) + by;
      if (count > 0) counts.set(key, count);
      else counts.delete(key);
    },
  };
}
