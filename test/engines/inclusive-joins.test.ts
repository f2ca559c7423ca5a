import { describe, expect, it } from 'vitest';
import * as b from './diagram-builder.ts';
import { play } from './play.ts';

/** The body, between `in` and `out`, in a loop that runs twice in one scope: everything in it leads to everything. */
const twice = (body: string[], first: string, last: string) =>
  b.process([
    b.start(),
    b.xor('again'),
    ...body,
    b.script('add', '=n + 1', 'n'),
    b.xor('more', 'more-again'),
    b.end(),
    b.flow(`start -> again -> ${first}`),
    b.flow(`${last} -> add -> more -> again`),
    b.flow('more -> end', '=n = 2'),
  ]);

/** Two ways out of an inclusive gateway, of which only the first is taken. */
const choice = (name: string) => [
  b.or(`${name}-fork`),
  b.userTask(`${name}-taken`),
  b.userTask(`${name}-not`),
  b.or(`${name}-join`),
  b.flow(`${name}-fork -> ${name}-taken`, '=true'),
  b.flow(`${name}-fork -> ${name}-not`, '=false'),
  b.flow(`${name}-taken -> ${name}-join`),
  b.flow(`${name}-not -> ${name}-join`),
];

const beside = (fork: (id: string) => string, ways: [first: string, last: string][], condition?: string) => [
  fork('fork'),
  fork('join'),
  ...ways.flatMap(([first, last]) => [b.flow(`fork -> ${first}`, condition), b.flow(`${last} -> join`)]),
];

describe('an inclusive join in a loop', () => {
  it.each([
    ['parallel', b.and, undefined],
    ['inclusive', b.or, '=true'],
  ])('does not wait for a token that waits for it, or will, at a %s join', async (_, fork, condition) => {
    const ways: [string, string][] = [
      ['a-fork', 'a-join'],
      ['work', 'work'],
    ];
    const body = [...choice('a'), b.userTask('work'), ...beside(fork, ways, condition)];
    const instance = await play(twice(body, 'fork', 'join'), { n: 0 });
    expect(instance.waiting()).toEqual(['a-taken', 'work']);
    instance.complete('work');
    expect(instance.waiting()).toEqual(['a-taken']);
    instance.complete('a-taken');
    expect(instance.waiting()).toEqual(['a-taken', 'work']);
    instance.complete('a-taken');
    expect(instance.waiting()).toEqual(['work']);
    instance.complete('work');
    expect(instance.status()).toBe('completed');
  });

  it.each([
    ['parallel', b.and, undefined],
    ['inclusive', b.or, '=true'],
  ])('does not block another one, both inside a %s join', async (_, fork, condition) => {
    const ways: [string, string][] = [
      ['a-fork', 'a-join'],
      ['c-fork', 'c-join'],
    ];
    const body = [...choice('a'), ...choice('c'), ...beside(fork, ways, condition)];
    const instance = await play(twice(body, 'fork', 'join'), { n: 0 });
    for (const _round of [1, 2]) {
      expect(instance.waiting()).toEqual(['a-taken', 'c-taken']);
      instance.complete('a-taken');
      expect(instance.waiting()).toEqual(['c-taken']);
      instance.complete('c-taken');
    }
    expect(instance.status()).toBe('completed');
  });

  it('waits for tokens that come through the joins of its own branches', async () => {
    const inner = [
      b.and('inner-fork'),
      b.userTask('left'),
      b.userTask('right'),
      b.and('inner-join'),
      b.flow('inner-fork -> left -> inner-join'),
      b.flow('inner-fork -> right -> inner-join'),
    ];
    const body = [
      ...inner,
      b.userTask('work'),
      ...beside(
        b.or,
        [
          ['inner-fork', 'inner-join'],
          ['work', 'work'],
        ],
        '=true',
      ),
    ];
    const instance = await play(twice(body, 'fork', 'join'), { n: 1 });
    instance.complete('work');
    instance.complete('left');
    expect(instance.waiting()).toEqual(['right']);
    instance.complete('right');
    expect(instance.status()).toBe('completed');
  });

  it('waits for a token that may still come to it either way', async () => {
    const instance = await play(
      b.process([
        b.start(),
        b.and('fork'),
        b.task('quick'),
        b.userTask('decide'),
        b.xor('where', 'where-same'),
        b.xor('same'),
        b.or('join'),
        b.userTask('after'),
        b.flow('start -> fork -> quick -> same -> join -> after'),
        b.flow('fork -> decide -> where -> same'),
        b.flow('where -> join', '=other'),
      ]),
      { other: true },
    );
    expect(instance.waiting()).toEqual(['decide']);
    instance.complete('decide');
    expect(instance.waiting()).toEqual(['after']);
    instance.complete('after');
    expect(instance.status()).toBe('completed');
  });
});

describe('inclusive joins that wait for each other', () => {
  /** Two joins in a circle, each with its own way in; `ways` is the number of flows from each to the other. */
  const circle = (ways: 1 | 2) => {
    const leave = (name: string, other: string) => [
      b.or(name),
      b.userTask(`after-${name}`),
      b.xor(`from-${name}`, `from-${name}-end`),
      b.flow(`${name} -> after-${name} -> from-${name} -> end`),
      b.flow(`from-${name} -> ${other}`, '=again'),
    ];
    const entered = (name: string) => (ways === 1 ? name : `into-${name}`);
    const either = (name: string) =>
      ways === 1
        ? []
        : [
            b.xor(`into-${name}`, `into-${name}-direct-${name}`),
            b.task(`direct-${name}`),
            b.xor(`usual-${name}`),
            b.flow(`into-${name} -> direct-${name} -> ${name}`),
            b.flow(`into-${name} -> usual-${name}`, '=usual'),
            b.flow(`usual-${name} -> ${name}`),
          ];
    const begin = (name: string) => (ways === 1 ? name : `usual-${name}`);
    return b.process([
      b.start(),
      b.and('fork'),
      ...leave('one', entered('two')),
      ...leave('two', entered('one')),
      ...either('one'),
      ...either('two'),
      b.end(),
      b.flow(`start -> fork -> ${begin('one')}`),
      b.flow(`fork -> ${begin('two')}`),
    ]);
  };

  it.each([1, 2] as const)(
    'never do so forever: the first one in the diagram continues (%i ways between them)',
    async (ways) => {
      const instance = await play(circle(ways), { again: false, usual: false });
      expect(instance.waiting()).toContain('after-one');
      while (instance.status() === 'active') instance.complete(instance.waiting()[0] ?? '');
      expect(instance.status()).toBe('completed');
    },
  );
});
