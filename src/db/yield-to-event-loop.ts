import { setImmediate } from 'node:timers/promises';

/** In milliseconds. */
const longestRun = 10;

/**
 * PGlite works on this thread and answers with promises alone: callers that never wait for anything else would keep
 * timers and sockets waiting for as long as they go on. With this they have their turn before a query, now and then.
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
