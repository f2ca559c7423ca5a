import { setImmediate } from 'node:timers/promises';

/** Maximum time without yielding, in milliseconds. */
const longestRun = 10;

/**
 * PGlite runs on this thread and only resolves promises: callers that await nothing else would starve timers and sockets.
 * Calling this before a query yields to them now and then.
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
