import { expect, it } from 'vitest';
import {
  newInstance,
  runTree,
  type TreeInstance,
  type TreeStore,
} from '../../src/engines/embedded/instances/run-tree.ts';
import type { Command } from '../../src/engines/embedded/interpreter/interpreter.ts';
import type { ProcessModel } from '../../src/engines/embedded/interpreter/model.ts';
import { readFile } from '../../src/engines/embedded/reading/read-file.ts';
import type { Variables } from '../../src/processes/value-types.ts';
import * as b from './diagram-builder.ts';

async function modelOf(xml: string): Promise<ProcessModel> {
  const [model] = (await readFile(xml)).models;
  if (!model) throw new Error('the diagram is refused');
  return model;
}

function storeOf(called: ProcessModel): TreeStore & { keys(): number } {
  let keys = 0;
  return {
    doesJobs: () => true,
    findCalled: async () => ({ definitionKey: 2, model: called }),
    describeMissing: () => 'there is none',
    newKey: async () => `${++keys}`,
    findChild: async () => undefined,
    keys: () => keys,
  };
}

/**
 * Runs the start and all further steps of its commands, like the worker.
 *
 * @returns the instances that have an incident
 */
async function runAll(store: TreeStore, root: TreeInstance, variables: Variables): Promise<TreeInstance[]> {
  const stopped: TreeInstance[] = [];
  const pending = new Set([root]);
  let command: Command = { kind: 'start', variables };
  for (const instance of pending) {
    const changed = await runTree(store, instance, command, new Date());
    expect(changed.length).toBeLessThan(100);
    command = { kind: 'continue' };
    pending.delete(instance);
    for (const one of changed) if (one.state.pending) pending.add(one);
    stopped.push(...changed.filter(({ status }) => status === 'incident'));
  }
  return stopped;
}

it('calls a process for each of thousands of items, a few with each command', {
  timeout: 60_000,
}, async () => {
  const collecting = {
    inputCollection: '=items',
    inputElement: 'item',
    outputCollection: 'results',
    outputElement: '=r',
  };
  const call = b.call('each', 'called', { loop: collecting, outputs: { r: '=double' } });
  const caller = await modelOf(b.process([b.start(), call, b.end(), b.flow('start -> each -> end')]));
  const called = await modelOf(
    b.process([b.start(), b.script('compute', '=item * 2', 'double'), b.flow('start -> compute')], { id: 'called' }),
  );
  const store = storeOf(called);
  const items = Array.from({ length: 2500 }, (_, index) => index);
  const root = newInstance({ key: 'root', definitionKey: 1, model: caller }, undefined);
  await runAll(store, root, { items });
  expect(store.keys()).toBe(items.length);
  expect(root.status).toBe('completed');
  expect(root.state.tokens[1]?.local?.results).toEqual(items.map((item) => item * 2));
});

it('does not call processes endlessly without a wait state', { timeout: 60_000 }, async () => {
  const calling = await modelOf(
    b.process([b.start(), b.xor('again'), b.call('call', 'called'), b.flow('start -> again -> call -> again')]),
  );
  const called = await modelOf(b.process([b.start(), b.end(), b.flow('start -> end')], { id: 'called' }));
  const store = storeOf(called);
  const root = newInstance({ key: 'root', definitionKey: 1, model: calling }, undefined);
  expect(await runAll(store, root, {})).toMatchObject([
    { reason: expect.stringMatching(/: the process has gone through 10000 elements without waiting anywhere$/) },
  ]);
  expect(store.keys()).toBeLessThan(1000);
});
