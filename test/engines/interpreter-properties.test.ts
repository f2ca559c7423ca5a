import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Effect } from '../../src/engines/embedded/interpreter/effects.ts';
import { type InstanceState, rootToken } from '../../src/engines/embedded/interpreter/instance-state.ts';
import {
  type Command,
  initialState,
  interpret,
  newBudget,
  type Outcome,
} from '../../src/engines/embedded/interpreter/interpreter.ts';
import type { ProcessModel } from '../../src/engines/embedded/interpreter/model.ts';
import { readFile } from '../../src/engines/embedded/reading/read-file.ts';
import { playStart } from './play.ts';
import { anyBlock } from './random-blocks.ts';
import { diagramOf } from './random-diagram.ts';

type Row = Extract<Effect, { kind: 'openTask' | 'openJob' | 'openTimer' | 'openSubscription' }>;

const opens = new Set<Effect['kind']>(['openTask', 'openJob', 'openTimer', 'openSubscription']);
const isRow = (effect: Effect): effect is Row => opens.has(effect.kind);
const closes: Record<string, Row['kind']> = {
  closeTask: 'openTask',
  closeJob: 'openJob',
  closeTimer: 'openTimer',
  closeSubscription: 'openSubscription',
};
/** More commands than any of these diagrams needs. */
const maximumCommands = 2000;

async function modelOf(xml: string): Promise<ProcessModel> {
  const { models, problems } = await readFile(xml);
  const [model] = models;
  if (!model) throw new Error(`the diagram is refused: ${problems.map(({ reason }) => reason).join('; ')}`);
  return model;
}

/** The rows that are open after a command. Nothing is opened twice, and only open work is closed. */
function applied(rows: readonly Row[], effects: readonly Effect[]): Row[] {
  let left = [...rows];
  const isSame = (row: Row, kind: Effect['kind'], effect: { token: number; elementId?: string }) =>
    row.kind === kind && row.token === effect.token && (effect.elementId ?? row.elementId) === row.elementId;
  for (const effect of effects) {
    const opened = closes[effect.kind];
    if (isRow(effect)) {
      expect(left.some((row) => isSame(row, effect.kind, effect))).toBe(false);
      left.push(effect);
    } else if (opened && 'token' in effect) {
      const before = left.length;
      left = left.filter((row) => !isSame(row, opened, effect));
      // A timer that has fired, or that a gateway waited for, may be closed again.
      const isClosed = left.length === before - 1 || effect.kind === 'closeTimer';
      expect(isClosed, `closes what is not open: ${JSON.stringify(effect)}`).toBe(true);
    } else if (effect.kind === 'holdJob' || effect.kind === 'releaseJob') {
      expect(left.some((row) => isSame(row, 'openJob', effect))).toBe(true);
    } else throw new Error(`an effect that none of these diagrams has: ${effect.kind}`);
  }
  return left;
}

/** Every active element waits for something that will happen, contains an element that does, or has an incident. */
function expectNothingStuck({ state }: Outcome, rows: readonly Row[]): void {
  for (const [key, token] of Object.entries(state.tokens)) {
    const holds =
      Object.values(state.tokens).some(({ scope }) => scope === Number(key)) ||
      token.arrived ||
      token.handlers ||
      token.incident;
    const waits = rows.some((row) => row.token === Number(key));
    expect(holds || waits || Number(key) === rootToken, `${token.element} waits for nothing`).toBeTruthy();
  }
  for (const row of rows) expect(state.tokens[row.token], `nothing is at ${row.elementId}`).toBeDefined();
}

/** Element id → number of times its work was done, from the history of all commands. */
function workDone(outcomes: readonly Outcome[]): Map<string, number> {
  const elements = new Map<number, string>();
  const done = new Map<string, number>();
  const left = new Set<number>();
  for (const { history } of outcomes) {
    for (const [token, element] of history.entered ?? []) {
      expect(elements.has(token), `the token ${token} is made twice`).toBe(false);
      elements.set(token, element);
    }
    for (const token of [...(history.completed ?? []), ...(history.terminated ?? [])]) {
      expect(elements.has(token) && !left.has(token), `the token ${token} is ended twice, or was never made`).toBe(
        true,
      );
      left.add(token);
    }
    for (const token of history.completed ?? []) {
      const element = elements.get(token) ?? '';
      if (element.startsWith('work')) done.set(element, (done.get(element) ?? 0) + 1);
    }
  }
  expect(left.size, 'tokens that were never ended').toBe(elements.size);
  return done;
}

describe('the interpreter, for any well-structured diagram', () => {
  it('loses and invents no tokens, ends, and continues from the saved state wherever its budget ends', async () => {
    const schedule = fc.array(fc.nat(1000), { minLength: 20, maxLength: 20 });
    const property = fc.asyncProperty(anyBlock, schedule, async (block, turns) => {
      const { xml, variables, happening, expected } = diagramOf(block);
      const model = await modelOf(xml);
      // Like after a restart: only the file and the saved state are left.
      const again = await modelOf(xml);
      const outcomes: Outcome[] = [];
      let saved: unknown = initialState;
      let rows: Row[] = [];
      let last: Outcome = {
        state: initialState,
        effects: [],
        history: {},
        status: 'active',
        reason: undefined,
        age: 0,
      };
      const run = (command: Command) => {
        const chance = turns[outcomes.length % turns.length] ?? 0;
        const budget = () => (chance % 2 === 0 ? newBudget() : { steps: 1 + (chance % 7) });
        const [state, stored] = [asStored(saved) as InstanceState, asStored(command) as Command];
        const restored = interpret(again, state, stored, playStart, undefined, budget());
        last = interpret(model, last.state, command, playStart, undefined, budget());
        expect(asStored(restored)).toEqual(asStored(last));
        saved = restored.state;
        outcomes.push(last);
        rows = applied(rows, last.effects);
        const isOver = last.status !== 'active' && last.status !== 'incident';
        if (!isOver && !last.state.pending) expectNothingStuck(last, rows);
      };
      const happened = new Set<string>();
      const failed = new Set<number>();
      run({ kind: 'start', variables });
      for (let turn = 0; last.status === 'active' || last.status === 'incident'; turn++) {
        if (turn > maximumCommands) throw new Error(`it goes on and on: ${JSON.stringify(last.state)}`);
        const chance = turns[turn % turns.length] ?? 0;
        const due = rows.find((row) => happening.has(row.elementId) && !happened.has(`${row.token} ${row.elementId}`));
        const stopped = Object.entries(last.state.tokens).filter(([, { incident }]) => incident);
        const held = new Set(stopped.map(([key]) => Number(key)));
        const work = rows.filter(({ kind, token }) => (kind === 'openTask' || kind === 'openJob') && !held.has(token));
        const row = due ?? work[chance % work.length];
        if (last.state.pending && (!row || chance % 4 < 3)) {
          run({ kind: 'continue' });
        } else if (stopped.length > 0 && (!row || chance % 3 === 0)) {
          run({ kind: 'setVariables', token: rootToken, variables: { isMended: true }, local: false });
          for (const [key] of stopped) run({ kind: 'resolve', token: Number(key), retries: 1 });
        } else if (!row) {
          throw new Error(`nothing can be done: ${JSON.stringify(last.state)}`);
        } else if (row.kind === 'openJob' && chance % 5 === 0 && !failed.has(row.token)) {
          failed.add(row.token);
          run({ kind: 'failJob', token: row.token, reason: 'by chance' });
        } else {
          happened.add(`${row.token} ${row.elementId}`);
          run(commandFor(row));
        }
      }
      expect(last.status, last.reason).toBe('completed');
      expect(rows).toEqual([]);
      expect(Object.fromEntries(workDone(outcomes))).toEqual(Object.fromEntries(expected));
    });
    await fc.assert(property, { numRuns: 500 });
  });
});

/** The value as the database returns it, which reorders an object's entries. */
function asStored(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_, entry: unknown) => {
    if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return entry;
    const entries = Object.entries(entry);
    return Object.fromEntries(entries.sort(([a], [b]) => a.length - b.length || (a < b ? -1 : 1)));
  });
}

/** The command that closes the row: its event happens, or its work is done. */
function commandFor({ token, ...row }: Row): Command {
  if (row.kind === 'openTimer') return { ...row, kind: 'fireTimer', token };
  if (row.kind === 'openSubscription') return { kind: 'trigger', token, elementId: row.elementId, variables: {} };
  return { kind: 'complete', token, variables: {} };
}
