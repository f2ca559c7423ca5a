import { describe, expect, it } from 'vitest';
import * as b from './diagram-builder.ts';
import { play } from './play.ts';

describe('tasks without a wait', () => {
  it('compute a variable', async () => {
    const instance = await play(
      b.process([b.start(), b.script('add', '=a + 1', 'sum'), b.userTask('after'), b.flow('start -> add -> after')]),
      { a: 1 },
    );
    expect(instance.variables()).toEqual({ a: 1, sum: 2 });
  });

  it('map their result', async () => {
    const instance = await play(
      b.process([
        b.start(),
        b.script('add', '=a + b', 'sum', { inputs: { b: '=2' }, outputs: { total: '=sum * 10' } }),
        b.userTask('after'),
        b.flow('start -> add -> after'),
      ]),
      { a: 1 },
    );
    expect(instance.variables()).toEqual({ a: 1, total: 30 });
  });

  it('have an incident if they cannot be computed', async () => {
    const instance = await play(b.process([b.start(), b.script('add', '=a + 1', 'sum'), b.flow('start -> add')]), {
      a: 'text',
    });
    expect(instance.reason()).toMatch(/^Script task \(add\): a number and a string cannot be added/);
  });

  it.each(['task', 'manualTask', 'intermediateThrowEvent'])('pass: %s', async (type) => {
    const instance = await play(
      b.process([b.start(), b.element(type, 'x', { outputs: { seen: '=true' } }), b.flow('start -> x')]),
    );
    expect(instance.status()).toBe('completed');
    expect(instance.variables()).toEqual({ seen: true });
  });

  it.each(['businessRuleTask', 'scriptTask', 'sendTask'])('are jobs, if they have a type: %s', async (type) => {
    const extensions = '<zeebe:taskDefinition type="work"/>';
    const instance = await play(b.process([b.start(), b.element(type, 'x', { extensions }), b.flow('start -> x')]));
    expect(instance.opened('x')).toMatchObject({ kind: 'openJob', type: 'work' });
    instance.complete('x', { done: true });
    expect(instance.variables()).toEqual({ done: true });
  });
});

it('a link leads from its throw events to its catch event', async () => {
  const instance = await play(
    b.process([
      b.start(),
      b.and('fork'),
      b.userTask('a'),
      b.linkThrow('out1', 'L'),
      b.linkThrow('out2', 'L'),
      b.linkCatch('in', 'L'),
      b.userTask('after'),
      b.flow('start -> fork -> a -> out1'),
      b.flow('fork -> out2'),
      b.flow('in -> after'),
    ]),
  );
  expect(instance.waiting()).toEqual(['a', 'after']);
  instance.complete('after');
  instance.complete('a');
  instance.complete('after');
  expect(instance.status()).toBe('completed');
});

describe('an error', () => {
  const caught = (options: { outputs?: Record<string, string> }) =>
    b.process([
      b.start(),
      b.job('job'),
      b.boundaryError('caught', 'job', 'E', options),
      b.userTask('mend'),
      b.flow('start -> job'),
      b.flow('caught -> mend'),
    ]);

  it('keeps its variables in its boundary event, for output mappings', async () => {
    const instance = await play(caught({ outputs: { why: '=detail' } }));
    instance.throwError('job', 'E', { detail: 'no such client' });
    expect(instance.variables()).toEqual({ why: 'no such client' });
  });

  it('discards its variables without an output mapping, as in Camunda 8', async () => {
    const instance = await play(caught({}));
    instance.throwError('job', 'E', { detail: 'no such client' });
    expect(instance.waiting()).toEqual(['mend']);
    expect(instance.variables()).toEqual({});
  });

  it('starts the event sub-process of its scope, with its variables', async () => {
    const instance = await play(
      b.process([
        b.start(),
        b.and('fork'),
        b.job('job'),
        b.userTask('beside'),
        b.eventSub(
          'rescue',
          [b.eventStart('failed', b.errorDefinition('E')), b.userTask('mend'), b.flow('failed -> mend')],
          { inputs: { own: '=1' } },
        ),
        b.flow('start -> fork -> job'),
        b.flow('fork -> beside'),
      ]),
      { n: 1 },
    );
    instance.throwError('job', 'E', { detail: 'away', own: 2 });
    expect(instance.cancelledTasks).toEqual(['beside']);
    expect(instance.waiting()).toEqual(['mend']);
    expect(instance.variables()).toEqual({ n: 1, detail: 'away' });
    instance.complete('mend', { own: 3, mended: true });
    expect(instance.status()).toBe('completed');
    expect(instance.variables()).toEqual({ n: 1, detail: 'away', mended: true });
  });

  it('is caught inside the sub-process before its boundary event', async () => {
    const instance = await play(
      b.process([
        b.start(),
        b.sub('sub', [
          b.start('s2'),
          b.job('job'),
          b.flow('s2 -> job'),
          b.eventSub('inside', [
            b.eventStart('any', b.errorDefinition()),
            b.userTask('mend'),
            b.end('e3'),
            b.flow('any -> mend -> e3'),
          ]),
        ]),
        b.boundaryError('border', 'sub'),
        b.userTask('after'),
        b.userTask('outside'),
        b.flow('start -> sub -> after'),
        b.flow('border -> outside'),
      ]),
    );
    instance.throwError('job', 'E');
    expect(instance.waiting()).toEqual(['mend']);
    instance.complete('mend');
    expect(instance.waiting()).toEqual(['after']);
  });

  it('that an interrupting event sub-process throws again is not caught around the scope it interrupted', async () => {
    const instance = await play(
      b.process([
        b.start(),
        b.sub('sub', [
          b.start('s2'),
          b.job('job'),
          b.flow('s2 -> job'),
          b.eventSub('inside', [
            b.eventStart('first', b.errorDefinition('E1')),
            b.errorEnd('again', 'E2'),
            b.flow('first -> again'),
          ]),
        ]),
        b.boundaryError('border', 'sub', 'E2'),
        b.flow('start -> sub'),
      ]),
    );
    instance.throwError('job', 'E1');
    expect(instance.reason()).toBe('End event (again): nobody catches the error “E2”');
  });
});

describe('an escalation', () => {
  const inside = (last: string, boundaries: string[]) =>
    b.process([
      b.start(),
      b.sub('sub', [
        b.start('s2'),
        b.and('fork'),
        b.userTask('beside'),
        last,
        b.flow('s2 -> fork -> last'),
        b.flow('fork -> beside'),
      ]),
      ...boundaries,
      b.userTask('after'),
      b.userTask('boss'),
      b.flow('start -> sub -> after'),
      b.flow('caught -> boss'),
    ]);

  it('ends the interrupted activity', async () => {
    const instance = await play(inside(b.escalationEnd('last', 'X'), [b.boundaryEscalation('caught', 'sub', 'X')]));
    expect(instance.waiting()).toEqual(['boss']);
  });

  it('runs in parallel if it does not interrupt', async () => {
    const caught = b.boundaryEscalation('caught', 'sub', 'X', { interrupting: false });
    const instance = await play(inside(b.escalationThrow('last', 'X'), [caught]));
    expect(instance.waiting()).toEqual(['beside', 'boss']);
    instance.complete('beside');
    expect(instance.waiting()).toEqual(['after', 'boss']);
  });

  it('is caught by code before catch-all', async () => {
    const instance = await play(
      inside(b.escalationEnd('last', '="X" + string(1)'), [
        b.boundaryEscalation('any', 'sub', undefined, { interrupting: false }),
        b.userTask('whoever'),
        b.flow('any -> whoever'),
        b.boundaryEscalation('caught', 'sub', 'X1', { interrupting: false }),
      ]),
    );
    expect(instance.waiting()).toEqual(['beside', 'boss']);
  });

  it('that nobody catches has no effect', async () => {
    const instance = await play(inside(b.escalationEnd('last', 'Y'), [b.boundaryEscalation('caught', 'sub', 'X')]));
    expect(instance.waiting()).toEqual(['beside']);
    instance.complete('beside');
    expect(instance.waiting()).toEqual(['after']);
  });

  it('has an incident if its code cannot be evaluated', async () => {
    const instance = await play(inside(b.escalationEnd('last', '=code'), [b.boundaryEscalation('caught', 'sub', 'X')]));
    expect(instance.reason()).toBe('End event (last): =code should be a text, but is null');
  });

  it.each([
    [true, ['boss']],
    [false, ['beside', 'boss']],
  ])('starts an event sub-process, interrupting: %s', async (interrupting, expected) => {
    const instance = await play(
      b.process([
        b.start(),
        b.and('fork'),
        b.userTask('beside'),
        b.escalationThrow('call', 'X'),
        b.flow('start -> fork -> call'),
        b.flow('fork -> beside'),
        b.eventSub('escalated', [
          b.eventStart('called', b.escalationDefinition('X'), { interrupting }),
          b.userTask('boss'),
          b.flow('called -> boss'),
        ]),
      ]),
    );
    expect(instance.waiting()).toEqual(expected);
    for (const id of expected) instance.complete(id);
    expect(instance.status()).toBe('completed');
  });
});

describe('an event sub-process', () => {
  const timed = (interrupting: boolean, rest: string[] = []) => [
    b.start('s'),
    b.userTask('ask'),
    b.flow('s -> ask'),
    b.eventSub('late', [
      b.eventStart('timeout', b.timerDefinition({ duration: '=patience' }), {
        interrupting,
        outputs: { reminded: '=true' },
      }),
      b.userTask('remind'),
      b.flow('timeout -> remind'),
    ]),
    ...rest,
  ];

  it('of the process waits as long as the process is active', async () => {
    const instance = await play(b.process(timed(true)), { patience: 'PT1H' });
    expect(instance.waiting()).toEqual(['ask', 'timeout']);
    instance.complete('ask');
    expect(instance.status()).toBe('completed');
    expect(instance.waiting()).toEqual([]);
  });

  it('that interrupts ends everything active, and then the process', async () => {
    const instance = await play(b.process(timed(true)), { patience: 'PT1H' });
    instance.fire('timeout');
    expect(instance.cancelledTasks).toEqual(['ask']);
    expect(instance.waiting()).toEqual(['remind']);
    instance.complete('remind');
    expect(instance.status()).toBe('completed');
    expect(instance.variables()).toEqual({ patience: 'PT1H', reminded: true });
  });

  it('that does not interrupt keeps its scope open', async () => {
    const instance = await play(b.process(timed(false)), { patience: 'PT1H' });
    instance.fire('timeout');
    expect(instance.waiting()).toEqual(['ask', 'remind']);
    instance.complete('ask');
    expect(instance.status()).toBe('active');
    instance.complete('remind');
    expect(instance.status()).toBe('completed');
  });

  it('of a sub-process sees its variables and ends with it', async () => {
    const sub = b.sub('sub', timed(false), { inputs: { patience: '="PT2H"' } });
    const instance = await play(b.process([b.start(), sub, b.userTask('after'), b.flow('start -> sub -> after')]));
    expect(instance.opened('timeout')).toMatchObject({ dueAt: new Date('2026-03-04T07:06:07Z') });
    instance.complete('ask');
    expect(instance.waiting()).toEqual(['after']);
  });

  it('that interrupts ends the other ones of its scope', async () => {
    const second = b.eventSub('second', [
      b.eventStart('failed', b.errorDefinition('E')),
      b.userTask('mend'),
      b.flow('failed -> mend'),
    ]);
    const another = b.eventSub('third', [
      b.eventStart('later', b.timerDefinition({ duration: 'P1D' }), { interrupting: false }),
      b.userTask('look'),
      b.flow('later -> look'),
    ]);
    const instance = await play(b.process(timed(true, [second, another])), { patience: 'PT1H' });
    expect(instance.waiting()).toEqual(['ask', 'later', 'timeout']);
    instance.fire('later');
    expect(instance.waiting()).toEqual(['ask', 'look', 'timeout']);
    instance.fire('timeout');
    expect(instance.waiting()).toEqual(['remind']);
    expect(instance.cancelledTasks).toEqual(['ask', 'look']);
  });

  it('whose time cannot be evaluated is an incident of the process, which ends with it', async () => {
    const instance = await play(b.process(timed(true)), { patience: 'soon' });
    expect(instance.reason()).toMatch(/^Process \(process\): =patience should be/);
    expect(instance.status()).toBe('incident');
    instance.cancel();
    expect(instance.status()).toBe('terminated');
  });

  it('can terminate only itself', async () => {
    const instance = await play(
      b.process([
        b.start('s'),
        b.userTask('ask'),
        b.flow('s -> ask'),
        b.eventSub('late', [
          b.eventStart('timeout', b.timerDefinition({ duration: 'PT1H' }), { interrupting: false }),
          b.and('fork'),
          b.userTask('remind'),
          b.userTask('close'),
          b.terminate('enough'),
          b.flow('timeout -> fork -> remind'),
          b.flow('fork -> close -> enough'),
        ]),
      ]),
    );
    instance.fire('timeout');
    instance.complete('close');
    expect(instance.cancelledTasks).toEqual(['remind']);
    expect(instance.waiting()).toEqual(['ask']);
  });

  it.each([
    ['message', b.messageDefinition('ping', '=id')],
    ['signal', b.signalDefinition('ping')],
  ])('that a %s starts runs each time, or interrupts once', async (_, definition) => {
    const on = (interrupting: boolean) =>
      b.process([
        b.start(),
        b.userTask('ask'),
        b.flow('start -> ask'),
        b.eventSub('sub', [
          b.eventStart('ping', definition, { interrupting }),
          b.userTask('answer'),
          b.flow('ping -> answer'),
        ]),
      ]);
    const often = await play(on(false), { id: 'a' });
    often.trigger('ping', { said: 1 });
    often.trigger('ping', { said: 2 });
    expect(often.waiting()).toEqual(['answer', 'answer', 'ask', 'ping']);
    expect(often.variables()).toEqual({ id: 'a', said: 2 });
    for (const id of ['answer', 'answer', 'ask']) often.complete(id);
    expect(often.status()).toBe('completed');
    const once = await play(on(true), { id: 'a' });
    once.trigger('ping');
    expect(once.waiting()).toEqual(['answer']);
    once.complete('answer');
    expect(once.status()).toBe('completed');
  });
});
