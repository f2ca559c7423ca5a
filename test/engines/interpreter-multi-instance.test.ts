import { describe, expect, it } from 'vitest';
import * as b from './diagram-builder.ts';
import { play } from './play.ts';

const around = (activity: string, further: string[] = []) =>
  b.process([b.start(), activity, b.userTask('after'), b.flow('start -> each -> after'), ...further]);
const collecting = {
  inputCollection: '=items',
  inputElement: 'item',
  outputCollection: 'results',
  outputElement: '=result',
};
const task = (loop: b.LoopOptions, options: b.JobOptions = {}) =>
  around(b.job('each', { loop: { inputCollection: '=items', inputElement: 'item', ...loop }, ...options }));

describe('an activity for each item', () => {
  it('runs in parallel for all of them, and collects the results in the order of the items', async () => {
    const instance = await play(task(collecting), { items: ['a', 'b', 'c'], result: 'mine' });
    expect(instance.waiting()).toEqual(['each', 'each', 'each']);
    instance.complete('each', { result: 1 });
    // Completes the oldest one that still waits.
    instance.complete('each', { result: 2 });
    expect(instance.waiting()).toEqual(['each']);
    expect(instance.variables()).toEqual({ items: ['a', 'b', 'c'], result: 'mine' });
    instance.complete('each', { result: 3 });
    expect(instance.waiting()).toEqual(['after']);
    expect(instance.variables()).toEqual({ items: ['a', 'b', 'c'], result: 'mine', results: [1, 2, 3] });
  });

  it('runs for one after the other, if it is sequential', async () => {
    const instance = await play(task({ ...collecting, sequential: true }), { items: ['a', 'b'] });
    expect(instance.waiting()).toEqual(['each']);
    instance.complete('each', { result: 1 });
    expect(instance.waiting()).toEqual(['each']);
    instance.complete('each');
    expect(instance.waiting()).toEqual(['after']);
    expect(instance.variables()).toEqual({ items: ['a', 'b'], results: [1, null] });
  });

  it('has its item and its number in input and output mappings', async () => {
    const instance = await play(
      task(collecting, { inputs: { text: '=item + string(loopCounter)' }, outputs: { result: '=text + "!"' } }),
      { items: ['a', 'b'] },
    );
    instance.complete('each');
    instance.complete('each');
    expect(instance.variables()).toEqual({ items: ['a', 'b'], results: ['a1!', 'b2!'] });
  });

  it('passes variables that it does not collect to the process', async () => {
    const instance = await play(task({}), { items: [1, 2] });
    instance.complete('each', { last: 1 });
    instance.complete('each', { last: 2, item: 9 });
    expect(instance.variables()).toEqual({ items: [1, 2], last: 2 });
  });

  it('collects an entry of its result', async () => {
    const instance = await play(task({ ...collecting, outputElement: '=result.id' }), { items: [1, 2] });
    instance.complete('each', { result: { id: 7 } });
    instance.complete('each');
    expect(instance.variables()).toEqual({ items: [1, 2], results: [7, null] });
  });

  it.each([true, false])('does not run for an empty list; sequential: %s', async (sequential) => {
    const instance = await play(task({ ...collecting, sequential }), { items: [] });
    expect(instance.waiting()).toEqual(['after']);
    expect(instance.variables()).toEqual({ items: [], results: [] });
  });

  it('has an incident if there is no list', async () => {
    const instance = await play(task({}), { items: 'a, b' });
    expect(instance.reason()).toBe('Service task (each): =items should be a list, but is a string');
    expect(instance.waiting()).toEqual([]);
    instance.cancel();
    expect(instance.status()).toBe('terminated');
  });

  it('uses the list as it was at the beginning, also if the variable changes', async () => {
    const instance = await play(task({ sequential: true }), { items: [1, 2, 3] });
    instance.complete('each', { items: [1] });
    instance.complete('each', { items: null });
    expect(instance.waiting()).toEqual(['each']);
    instance.complete('each', { items: [1, 2, 3, 4] });
    expect(instance.waiting()).toEqual(['after']);
  });

  it('has an incident only at the item that fails', async () => {
    const instance = await play(task({}, { inputs: { twice: '=item * 2' } }), { items: [1, 'x', 3] });
    expect(instance.status()).toBe('incident');
    expect(instance.waiting()).toEqual(['each', 'each']);
    instance.complete('each');
    instance.complete('each');
    expect(instance.waiting()).toEqual([]);
    expect(instance.status()).toBe('incident');
  });

  it('has an incident if its result cannot be evaluated, and keeps the other results', async () => {
    const instance = await play(task({ ...collecting, outputElement: '=result + 1' }), { items: [1] });
    instance.complete('each', { result: 'text' });
    expect(instance.reason()).toMatch(/^Service task \(each\): a number and a string cannot be added/);
    expect(instance.waiting()).toEqual([]);
  });

  it.each([true, false])('runs for ten thousand items (sequential: %s)', { timeout: 30_000 }, async (sequential) => {
    const items = Array.from({ length: 10_000 }, (_, index) => index);
    const content = [
      b.start('s2'),
      b.script('double', '=item * 2', 'result'),
      b.task('pass'),
      b.end('e2'),
      b.flow('s2 -> double -> pass -> e2'),
    ];
    const instance = await play(around(b.sub('each', content, { loop: { ...collecting, sequential } })), { items });
    expect(instance.variables().results).toEqual(items.map((item) => item * 2));
  });
});

describe('a completion condition', () => {
  const counts =
    '=[numberOfInstances, numberOfActiveInstances, numberOfCompletedInstances, numberOfTerminatedInstances]';

  it('ends the instances that are not needed any more', async () => {
    const loop = { ...collecting, completionCondition: '=numberOfCompletedInstances >= 2' };
    const instance = await play(task(loop), { items: [1, 2, 3] });
    instance.complete('each', { result: 'x' });
    instance.complete('each', { result: 'y' });
    expect(instance.waiting()).toEqual(['after']);
    expect(instance.variables()).toEqual({ items: [1, 2, 3], results: ['x', 'y', null] });
  });

  it('begins no more instances', async () => {
    const loop = { sequential: true, completionCondition: '=found' };
    const instance = await play(task(loop, { inputs: { found: '=false' } }), { items: [1, 2, 3] });
    instance.complete('each', { found: false });
    expect(instance.waiting()).toEqual(['each']);
    instance.complete('each', { found: true });
    expect(instance.waiting()).toEqual(['after']);
  });

  it.each([
    [false, '[3, 2, 1, 0]'],
    [true, '[1, 0, 1, 0]'],
  ])('sees the numbers of instances; sequential: %s', async (sequential, expected) => {
    const completionCondition = `${counts} = ${expected}`;
    const instance = await play(task({ sequential, completionCondition }), { items: [1, 2, 3] });
    instance.complete('each');
    expect(instance.waiting()).toEqual(['after']);
  });

  it('that is neither true nor false is an incident of the instance that evaluated it', async () => {
    const instance = await play(task({ completionCondition: '=enough' }), { items: [1, 2] });
    instance.complete('each');
    expect(instance.reason()).toBe('Service task (each): =enough should be true or false, but is null');
    expect(instance.waiting()).toEqual(['each']);
  });
});

describe('a sub-process for each item', () => {
  const sub = (loop: b.LoopOptions) =>
    around(
      b.sub(
        'each',
        [
          b.start('s2'),
          b.userTask('ask'),
          b.job('send'),
          b.end('e2'),
          b.flow('s2 -> ask -> send -> e2'),
          b.eventSub('late', [
            b.eventStart('timeout', b.timerDefinition({ duration: 'PT1H' })),
            b.userTask('remind'),
            b.flow('timeout -> remind'),
          ]),
        ],
        { loop: { ...collecting, ...loop }, inputs: { result: '=item' } },
      ),
      [
        b.boundaryError('failed', 'each', 'E'),
        b.userTask('mend'),
        b.flow('failed -> mend'),
        b.boundaryTimer('toolate', 'each', { duration: 'P1D' }),
        b.userTask('giveup'),
        b.flow('toolate -> giveup'),
      ],
    );

  it('has its own variables and event sub-processes in each', async () => {
    const instance = await play(sub({}), { items: ['a', 'b'] });
    expect(instance.waiting()).toEqual(['ask', 'ask', 'timeout', 'timeout', 'toolate']);
    instance.fire('timeout');
    expect(instance.waiting()).toEqual(['ask', 'remind', 'timeout', 'toolate']);
    instance.complete('remind');
    instance.complete('ask', { result: 'B' });
    instance.complete('send');
    expect(instance.waiting()).toEqual(['after']);
    expect(instance.variables()).toEqual({ items: ['a', 'b'], results: ['a', 'B'] });
  });

  it.each([true, false])('is interrupted as a whole by a boundary event; sequential: %s', async (sequential) => {
    const instance = await play(sub({ sequential }), { items: ['a', 'b'] });
    instance.fire('toolate');
    expect(instance.waiting()).toEqual(['giveup']);
    // Nothing of the list is left in the variables.
    expect(instance.variables()).toEqual({ items: ['a', 'b'] });
  });

  it('throws its errors at the boundary events of all', async () => {
    const instance = await play(sub({}), { items: ['a', 'b'] });
    instance.complete('ask');
    instance.throwError('send', 'E');
    expect(instance.waiting()).toEqual(['mend']);
    expect(instance.cancelledTasks).toEqual(['ask']);
  });

  it('can be nested', async () => {
    const inner = b.userTask('ask', { loop: { inputCollection: '=row', inputElement: 'cell' } });
    const instance = await play(
      around(
        b.sub('each', [b.start('s2'), inner, b.flow('s2 -> ask')], {
          loop: { inputCollection: '=rows', inputElement: 'row' },
        }),
      ),
      { rows: [[1, 2], [], [3]] },
    );
    expect(instance.waiting()).toEqual(['ask', 'ask', 'ask']);
    for (let i = 0; i < 3; i++) instance.complete('ask');
    expect(instance.waiting()).toEqual(['after']);
  });
});

it('a receive task for each item waits for a message of its own', async () => {
  const instance = await play(
    around(b.receive('each', 'paid', '=item', { loop: { ...collecting, outputElement: '=sum' } })),
    { items: ['a', 'b'] },
  );
  expect(instance.opened('each')).toMatchObject({ correlationKey: 'a' });
  instance.trigger('each', { sum: 1 });
  expect(instance.opened('each')).toMatchObject({ correlationKey: 'b' });
  instance.trigger('each', { sum: 2 });
  expect(instance.waiting()).toEqual(['after']);
  expect(instance.variables()).toEqual({ items: ['a', 'b'], results: [1, 2] });
});
