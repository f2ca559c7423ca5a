import { describe, expect, it } from 'vitest';
import { type Command, interpret } from '../../src/engines/embedded/interpreter/interpreter.ts';
import { readFile } from '../../src/engines/embedded/reading/read-file.ts';
import * as b from './diagram-builder.ts';
import { play, playStart } from './play.ts';

const fails = '=if broken then assert(null, false) else seen';

describe('an element with an incident on leaving', () => {
  it('receives no more events: neither its own again nor a boundary event', async () => {
    const instance = await play(
      b.process([
        b.start(),
        b.receive('ask', 'answer', '="k"', { outputs: { answer: fails } }),
        b.boundaryTimer('late', 'ask', { duration: 'PT1H' }),
        b.end(),
        b.end('silent'),
        b.flow('start -> ask -> end'),
        b.flow('late -> silent'),
      ]),
      { broken: true },
    );
    instance.trigger('ask', { seen: 'first' });
    expect(instance.status()).toBe('incident');
    expect(instance.waiting()).toEqual([]);
    instance.set({ broken: false });
    instance.resolve('ask');
    expect(instance.status()).toBe('completed');
    expect(instance.variables()).toMatchObject({ answer: 'first' });
  });

  it('fires its timer once', async () => {
    const instance = await play(
      b.process([
        b.start(),
        b.timer('wait', { duration: 'PT1H', outputs: { done: fails } }),
        b.end(),
        b.flow('start -> wait -> end'),
      ]),
      { broken: true, seen: 1 },
    );
    instance.fire('wait');
    expect(instance.status()).toBe('incident');
    expect(instance.waiting()).toEqual([]);
    instance.set({ broken: false });
    instance.resolve('wait');
    expect(instance.status()).toBe('completed');
  });

  it('starts no event sub-process of a sub-process that is completed', async () => {
    const instance = await play(
      b.process([
        b.start(),
        b.sub(
          'sub',
          [
            b.start('s2'),
            b.userTask('work'),
            b.flow('s2 -> work'),
            b.eventSub('late', [
              b.eventStart('at', b.timerDefinition({ duration: 'PT1H' }), { interrupting: false }),
              b.userTask('react'),
              b.flow('at -> react'),
            ]),
          ],
          { outputs: { done: fails } },
        ),
        b.end(),
        b.flow('start -> sub -> end'),
      ]),
      { broken: true, seen: 1 },
    );
    instance.complete('work');
    expect(instance.status()).toBe('incident');
    expect(instance.waiting()).toEqual([]);
    instance.set({ broken: false });
    instance.resolve('sub');
    expect(instance.status()).toBe('completed');
  });

  it('accepts no second result or error from a late worker', async () => {
    const xml = b.process([
      b.start(),
      b.job('work', { outputs: { done: fails } }),
      b.boundaryError('failed', 'work'),
      b.end(),
      b.flow('start -> work -> end'),
      b.flow('failed -> end'),
    ]);
    const instance = await play(xml, { broken: true });
    const { token } = instance.opened('work');
    instance.complete('work', { seen: 'first' });
    const [model] = (await readFile(xml)).models;
    const late: Command[] = [
      { kind: 'complete', token, variables: { seen: 'second', broken: false } },
      { kind: 'throwError', token, code: 'E', message: '', variables: {} },
      { kind: 'failJob', token, reason: 'late' },
    ];
    for (const command of late) {
      const outcome = model && interpret(model, instance.state(), command, playStart);
      expect(outcome).toMatchObject({ status: 'incident', state: instance.state(), effects: [] });
    }
  });

  it('can be ended from outside', async () => {
    const instance = await play(
      b.process([
        b.start(),
        b.and('fork'),
        b.userTask('work', { outputs: { done: fails } }),
        b.boundaryTimer('late', 'work', { duration: 'PT1H' }),
        b.userTask('stop'),
        b.terminate(),
        b.flow('start -> fork -> work'),
        b.flow('fork -> stop -> terminate'),
      ]),
      { broken: true },
    );
    instance.complete('work');
    expect(instance.waiting()).toEqual(['stop']);
    instance.complete('stop');
    expect(instance.status()).toBe('completed');
  });
});

describe('an element whose incident is resolved', () => {
  it('does not repeat input mappings that succeeded', async () => {
    const instance = await play(
      b.process([
        b.start(),
        b.job('work', { retries: '=retries', inputs: { n: '=n + 1' }, outputs: { was: '=n' } }),
        b.end(),
        b.flow('start -> work -> end'),
      ]),
      { n: 1 },
    );
    expect(instance.status()).toBe('incident');
    instance.set({ retries: 2 });
    instance.resolve('work');
    instance.complete('work');
    expect(instance.variables()).toMatchObject({ n: 1, was: 2 });
  });

  it('does not repeat its output mapping because its result could not be collected', async () => {
    const instance = await play(
      b.process([
        b.start(),
        b.job('each', {
          outputs: { total: '=total + r' },
          loop: {
            inputCollection: '=[1]',
            outputCollection: 'results',
            outputElement: '=if broken then assert(null, false) else total',
          },
        }),
        b.end(),
        b.flow('start -> each -> end'),
      ]),
      { broken: true, total: 0 },
    );
    instance.complete('each', { r: 5 });
    expect(instance.status()).toBe('incident');
    instance.set({ broken: false });
    instance.resolve('each');
    expect(instance.status()).toBe('completed');
    expect(instance.variables()).toMatchObject({ total: 5, results: [5] });
  });

  it('keeps the variables of an event until it can begin', async () => {
    const instance = await play(
      b.process([
        b.start(),
        b.catchEvent('paid', b.messageDefinition('paid', '="k"'), { outputs: { sum: '=amount + fee' } }),
        b.end(),
        b.flow('start -> paid -> end'),
      ]),
    );
    instance.trigger('paid', { amount: 5 });
    expect(instance.status()).toBe('incident');
    instance.set({ fee: 1 });
    instance.resolve('paid');
    expect(instance.variables()).toEqual({ fee: 1, sum: 6 });
  });

  it('has an incident again if the cause still exists', async () => {
    const instance = await play(
      b.process([
        b.start(),
        b.xor('which'),
        b.end('a'),
        b.end('c'),
        b.flow('start -> which'),
        b.flow('which -> a', '=x = 1'),
        b.flow('which -> c', '=x = 2'),
      ]),
    );
    instance.resolve('which');
    expect(instance.status()).toBe('incident');
    instance.set({ x: 2 });
    instance.resolve('which');
    expect(instance.status()).toBe('completed');
  });
});
