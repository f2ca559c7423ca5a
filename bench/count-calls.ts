import { subscribe, unsubscribe } from 'node:diagnostics_channel';

/** Counts this process's `fetch` calls to a server from now on. */
export function countCalls(origin: string): { stop(): number } {
  let count = 0;
  const note = (message: unknown) => {
    if (String((message as { request: { origin: string | URL } }).request.origin) === origin) count += 1;
  };
  subscribe('undici:request:create', note);
  return {
    stop() {
      unsubscribe('undici:request:create', note);
      return count;
    },
  };
}
