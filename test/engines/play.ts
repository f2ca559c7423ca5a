import { deserialize, serialize } from 'node:v8';
import type { Effect } from '../../src/engines/embedded/interpreter/effects.ts';
import { type InstanceState, rootToken } from '../../src/engines/embedded/interpreter/instance-state.ts';
import {
  type Command,
  initialState,
  interpret,
  type Outcome,
} from '../../src/engines/embedded/interpreter/interpreter.ts';
import type { ListenerResult } from '../../src/engines/embedded/interpreter/listeners.ts';
import { type ReadFile, readFile } from '../../src/engines/embedded/reading/read-file.ts';
import type { Variables } from '../../src/processes/value-types.ts';

type Opened = Extract<Effect, { kind: 'openTask' | 'openJob' | 'openTimer' | 'openSubscription' }>;

/** An instance in memory: the interpreter with the rows that its effects make. */
export interface Play {
  /** Ids of the elements that wait, sorted. */
  waiting(): string[];
  /** The oldest open row of the element. */
  opened(elementId: string): Opened;
  /** Completes the oldest task or job of the element. */
  complete(elementId: string, variables?: Variables): void;
  /** Completes the job of the element's listener. */
  answer(elementId: string, result?: ListenerResult, variables?: Variables): void;
  /** Sets variables at the element's oldest row. */
  setIn(elementId: string, variables: Variables): void;
  throwError(elementId: string, code: string, variables?: Variables): void;
  failJob(elementId: string, reason: string): void;
  /** Delivers a message or signal to the oldest subscription of the event. */
  trigger(elementId: string, variables?: Variables): void;
  /** Fires the oldest timer of the event. */
  fire(elementId: string): void;
  cancel(): void;
  /** Sets variables of the process. */
  set(variables: Variables): void;
  /** Resolves the oldest incident of the element. */
  resolve(elementId: string): void;
  status(): Outcome['status'];
  reason(): string | undefined;
  /** The variables of the process. */
  variables(): Variables;
  state(): InstanceState;
  cancelledTasks: string[];
}

export const playStart = new Date('2026-03-04T05:06:07Z');

/**
 * Starts the process of a diagram. The diagram was read by an earlier start of Kickoff, and the state is serialized to JSON
 * between commands, as in the database.
 */
export async function play(xml: string, variables: Variables = {}): Promise<Play> {
  const { models, problems } = deserialize(serialize(await readFile(xml))) as ReadFile;
  const [model] = models;
  if (!model) throw new Error(`the diagram is refused: ${problems.map(({ reason }) => reason).join('; ')}`);
  let rows: Opened[] = [];
  let last: Outcome = { state: initialState, effects: [], status: 'active', reason: undefined, history: {}, age: 0 };
  const cancelledTasks: string[] = [];
  const closed = (effect: Extract<Effect, { token: number }>) => {
    const found = rows.find(
      (row) =>
        'token' in effect &&
        row.token === effect.token &&
        ((effect.kind === 'closeTask' && row.kind === 'openTask') ||
          (effect.kind === 'closeJob' && row.kind === 'openJob') ||
          (effect.kind === 'closeTimer' && row.kind === 'openTimer' && row.elementId === effect.elementId) ||
          (effect.kind === 'closeSubscription' &&
            row.kind === 'openSubscription' &&
            row.elementId === effect.elementId)),
    );
    // A timer may be closed although it has already fired.
    if (!found && effect.kind !== 'closeTimer') throw new Error(`there is nothing to close: ${JSON.stringify(effect)}`);
    return found;
  };
  const run = (command: Command) => {
    const before = JSON.stringify(last.state);
    last = interpret(model, JSON.parse(before), command, playStart);
    for (const effect of last.effects) {
      if (
        effect.kind === 'openTask' ||
        effect.kind === 'openJob' ||
        effect.kind === 'openTimer' ||
        effect.kind === 'openSubscription'
      ) {
        rows.push(effect);
        continue;
      }
      if (effect.kind === 'releaseJob' || effect.kind === 'broadcast') continue;
      if (effect.kind === 'changeTask') continue;
      if (effect.kind === 'holdJob' || effect.kind === 'throwOutside') continue;
      if (effect.kind === 'moveTimer') {
        rows = rows.map((row) =>
          row.kind === 'openTimer' && row.token === effect.token && row.elementId === effect.elementId
            ? { ...effect, kind: 'openTimer' }
            : row,
        );
        continue;
      }
      const row = closed(effect);
      rows = rows.filter((other) => other !== row);
      if (row && effect.kind === 'closeTask' && effect.status === 'cancelled') cancelledTasks.push(row.elementId);
    }
    if (last.status !== 'active' && last.status !== 'incident' && rows.length > 0) {
      throw new Error(`it ended and left ${JSON.stringify(rows)}`);
    }
    if (last.state.pending) run({ kind: 'continue' });
  };
  const opened = (elementId: string) => {
    const row = rows.find((one) => one.elementId === elementId);
    if (!row) throw new Error(`nothing waits at ${elementId}, but at ${rows.map((one) => one.elementId)}`);
    return row;
  };
  run({ kind: 'start', variables });
  return {
    waiting: () => rows.map(({ elementId }) => elementId).sort(),
    opened,
    complete: (id, given = {}) => run({ kind: 'complete', token: opened(id).token, variables: given }),
    answer: (id, result = {}, given = {}) => {
      const row = rows.find((one) => one.elementId === id && one.kind === 'openJob');
      if (!row) throw new Error(`there is no job at ${id}`);
      run({ kind: 'complete', token: row.token, variables: given, result });
    },
    setIn: (id, given) => run({ kind: 'setVariables', token: opened(id).token, variables: given, local: false }),
    throwError: (id, code, given = {}) =>
      run({ kind: 'throwError', token: opened(id).token, code, message: '', variables: given }),
    failJob: (id, reason) => run({ kind: 'failJob', token: opened(id).token, reason }),
    fire: (elementId) => {
      const { token, ...timer } = opened(elementId);
      if (timer.kind !== 'openTimer') throw new Error(`${elementId} is no timer`);
      run({ ...timer, kind: 'fireTimer', token });
    },
    trigger: (elementId, given = {}) =>
      run({ kind: 'trigger', token: opened(elementId).token, elementId, variables: given }),
    cancel: () => run({ kind: 'cancel' }),
    set: (given) => run({ kind: 'setVariables', token: rootToken, variables: given, local: false }),
    resolve: (elementId) => {
      const stopped = Object.entries(last.state.tokens).find(([, one]) => one.element === elementId && one.incident);
      if (!stopped) throw new Error(`nothing has stopped at ${elementId}`);
      run({ kind: 'resolve', token: Number(stopped[0]), retries: 1 });
    },
    status: () => last.status,
    reason: () => last.reason,
    variables: () => last.state.tokens[rootToken]?.local ?? {},
    state: () => last.state,
    cancelledTasks,
  };
}
