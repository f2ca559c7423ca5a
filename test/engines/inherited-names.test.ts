import { expect, test } from 'vitest';
import type { Variables } from '../../src/processes/value-types.ts';
import * as b from './diagram-builder.ts';
import { play } from './play.ts';

/** Names of properties that every object inherits. */
const names = { one: 'constructor', two: 'toString', join: '__proto__' };

test.each([
  ['parallel', b.and, undefined],
  ['inclusive', b.or, '=true'],
])('a %s join and its flows may have the ids __proto__, constructor and toString', async (_, gateway, condition) => {
  const xml = b
    .process([
      b.start(),
      gateway('fork'),
      b.userTask('first'),
      b.userTask('second'),
      gateway('join'),
      b.userTask('last'),
      b.end(),
      b.flow('start -> fork'),
      b.flow('fork -> first', condition),
      b.flow('fork -> second', condition),
      b.flow('first -> join'),
      b.flow('second -> join'),
      b.flow('join -> last -> end'),
    ])
    .replaceAll('first-join', names.one)
    .replaceAll('second-join', names.two)
    .replaceAll('join', names.join);
  const game = await play(xml);
  game.complete('first');
  expect(game.waiting()).toEqual(['second']);
  game.complete('second');
  expect(game.waiting()).toEqual(['last']);
  game.complete('last');
  expect(game.status()).toBe('completed');
});

const answer: Variables = JSON.parse(
  '{"__proto__": {"admin": true}, "constructor": 1, "hasOwnProperty": "2", "toString": [3]}',
);

test('variables named __proto__, constructor, hasOwnProperty and toString are ordinary ones', async () => {
  const game = await play(
    b.process([
      b.start(),
      b.userTask('ask'),
      b.userTask('use', { inputs: { seen: '=constructor', constructor: '=5' }, outputs: { toString: '=seen' } }),
      b.end(),
      b.flow('start -> ask -> use -> end'),
    ]),
  );
  game.complete('ask', answer);
  expect(game.variables()).toStrictEqual(answer);
  expect(Object.getPrototypeOf(game.variables())).toBe(Object.prototype);
  game.complete('use');
  expect(Object.entries(game.variables())).toEqual(Object.entries({ ...answer, toString: 1 }));
  expect(({} as { admin?: unknown }).admin).toBeUndefined();
});
