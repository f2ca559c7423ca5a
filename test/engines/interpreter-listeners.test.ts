import { describe, expect, it } from 'vitest';
import * as b from './diagram-builder.ts';
import { play } from './play.ts';

const listening = (id: string, listeners: b.ListenerOptions[], options: b.JobOptions = {}) =>
  b.job(id, { ...options, extensions: b.executionListeners(...listeners) });
const asking = (...listeners: b.ListenerOptions[]) =>
  b.process([
    b.start(),
    b.userTask('ask', { assignee: 'U1', extensions: b.taskListeners(...listeners) }),
    b.end(),
    b.flow('start -> ask -> end'),
  ]);

describe('execution listeners', () => {
  const around = b.process([
    b.start(),
    listening(
      'x',
      [
        { event: 'start', type: 'first' },
        { event: 'start', type: 'second' },
        { event: 'end', type: 'last' },
      ],
      { inputs: { given: '=a' }, outputs: { taken: '=given + answer' } },
    ),
    b.boundaryTimer('late', 'x', { duration: '=wait' }),
    b.userTask('after'),
    b.flow('start -> x -> after'),
  ]);

  it('are jobs before and after the work of an element, one after the other', async () => {
    const instance = await play(around, { a: 1, wait: 'PT1H' });
    expect(instance.waiting()).toEqual(['x']);
    expect(instance.opened('x')).toMatchObject({ kind: 'openJob', type: 'first', retries: 3 });
    instance.complete('x', { given: 2 });
    expect(instance.opened('x')).toMatchObject({ type: 'second' });
    instance.complete('x', { more: 1 });
    expect(instance.waiting()).toEqual(['late', 'x']);
    expect(instance.opened('x')).toMatchObject({ type: 'work' });
    instance.complete('x', { answer: 3 });
    // Further commands do not affect it.
    expect(instance.waiting()).toEqual(['x']);
    expect(instance.opened('x')).toMatchObject({ type: 'last' });
    expect(instance.variables()).toEqual({ a: 1, wait: 'PT1H', taken: 5 });
    instance.complete('x', { noted: true });
    expect(instance.waiting()).toEqual(['after']);
    // Variables of a start listener belong to the element, those of an end listener to its scope.
    expect(instance.variables()).toEqual({ a: 1, wait: 'PT1H', taken: 5, noted: true });
  });

  it('of the process run before its first element and after its last', async () => {
    const instance = await play(
      b.process([b.start(), b.userTask('ask'), b.flow('start -> ask')], {
        extensions: b.executionListeners({ event: 'start', type: 'open' }, { event: 'end', type: 'close' }),
      }),
    );
    expect(instance.waiting()).toEqual(['process']);
    instance.complete('process', { opened: 1 });
    instance.complete('ask');
    expect(instance.status()).toBe('active');
    expect(instance.opened('process')).toMatchObject({ type: 'close' });
    instance.complete('process', { closed: 1 });
    expect(instance.status()).toBe('completed');
    expect(instance.variables()).toEqual({ opened: 1, closed: 1 });
  });

  it('decide which flow a gateway takes', async () => {
    const instance = await play(
      b.process([
        b.start(),
        b.element('exclusiveGateway', 'x', { extensions: b.executionListeners({ event: 'start', type: 'ask' }) }),
        b.userTask('yes'),
        b.userTask('no'),
        b.flow('start -> x -> yes', '=answer'),
        b.flow('x -> no', '=not(answer)'),
      ]),
    );
    instance.complete('x', { answer: false });
    expect(instance.waiting()).toEqual(['no']);
  });

  it('run for a link, a terminate end event, a sub-process and each multi-instance item', async () => {
    const instance = await play(
      b.process([
        b.start(),
        b.sub('sub', [b.start('s'), b.task('t'), b.flow('s -> t')], {
          extensions: b.executionListeners({ event: 'start', type: 'n' }, { event: 'end', type: 'n' }),
        }),
        b.userTask('each', {
          loop: { inputCollection: '=[1,2]', inputElement: 'one' },
          extensions: b.executionListeners({ event: 'end', type: 'n' }),
        }),
        b.linkThrow('go', 'L', { extensions: b.executionListeners({ event: 'end', type: 'n' }) }),
        b.linkCatch('come', 'L'),
        b.and('fork'),
        b.userTask('beside'),
        b.terminate('stop', { extensions: b.executionListeners({ event: 'end', type: 'n' }) }),
        b.flow('start -> sub -> each -> go'),
        b.flow('come -> fork -> beside'),
        b.flow('fork -> stop'),
      ]),
    );
    instance.complete('sub');
    expect(instance.opened('sub')).toMatchObject({ type: 'n' });
    instance.complete('sub');
    expect(instance.waiting()).toEqual(['each', 'each']);
    instance.complete('each');
    expect(instance.waiting()).toEqual(['each', 'each']);
    instance.complete('each');
    instance.complete('each');
    instance.complete('each');
    expect(instance.waiting()).toEqual(['go']);
    instance.complete('go');
    expect(instance.waiting()).toEqual(['beside', 'stop']);
    instance.complete('stop');
    expect(instance.status()).toBe('completed');
    expect(instance.cancelledTasks).toEqual(['beside']);
  });

  it('that fail permanently are an incident, after which only that job is repeated', async () => {
    const instance = await play(around, { a: 1, wait: 'PT1H' });
    instance.complete('x');
    instance.failJob('x', 'no paper');
    expect(instance.status()).toBe('incident');
    expect(instance.reason()).toBe('Service task (x), listener of its start: no paper');
    expect(Object.values(instance.state().tokens).flatMap(({ incident }) => incident?.type ?? [])).toEqual([
      'EXECUTION_LISTENER_NO_RETRIES',
    ]);
    instance.resolve('x');
    expect(instance.opened('x')).toMatchObject({ type: 'second' });
    instance.complete('x');
    expect(instance.opened('x')).toMatchObject({ type: 'work' });
  });

  it('all run again if the step after them cannot be evaluated', async () => {
    const instance = await play(around, { a: 1, wait: 1 });
    instance.complete('x', { given: 5 });
    instance.complete('x');
    expect(instance.waiting()).toEqual([]);
    expect(instance.reason()).toContain('Service task (x)');
    instance.set({ wait: 'PT1H' });
    instance.resolve('x');
    expect(instance.opened('x')).toMatchObject({ type: 'first' });
  });

  it('cannot throw errors', async () => {
    const instance = await play(
      b.process([
        b.start(),
        listening('x', [{ event: 'start', type: 'n' }]),
        b.boundaryError('caught', 'x'),
        b.flow('start -> x'),
      ]),
    );
    instance.throwError('x', 'E');
    expect(instance.reason()).toContain('a listener cannot throw an error');
  });

  it('end with their element', async () => {
    const instance = await play(around, { a: 1, wait: 'PT1H' });
    instance.cancel();
    expect(instance.waiting()).toEqual([]);
    expect(instance.status()).toBe('terminated');
  });

  it('are an incident if nobody handles the type that their expression names', async () => {
    const instance = await play(
      b.process([
        b.start(),
        listening('x', [{ event: 'end', type: '=nobody' }]),
        b.userTask('after'),
        b.flow('start -> x -> after'),
      ]),
    );
    instance.complete('x');
    expect(instance.status()).toBe('incident');
    instance.set({ nobody: 'n' });
    instance.resolve('x');
    instance.complete('x');
    expect(instance.waiting()).toEqual(['after']);
  });
});

describe('task listeners', () => {
  it('run before a task is created', async () => {
    const instance = await play(asking({ event: 'creating', type: 'made' }, { event: 'assigning', type: 'given' }));
    expect(instance.opened('ask')).toMatchObject({ kind: 'openJob', type: 'made' });
    instance.answer('ask', { corrections: { candidateGroups: ['support'] } });
    expect(instance.opened('ask')).toMatchObject({ kind: 'openJob', type: 'given' });
    instance.answer('ask', { corrections: { assignee: 'U2' } });
    expect(instance.opened('ask')).toMatchObject({ kind: 'openTask', assignee: 'U2', candidateGroups: ['support'] });
  });

  it('that deny the assignee leave the task unassigned', async () => {
    const instance = await play(asking({ event: 'assigning', type: 'given' }));
    instance.answer('ask', { denied: { reason: 'on leave' } });
    expect(instance.opened('ask')).toMatchObject({ kind: 'openTask', assignee: undefined });
  });

  it('run before its completion, and can deny it', async () => {
    const instance = await play(asking({ event: 'completing', type: 'check' }, { event: 'completing', type: 'note' }));
    instance.complete('ask', { amount: 5 });
    expect(instance.waiting()).toEqual(['ask', 'ask']);
    instance.answer('ask', { denied: { reason: 'too much' } });
    expect(instance.waiting()).toEqual(['ask']);
    expect(instance.variables()).toEqual({});
    instance.complete('ask', { amount: 1 });
    instance.answer('ask');
    instance.answer('ask');
    expect(instance.status()).toBe('completed');
    expect(instance.variables()).toEqual({ amount: 1 });
  });

  it('cannot set variables', async () => {
    const instance = await play(asking({ event: 'completing', type: 'check' }));
    instance.complete('ask');
    instance.answer('ask', {}, { sneaked: 1 });
    expect(instance.reason()).toContain('the listener of a user task cannot set variables');
    instance.resolve('ask');
    instance.answer('ask');
    expect(instance.status()).toBe('completed');
  });

  it('run when its variables are set', async () => {
    const instance = await play(asking({ event: 'updating', type: 'changed' }));
    instance.setIn('ask', { a: 1 });
    expect(instance.variables()).toEqual({});
    instance.answer('ask');
    expect(instance.variables()).toEqual({ a: 1 });
  });

  it('are not waited for once the task is interrupted', async () => {
    const instance = await play(
      b.process([
        b.start(),
        b.userTask('ask', { extensions: b.taskListeners({ event: 'creating', type: 'made' }) }),
        b.boundaryTimer('late', 'ask', { duration: 'PT1H' }),
        b.userTask('after'),
        b.flow('start -> ask'),
        b.flow('late -> after'),
      ]),
    );
    expect(instance.waiting()).toEqual(['ask', 'late']);
    instance.fire('late');
    expect(instance.waiting()).toEqual(['after']);
  });
});

describe('listeners of a cancellation', () => {
  const told = (id: string, ...types: string[]) =>
    b.userTask(id, { extensions: b.taskListeners(...types.map((type) => ({ event: 'canceling', type }))) });

  it('run before the interrupting event continues, and nobody has the task meanwhile', async () => {
    const instance = await play(
      b.process([
        b.start(),
        told('ask', 'first', 'second'),
        b.boundaryTimer('late', 'ask', { duration: 'PT1H' }),
        b.userTask('after'),
        b.flow('start -> ask'),
        b.flow('late -> after'),
      ]),
    );
    instance.fire('late');
    expect(instance.cancelledTasks).toEqual(['ask']);
    expect(instance.waiting()).toEqual(['ask']);
    expect(instance.opened('ask')).toMatchObject({ kind: 'openJob', type: 'first' });
    instance.answer('ask');
    expect(instance.opened('ask')).toMatchObject({ kind: 'openJob', type: 'second' });
    instance.answer('ask');
    expect(instance.waiting()).toEqual(['after']);
    instance.complete('after');
    expect(instance.status()).toBe('completed');
  });

  it('run before a cancelled instance ends', async () => {
    const instance = await play(
      b.process([
        b.start(),
        b.sub('sub', [b.start('s'), told('ask', 'n'), b.flow('s -> ask')]),
        b.boundaryTimer('late', 'sub', { duration: 'PT1H' }),
        b.userTask('beside'),
        b.flow('start -> sub'),
        b.flow('start -> beside'),
      ]),
    );
    instance.cancel();
    expect(instance.waiting()).toEqual(['ask']);
    expect(instance.status()).toBe('active');
    // Idempotent.
    instance.cancel();
    instance.answer('ask');
    expect(instance.status()).toBe('terminated');
    expect(instance.reason()).toBe('cancelled');
  });

  it('run before the event of a surrounding scope continues', async () => {
    const instance = await play(
      b.process([
        b.start(),
        b.sub('sub', [
          b.start('s'),
          told('ask', 'n'),
          b.sub('inner', [b.start('i'), told('other', 'n'), b.flow('i -> other')]),
          b.flow('s -> ask'),
          b.flow('s -> inner'),
        ]),
        b.boundaryTimer('late', 'sub', { duration: 'PT1H' }),
        b.userTask('after'),
        b.flow('start -> sub'),
        b.flow('late -> after'),
      ]),
    );
    instance.fire('late');
    expect(instance.waiting()).toEqual(['ask', 'other']);
    instance.answer('other');
    expect(instance.waiting()).toEqual(['ask']);
    instance.answer('ask');
    expect(instance.waiting()).toEqual(['after']);
  });

  it('run before an interrupting event sub-process begins', async () => {
    const instance = await play(
      b.process([
        b.start(),
        told('ask', 'n'),
        b.flow('start -> ask'),
        b.eventSub('stop', [
          b.eventStart('due', b.timerDefinition({ duration: 'PT1H' })),
          b.userTask('mend'),
          b.flow('due -> mend'),
        ]),
      ]),
    );
    instance.fire('due');
    expect(instance.waiting()).toEqual(['ask']);
    instance.answer('ask');
    expect(instance.waiting()).toEqual(['mend']);
    instance.complete('mend');
    expect(instance.status()).toBe('completed');
  });

  it('run before a terminate end event, or an early completed multi-instance activity, is left', async () => {
    const instance = await play(
      b.process([
        b.start(),
        b.sub('sub', [
          b.start('s'),
          told('ask', 'n'),
          b.userTask('stop'),
          b.terminate('over'),
          b.flow('s -> ask'),
          b.flow('s -> stop -> over'),
        ]),
        b.userTask('each', {
          loop: { inputCollection: '=for i in 1..30 return i', completionCondition: '=true' },
          extensions: b.taskListeners({ event: 'canceling', type: 'n' }),
        }),
        b.userTask('after'),
        b.flow('start -> sub -> each -> after'),
      ]),
    );
    instance.complete('stop');
    expect(instance.waiting()).toEqual(['ask']);
    instance.answer('ask');
    expect(instance.waiting()).toHaveLength(30);
    instance.complete('each');
    expect(instance.waiting()).toHaveLength(29);
    for (let left = 29; left > 0; left -= 1) instance.answer('each');
    expect(instance.waiting()).toEqual(['after']);
  });

  it('do not run for a task that is completed, or not created yet', async () => {
    const instance = await play(
      b.process([
        b.start(),
        b.userTask('ask', {
          assignee: '=who',
          outputs: { taken: '=given + 1' },
          extensions: b.taskListeners({ event: 'canceling', type: 'n' }),
        }),
        b.flow('start -> ask'),
      ]),
      { who: 1 },
    );
    expect(instance.status()).toBe('incident');
    instance.set({ who: 'U1' });
    instance.resolve('ask');
    instance.complete('ask', { given: null });
    expect(instance.reason()).toContain('given + 1');
    instance.cancel();
    expect(instance.status()).toBe('terminated');
  });

  it('run in place of the listeners that were running, with the data of the task', async () => {
    const instance = await play(
      b.process([
        b.start(),
        b.userTask('ask', {
          extensions: b.taskListeners({ event: 'creating', type: 'made' }, { event: 'canceling', type: 'gone' }),
        }),
        b.flow('start -> ask'),
      ]),
    );
    expect(instance.opened('ask')).toMatchObject({ type: 'made' });
    instance.cancel();
    expect(instance.waiting()).toEqual(['ask']);
    expect(instance.opened('ask')).toMatchObject({ type: 'gone' });
    instance.answer('ask');
    expect(instance.status()).toBe('terminated');
  });

  it('that fail are an incident, and an event of a surrounding scope replaces the first event', async () => {
    const instance = await play(
      b.process([
        b.start(),
        b.sub('sub', [
          b.start('s'),
          b.userTask('ask', { extensions: b.taskListeners({ event: 'canceling', type: '=kind' }) }),
          b.boundaryTimer('soon', 'ask', { duration: 'PT1M' }),
          b.userTask('never'),
          b.flow('s -> ask'),
          b.flow('soon -> never'),
        ]),
        b.boundaryTimer('late', 'sub', { duration: 'PT1H' }),
        b.userTask('after'),
        b.flow('start -> sub'),
        b.flow('late -> after'),
      ]),
    );
    instance.fire('soon');
    expect(instance.status()).toBe('incident');
    instance.set({ kind: 'n' });
    instance.resolve('ask');
    expect(instance.opened('ask')).toMatchObject({ type: 'n' });
    instance.failJob('ask', 'no paper');
    expect(instance.reason()).toContain('no paper');
    instance.resolve('ask');
    instance.fire('late');
    expect(instance.waiting()).toEqual(['ask']);
    instance.answer('ask');
    expect(instance.waiting()).toEqual(['after']);
    instance.complete('after');
    expect(instance.status()).toBe('completed');
  });
});
