import inspector from 'node:inspector';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Logger } from '../logger.ts';

/** How often the main thread shows that it lives, and how often that is looked at, in milliseconds. */
export const beatMs = 1000;

/**
 * Ends the process once its main thread has been blocked for some 7 seconds: until then it can neither answer anybody nor
 * hear SIGTERM. A thread of its own watches, since nothing on a blocked thread runs.
 */
export function startWatchdog(logger: Logger): void {
  // A debugger stops the main thread for as long as somebody looks around.
  if (inspector.url() !== undefined) return;
  const beats = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  setInterval(() => Atomics.add(beats, 0, 1), beatMs).unref();
  const thread = new Worker(new URL(`./watchdog-thread${extname(import.meta.url)}`, import.meta.url), {
    workerData: beats,
    // None of the main thread's options: a debugger's, or modules to import.
    execArgv: [],
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 1, stackSizeMb: 1 },
  });
  thread.unref();
  thread.on('error', (err) => logger.error({ err }, 'nobody watches over the main thread'));
}
