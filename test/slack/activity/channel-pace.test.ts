import { expect, test } from 'vitest';
import { createChannelPace } from '../../../src/slack/activity/channel-pace.ts';

test('each start of a backlog gets its own turn, and asks only once more', () => {
  let time = 0;
  const pace = createChannelPace(1000, () => time);
  const waits = (...ids: string[]) => ids.map((id) => pace.wait('C1', id));
  expect(waits('a', 'b', 'c', 'd')).toEqual([0, 1000, 2000, 3000]);
  // A start that asks too early keeps its turn.
  time = 400;
  expect(waits('c', 'e')).toEqual([1600, 3600]);
  expect(pace.wait('C2', 'z')).toBe(0);
  time = 1000;
  expect(waits('b')).toEqual([0]);
  time = 10_000;
  // Late starts do not go all at once, and new ones go after them.
  expect(waits('c', 'd', 'e', 'a', 'b')).toEqual([0, 1000, 2000, 3000, 4000]);
});

test('unused turns are forgotten', () => {
  let time = 0;
  const pace = createChannelPace(1000, () => time);
  for (const id of ['a', 'b', 'c']) pace.wait('C1', id);
  time = 200_000;
  pace.wait('C1', 'x');
  expect(pace.wait('C1', 'c')).toBe(1000);
});

test('a free turn is given, or its time is told, also when the clock goes on in between', () => {
  let time = 0;
  const pace = createChannelPace(10, () => time++);
  for (let count = 0; count < 200; count += 1) {
    const before = time;
    const wait = pace.wait('C1', 'a');
    expect(wait).toBeGreaterThanOrEqual(0);
    if (count === 0) expect(wait).toBe(0);
    time = before + 3 + wait;
  }
});
