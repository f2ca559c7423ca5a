import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createPriority, type Priority } from '../src/priority.ts';

let priority: Priority;
beforeEach(() => {
  vi.useFakeTimers();
  priority = createPriority();
});
afterEach(() => vi.useRealTimers());

/** Begins a delivery, which lasts until the returned function is called. */
function deliver(): () => void {
  let end = () => {};
  const work = new Promise<void>((resolve) => {
    end = resolve;
  });
  void priority.deliver(() => work);
  return end;
}

/** How long work with a maximum delay of one second is delayed, in milliseconds. */
async function givesWayFor(): Promise<number> {
  const begun = performance.now();
  const giving = priority.giveWay(1000);
  const waited = giving.then(() => performance.now() - begun);
  await vi.runAllTimersAsync();
  return waited;
}

test('work is not delayed while deliveries are as fast as usual', async () => {
  for (let count = 0; count < 100; count += 1) deliver();
  expect(await givesWayFor()).toBe(0);
});

test('work waits for slow deliveries until they are done', async () => {
  const end = deliver();
  await vi.advanceTimersByTimeAsync(60);
  setTimeout(end, 200);
  const waited = await givesWayFor();
  expect(waited).toBeGreaterThanOrEqual(200);
  expect(waited).toBeLessThan(300);
});

test('work is delayed only up to its limit', async () => {
  deliver();
  await vi.advanceTimersByTimeAsync(60);
  expect(await givesWayFor()).toBeCloseTo(1000, -2);
});

test('a failed delivery delays nothing', async () => {
  await expect(priority.deliver(() => Promise.reject(new Error('away')))).rejects.toThrow('away');
  await vi.advanceTimersByTimeAsync(1000);
  expect(await givesWayFor()).toBe(0);
});
