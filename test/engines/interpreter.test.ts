import { describe, expect, it } from 'vitest';
import * as b from './diagram-builder.ts';
import { play } from './play.ts';

describe('gateways', () => {
  const choice = b.process([
    b.start(),
    b.xor('choose', 'choose-otherwise'),
    b.userTask('large'),
    b.userTask('middle'),
    b.userTask('otherwise'),
    b.flow('start -> choose'),
    b.flow('choose -> otherwise'),
    b.flow('choose -> middle', '=amount > 10'),
    b.flow('choose -> large', '=amount > 100'),
  ]);

  it.each([
    [1000, 'large'],
    [50, 'middle'],
    [5, 'otherwise'],
  ])('takes the last flow in the file whose condition is true, else the default: %s', async (amount, expected) => {
    expect((await play(choice, { amount })).waiting()).toEqual([expected]);
  });

  it('has an incident if a condition lacks a variable, and names the gateway', async () => {
    const instance = await play(choice, {});
    expect(instance.status()).toBe('incident');
    expect(instance.reason()).toBe('Exclusive gateway (choose): =amount > 100 should be true or false, but is null');
    expect(instance.waiting()).toEqual([]);
  });

  it('has an incident if no flow can be taken', async () => {
    const instance = await play(
      b.process([
        b.start(),
        b.xor('choose'),
        b.end('a'),
        b.end('c'),
        b.flow('start -> choose'),
        b.flow('choose -> a', '=n = 1'),
        b.flow('choose -> c', '=n = 2'),
      ]),
      { n: 3 },
    );
    expect(instance.reason()).toBe('Exclusive gateway (choose): no condition is true, and there is no default flow');
  });

  const parallel = b.process([
    b.start(),
    b.and('fork'),
    b.userTask('one'),
    b.userTask('two'),
    b.and('join'),
    b.userTask('after'),
    b.end(),
    b.flow('start -> fork -> one -> join'),
    b.flow('fork -> two -> join -> after -> end'),
  ]);

  it('joins one token of each flow', async () => {
    const instance = await play(parallel);
    expect(instance.waiting()).toEqual(['one', 'two']);
    instance.complete('one');
    expect(instance.waiting()).toEqual(['two']);
    instance.complete('two');
    expect(instance.waiting()).toEqual(['after']);
    instance.complete('after');
    expect(instance.status()).toBe('completed');
  });

  it('does not count two tokens of one flow as both flows', async () => {
    const instance = await play(
      b.process([
        b.start(),
        b.and('fork'),
        b.userTask('one'),
        b.userTask('twice'),
        b.and('join'),
        b.userTask('after'),
        b.end(),
        b.flow('start -> fork'),
        // Both flows lead to `one`, an implicit merge that passes each token on.
        b.flow('fork -> one -> join -> after -> end'),
        b.task('detour'),
        b.flow('fork -> detour -> one'),
        b.flow('fork -> twice -> join'),
      ]),
    );
    expect(instance.waiting()).toEqual(['one', 'one', 'twice']);
    instance.complete('one');
    instance.complete('one');
    expect(instance.waiting()).toEqual(['twice']);
    instance.complete('twice');
    expect(instance.waiting()).toEqual(['after']);
    instance.complete('after');
    // The second token of `one` waits for a second token of `twice`, which never comes.
    expect(instance.status()).toBe('active');
    instance.cancel();
    expect(instance.status()).toBe('terminated');
  });

  it('lets every token through an exclusive merge', async () => {
    const instance = await play(
      b.process([
        b.start(),
        b.and('fork'),
        b.xor('merge'),
        b.userTask('each'),
        b.flow('start -> fork -> merge -> each'),
        b.task('other'),
        b.flow('fork -> other -> merge'),
      ]),
    );
    expect(instance.waiting()).toEqual(['each', 'each']);
    instance.complete('each');
    expect(instance.status()).toBe('active');
    instance.complete('each');
    expect(instance.status()).toBe('completed');
  });

  it('takes every flow that leaves an activity', async () => {
    const instance = await play(
      b.process([
        b.start(),
        b.userTask('a'),
        b.userTask('x'),
        b.userTask('y'),
        b.flow('start -> a -> x'),
        b.flow('a -> y'),
      ]),
    );
    instance.complete('a');
    expect(instance.waiting()).toEqual(['x', 'y']);
  });

  it('runs through a loop', async () => {
    const instance = await play(
      b.process([
        b.start(),
        b.userTask('try', { outputs: { tries: '=tries + 1' } }),
        b.xor('enough', 'enough-try'),
        b.end(),
        b.flow('start -> try -> enough -> try'),
        b.flow('enough -> end', '=tries >= 3'),
      ]),
      { tries: 0 },
    );
    for (let i = 0; i < 3; i++) instance.complete('try');
    expect(instance.status()).toBe('completed');
    expect(instance.variables()).toEqual({ tries: 3 });
  });

  it('does not loop forever', async () => {
    const round = b.process([b.start(), b.task('a'), b.task('c'), b.flow('start -> a -> c -> a')]);
    const instance = await play(round);
    expect(instance.status()).toBe('incident');
    expect(instance.reason()).toMatch(
      /\((a|c)\): the process has gone through 10000 elements without waiting anywhere$/,
    );
  });
});

describe('variables', () => {
  const job = (options: b.JobOptions) =>
    b.process([b.start(), b.job('job', options), b.userTask('after'), b.flow('start -> job -> after')]);

  it('go to the process without an output mapping', async () => {
    const instance = await play(job({}), { a: 1 });
    instance.complete('job', { a: 2, c: 3 });
    expect(instance.variables()).toEqual({ a: 2, c: 3 });
  });

  it('stay in the activity if an input mapping created the variable there', async () => {
    const instance = await play(job({ inputs: { a: '=a + 1' } }), { a: 1 });
    instance.complete('job', { a: 9, c: 3 });
    expect(instance.variables()).toEqual({ a: 1, c: 3 });
  });

  it('are only those of the output mapping, if there is one', async () => {
    const instance = await play(job({ outputs: { id: '=response.id', 'lead.state': '"new"', 'lead.id': '=id' } }), {
      lead: { name: 'Ann', id: 1 },
    });
    instance.complete('job', { response: { id: 7 }, c: 3 });
    expect(instance.variables()).toEqual({ id: 7, lead: { name: 'Ann', state: '"new"', id: 7 } });
  });

  it('of input mappings are created in order, including nested ones', async () => {
    const instance = await play(
      job({
        inputs: { a: '=x + 1', 'd.e': '=a + 1', 'd.f': '=d.e + 1', text: 'as it is' },
        outputs: { all: '=[a, d, text]' },
      }),
      { x: 1, d: { old: true } },
    );
    instance.complete('job');
    expect(instance.variables()).toMatchObject({ all: [2, { e: 3, f: 4 }, 'as it is'], d: { old: true } });
  });

  it('of a sub-process end with it, except its output', async () => {
    const instance = await play(
      b.process([
        b.start(),
        b.sub('inside', [b.start('s2'), b.userTask('ask'), b.end('e2'), b.flow('s2 -> ask -> e2')], {
          inputs: { local: '=outer' },
          outputs: { result: '=local' },
        }),
        b.userTask('after'),
        b.flow('start -> inside -> after'),
      ]),
      { outer: 1 },
    );
    instance.complete('ask', { local: 5, found: true });
    expect(instance.waiting()).toEqual(['after']);
    expect(instance.variables()).toEqual({ outer: 1, found: true, result: 5 });
  });

  it.each([
    ['=a + 1', /^Service task \(job\): a number and a null cannot be added in =a \+ 1$/],
    ['=date and time("never")', /date and time/],
  ])('that cannot be computed are an incident: %s', async (source, reason) => {
    const instance = await play(job({ inputs: { x: source } }));
    expect(instance.status()).toBe('incident');
    expect(instance.reason()).toMatch(reason);
    expect(instance.waiting()).toEqual([]);
  });

  it('keep the job’s result when its output mapping fails', async () => {
    const instance = await play(job({ outputs: { x: '=body.n + 1' } }));
    instance.complete('job', { body: { n: 'text' } });
    expect(instance.status()).toBe('incident');
    expect(instance.waiting()).toEqual([]);
    expect(JSON.stringify(instance.state())).toContain('"n":"text"');
    instance.cancel();
    expect(instance.status()).toBe('terminated');
  });

  it('are JSON, whatever FEEL’s result', async () => {
    const instance = await play(
      job({
        inputs: { on: '=date("2026-01-02") + duration("P1D")', within: '=duration("PT90M")' },
        outputs: { all: '=[on, within, now()]' },
      }),
    );
    instance.complete('job');
    expect(instance.variables()).toEqual({ all: ['2026-01-03', 'PT1H30M', '2026-03-04T05:06:07Z'] });
  });
});

describe('user tasks', () => {
  const ask = (options: b.UserTaskOptions) =>
    b.process([b.start(), b.userTask('ask', options), b.flow('start -> ask')]);

  it.each<[string, b.UserTaskOptions, object]>([
    [
      'static',
      { assignee: 'U1', candidateUsers: 'U2,U3 , ', candidateGroups: 'sales' },
      { assignee: 'U1', candidateUsers: ['U2', 'U3'], candidateGroups: ['sales'] },
    ],
    [
      'FEEL',
      { assignee: '=who', candidateUsers: '=[who, "U9"]' },
      { assignee: 'U5', candidateUsers: ['U5', 'U9'], candidateGroups: [] },
    ],
    ['empty', { assignee: '=""' }, { assignee: undefined, candidateUsers: [] }],
  ])('are assigned: %s', async (_, options, expected) => {
    expect((await play(ask(options), { who: 'U5' })).opened('ask')).toMatchObject(expected);
  });

  it.each<[b.UserTaskOptions, string]>([
    [{ assignee: '=nobody' }, 'User task “Ask” (ask): =nobody should be a text, but is null'],
    [{ candidateUsers: '=who' }, 'User task “Ask” (ask): =who should be a list of texts, but is a string'],
    [{ candidateGroups: '=[1]' }, 'User task “Ask” (ask): =[1] should be a list of texts, but is a list'],
  ])('stop the instance if nobody can be made out: %j', async (options, reason) => {
    const instance = await play(ask({ ...options, name: 'Ask' }), { who: 'U5' });
    expect(instance.reason()).toBe(reason);
    expect(instance.waiting()).toEqual([]);
  });
});

describe('ends', () => {
  const around = (last: string) =>
    b.process([
      b.start(),
      b.sub('inside', [
        b.start('s2'),
        b.and('fork'),
        b.userTask('ask'),
        b.userTask('other'),
        last,
        b.flow('s2 -> fork -> ask -> last'),
        b.flow('fork -> other'),
      ]),
      b.userTask('after'),
      b.boundaryError('caught', 'inside', 'E1'),
      b.boundaryError('any', 'inside'),
      b.userTask('mend'),
      b.userTask('wonder'),
      b.flow('start -> inside -> after'),
      b.flow('caught -> mend'),
      b.flow('any -> wonder'),
    ]);

  it('end only their own token', async () => {
    const instance = await play(around(b.end('last')));
    instance.complete('ask');
    expect(instance.waiting()).toEqual(['other']);
    instance.complete('other');
    expect(instance.waiting()).toEqual(['after']);
  });

  it('of the kind terminate end their scope and nothing outside it', async () => {
    const instance = await play(around(b.terminate('last')));
    instance.complete('ask');
    expect(instance.cancelledTasks).toEqual(['other']);
    expect(instance.waiting()).toEqual(['after']);
  });

  it('of the kind terminate end the process', async () => {
    const instance = await play(
      b.process([
        b.start(),
        b.and('fork'),
        b.userTask('a'),
        b.timer('wait', { duration: 'PT1H' }),
        b.terminate(),
        b.flow('start -> fork -> a -> terminate'),
        b.flow('fork -> wait'),
      ]),
    );
    instance.complete('a');
    expect(instance.status()).toBe('completed');
  });

  it('of the kind terminate close what the same command opened', async () => {
    const instance = await play(
      b.process([
        b.start(),
        b.and('fork'),
        b.userTask('a'),
        b.terminate(),
        b.flow('start -> fork -> a'),
        b.flow('fork -> terminate'),
      ]),
    );
    expect(instance.status()).toBe('completed');
    expect(instance.cancelledTasks).toEqual([]);
  });

  it.each([
    ['E1', 'mend'],
    ['E2', 'wonder'],
  ])('of the kind error are caught around the sub-process, by code before catch-all: %s', async (code, expected) => {
    const instance = await play(around(b.errorEnd('last', code)));
    instance.complete('ask');
    expect(instance.cancelledTasks).toEqual(['other']);
    expect(instance.waiting()).toEqual([expected]);
  });

  it('of the kind error that nobody catches are an incident', async () => {
    const instance = await play(b.process([b.start(), b.errorEnd('fail', 'E9'), b.flow('start -> fail')]));
    expect(instance.reason()).toBe('End event (fail): nobody catches the error “E9”');
  });
});

describe('errors of jobs', () => {
  const nested = b.process([
    b.start(),
    b.sub('outer', [
      b.start('s2'),
      b.sub('inner', [b.start('s3'), b.job('job', { inputs: { mine: '=1' } }), b.flow('s3 -> job')]),
      b.boundaryError('wrongCode', 'inner', 'OTHER'),
      b.end('e2'),
      b.flow('s2 -> inner'),
      b.flow('wrongCode -> e2'),
    ]),
    b.boundaryError('right', 'outer', 'LATE', { outputs: { note: '=info' } }),
    b.userTask('mend'),
    b.flow('start -> outer'),
    b.flow('right -> mend'),
  ]);

  it('propagate through sub-processes to the nearest event that catches them', async () => {
    const instance = await play(nested);
    instance.throwError('job', 'LATE', { info: 'too late', mine: 2 });
    expect(instance.waiting()).toEqual(['mend']);
    expect(instance.variables()).toEqual({ note: 'too late' });
  });

  it('are an incident if nobody catches them, and the job is held', async () => {
    const instance = await play(nested);
    instance.throwError('job', 'UNKNOWN');
    expect(instance.reason()).toBe('Service task (job): nobody catches the error “UNKNOWN”');
    expect(instance.waiting()).toEqual(['job']);
    instance.complete('job');
    expect(instance.status()).toBe('completed');
  });

  it('that are permanent are an incident', async () => {
    const instance = await play(nested);
    instance.failJob('job', 'no such host');
    expect(instance.reason()).toBe('Service task (job): no such host');
    expect(instance.status()).toBe('incident');
  });
});

describe('timers', () => {
  const boundary = (interrupting: boolean) =>
    b.process([
      b.start(),
      b.sub('inside', [b.start('s2'), b.userTask('ask'), b.userTask('next'), b.flow('s2 -> ask -> next')]),
      b.boundaryTimer('late', 'inside', { duration: 'PT1H', interrupting }),
      b.userTask('remind'),
      b.userTask('after'),
      b.flow('start -> inside -> after'),
      b.flow('late -> remind'),
    ]);

  it('interrupt the activity and everything in it', async () => {
    const instance = await play(boundary(true));
    expect(instance.waiting()).toEqual(['ask', 'late']);
    instance.complete('ask');
    expect(instance.waiting()).toEqual(['late', 'next']);
    instance.fire('late');
    expect(instance.cancelledTasks).toEqual(['next']);
    expect(instance.waiting()).toEqual(['remind']);
  });

  it('run in parallel to the activity if they do not interrupt', async () => {
    const instance = await play(boundary(false));
    instance.fire('late');
    expect(instance.waiting()).toEqual(['ask', 'remind']);
    instance.complete('ask');
    instance.complete('next');
    expect(instance.waiting()).toEqual(['after', 'remind']);
  });

  it('end with the activity', async () => {
    const instance = await play(boundary(true));
    instance.complete('ask');
    instance.complete('next');
    expect(instance.waiting()).toEqual(['after']);
  });

  it.each([
    [{ duration: 'PT15M' }, '2026-03-04T05:21:07.000Z'],
    [{ duration: '=duration("P1DT2H")' }, '2026-03-05T07:06:07.000Z'],
    [{ duration: '="P" + string(n) + "M"' }, '2026-05-04T05:06:07.000Z'],
    [{ date: '2026-04-01T10:00:00+02:00' }, '2026-04-01T08:00:00.000Z'],
    [{ date: '=at' }, '2026-06-01T12:00:00.000Z'],
    [{ date: '=date and time("2026-07-01T12:00:00@Europe/Berlin")' }, '2026-07-01T10:00:00.000Z'],
    [{ date: '=now() + duration("PT1H")' }, '2026-03-04T06:06:07.000Z'],
  ])('are due: %j', async (options, expected) => {
    const instance = await play(b.process([b.start(), b.timer('wait', options), b.flow('start -> wait')]), {
      n: 2,
      at: '2026-06-01T12:00:00Z',
    });
    expect(instance.reason()).toBeUndefined();
    expect(instance.opened('wait')).toMatchObject({ dueAt: new Date(expected) });
    instance.fire('wait');
    expect(instance.status()).toBe('completed');
  });

  it.each([[{ duration: '=missing' }], [{ duration: '="soon"' }], [{ date: '="2026-01-01"' }], [{ date: '=5' }]])(
    'are an incident if their time cannot be evaluated: %j',
    async (options) => {
      const instance = await play(b.process([b.start(), b.timer('wait', options), b.flow('start -> wait')]));
      expect(instance.reason()).toMatch(/^Intermediate catch event \(wait\): =.* should be an ISO 8601 /);
    },
  );

  it('of an activity that cannot be entered are not opened', async () => {
    const instance = await play(
      b.process([
        b.start(),
        b.userTask('ask', { assignee: '=nobody' }),
        b.boundaryTimer('late', 'ask', { duration: 'PT1H' }),
        b.flow('start -> ask'),
      ]),
    );
    expect(instance.status()).toBe('incident');
    expect(instance.waiting()).toEqual([]);
    instance.cancel();
    expect(instance.status()).toBe('terminated');
  });
});

it('keeps the state of an ordinary instance below a kilobyte', async () => {
  const instance = await play(
    b.process([
      b.start(),
      b.userTask('ask'),
      b.boundaryTimer('late', 'ask', { duration: 'P1D' }),
      b.flow('start -> ask'),
    ]),
    { sessionId: '00000000-0000-4000-8000-000000000000', clientName: 'Ann Example', clientEmail: 'ann@example.com' },
  );
  expect(JSON.stringify(instance.state()).length).toBeLessThan(300);
});
