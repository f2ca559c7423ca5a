import { expect, test } from 'vitest';
import { gather } from '../../src/db/gather.ts';

/** Work that ends when the test says so. */
function slowWork() {
  const batches: { items: string[]; finish: (error?: Error) => void }[] = [];
  const work = (items: string[]) =>
    new Promise<string[]>((resolve, reject) => {
      const finish = (error?: Error) => (error ? reject(error) : resolve(items.map((item) => item.toUpperCase())));
      batches.push({ items, finish });
    });
  const begun = async (index: number) => {
    await expect.poll(() => batches.length).toBeGreaterThan(index);
    return batches[index] as (typeof batches)[number];
  };
  return { work, begun };
}

test('the first item goes at once, later ones go together, and each gets its own result', async () => {
  const { work, begun } = slowWork();
  const ask = gather({ work, atMost: 2 });
  const first = ask('a');
  await begun(0);
  const answers = Promise.all([first, ...['b', 'c', 'd'].map(ask)]);
  for (const [index, items] of [['a'], ['b', 'c'], ['d']].entries()) {
    const batch = await begun(index);
    expect(batch.items).toEqual(items);
    batch.finish();
  }
  expect(await answers).toEqual(['A', 'B', 'C', 'D']);
});

test('items of one turn go together', async () => {
  const { work, begun } = slowWork();
  const answers = Promise.all(['a', 'b'].map(gather({ work, atMost: 2 })));
  const batch = await begun(0);
  expect(batch.items).toEqual(['a', 'b']);
  batch.finish();
  expect(await answers).toEqual(['A', 'B']);
});

test('items of one key go one after the other, in the order in which they came', async () => {
  const { work, begun } = slowWork();
  const ask = gather({ work, atMost: 10, keyOf: (item: string) => item.slice(0, 1) });
  const answers = Promise.all(['x', 'a1', 'a2', 'b1', 'a3'].map(ask));
  for (const [index, items] of [['x', 'a1', 'b1'], ['a2'], ['a3']].entries()) {
    const batch = await begun(index);
    expect(batch.items).toEqual(items);
    batch.finish();
  }
  expect(await answers).toEqual(['X', 'A1', 'A2', 'B1', 'A3']);
});

test('only the item that cannot be done fails', async () => {
  const work = async (items: string[]) => {
    if (items.includes('bad')) throw new Error('no');
    return items;
  };
  const ask = gather({ work, atMost: 10 });
  const answers = await Promise.allSettled(['first', 'good', 'bad', 'fine'].map(ask));
  expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
  expect(await ask('later')).toBe('later');
});
