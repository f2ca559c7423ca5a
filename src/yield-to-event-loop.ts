import { setImmediate } from 'node:timers/promises';

/** Maximum time without yielding, in milliseconds. */
const longestRun = 10;

/**
 * Work on this thread that only resolves promises, such as PGlite's or the reading of many files, would starve timers and
 * sockets. Calling this before each part yields to them now and then.
 */
export function createYield(): () => Promise<void> {
  let since = performance.now();
  let yielding: Promise<void> | undefined;
  return async () => {
    if (performance.now() - since < longestRun) return;
    yielding ??= setImmediate().then(() => {
      since = performance.now();
      yielding = undefined;
    });
    await yielding;
  };
}
