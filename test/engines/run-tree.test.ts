import { expect, it } from 'vitest';
import { newInstance, runTree, type TreeStore } from '../../src/engines/embedded/instances/run-tree.ts';
import type { ProcessModel } from '../../src/engines/embedded/interpreter/model.ts';
import { readFile } from '../../src/engines/embedded/reading/read-file.ts';
import * as b from './diagram-builder.ts';

async function modelOf(xml: string): Promise<ProcessModel> {
  const [model] = (await readFile(xml)).models;
  if (!model) throw new Error('the diagram is refused');
  return model;
}

it('calls a process for each of thousands of items in one command, and lets others have their turn', {
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
  let keys = 0;
  const store: TreeStore = {
    findCalled: async () => ({ definitionKey: 2, model: called }),
    describeMissing: () => 'there is none',
    newKey: async () => `${++keys}`,
    findChild: async () => undefined,
  };
  const items = Array.from({ length: 5500 }, (_, index) => index);
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  const root = newInstance({ key: 'root', definitionKey: 1, model: caller }, undefined);
  const instances = await runTree(store, root, { kind: 'start', variables: { items } }, new Date());
  clearInterval(timer);
  expect(instances).toHaveLength(items.length + 1);
  expect(root.status).toBe('completed');
  expect(root.state.tokens[1]?.local?.results).toEqual(items.map((item) => item * 2));
  expect(turns).toBeGreaterThan(10);
});
