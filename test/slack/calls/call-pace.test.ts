import { expect, test } from 'vitest';
import { NotYetError } from '../../../src/errors.ts';
import { createCallPace } from '../../../src/slack/calls/call-pace.ts';
import { usualTimings } from '../../../src/timings.ts';

const join = { method: 'conversations.join' };
const post = (channel: string) => ({ method: 'chat.postMessage', channel });

/** Number of the `attempts` calls that did not have to wait. */
async function atOnce(turn: () => Promise<void>, attempts = 100): Promise<number> {
  const outcomes = await Promise.allSettled(Array.from({ length: attempts }, turn));
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(NotYetError);
  }
  return outcomes.filter(({ status }) => status === 'fulfilled').length;
}

test('a burst below the tier is not delayed: half of it for background calls, all of it if a person waits', async () => {
  const pace = createCallPace(usualTimings.calls);
  expect(await atOnce(() => pace.turn(join, 'bulk', 0))).toBe(5);
  expect(await atOnce(() => pace.turn(join, 'ordinary', 0))).toBe(5);
  expect(await atOnce(() => pace.turn(join, 'urgent', 0))).toBe(100);
});

test('a pause delays only its method, and for posted messages only its channel', async () => {
  const pace = createCallPace(usualTimings.calls);
  pace.pause(join, 30_000);
  pace.pause(post('C1'), 30_000);
  for (const rank of ['urgent', 'ordinary', 'bulk'] as const) {
    await expect(pace.turn(join, rank, 1000)).rejects.toBeInstanceOf(NotYetError);
    await pace.turn({ method: 'conversations.history' }, rank, 0);
  }
  await expect(pace.turn(post('C1'), 'urgent', 1000)).rejects.toBeInstanceOf(NotYetError);
  await pace.turn(post('C2'), 'ordinary', 0);
});

test('refused calls are told to come back one after the other', async () => {
  const pace = createCallPace({ minuteMs: 55_000 });
  await pace.turn(post('C1'), 'ordinary', 0);
  const told: number[] = [];
  for (let nth = 0; nth < 3; nth += 1) {
    await pace.turn(post('C1'), 'ordinary', 500).catch(({ retryInMs }) => told.push(Math.round(retryInMs / 100)));
  }
  expect(told).toEqual([10, 20, 30]);
});

test('a waiting call has its turn in time, and after a pause that began in between', async () => {
  const pace = createCallPace({ minuteMs: 5500 });
  await pace.turn(post('C1'), 'ordinary', 0);
  const begun = performance.now();
  const second = pace.turn(post('C1'), 'ordinary', 1000).then(() => performance.now() - begun);
  pace.pause(post('C1'), 300);
  expect(await second).toBeGreaterThanOrEqual(295);
});

test('stopping the pace rejects waiting calls, while calls that need not wait go on', async () => {
  const pace = createCallPace(usualTimings.calls);
  pace.pause(join, 30_000);
  const waiting = pace.turn(join, 'bulk', Number.POSITIVE_INFINITY);
  pace.stop();
  await expect(waiting).rejects.toBeInstanceOf(NotYetError);
  await pace.turn({ method: 'views.open' }, 'urgent', 0);
});
