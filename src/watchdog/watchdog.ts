import inspector from 'node:inspector';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Logger } from '../logger.ts';

/** How often the main thread gives a sign of life, and how often the watchdog checks it, in milliseconds. */
export const beatMs = 1000;

/**
 * Ends the process when its main thread has been blocked for about 7 seconds: it could neither answer anybody nor handle
 * SIGTERM. A separate thread watches, since nothing runs on a blocked thread.
 */
export function startWatchdog(logger: Logger): void {
  // A debugger stops the main thread for any time.
  if (inspector.url() !== undefined) return;
  const beats = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  setInterval(() => Atomics.add(beats, 0, 1), beatMs).unref();
  const thread = new Worker(new URL(`./watchdog-thread${extname(import.meta.url)}`, import.meta.url), {
    workerData: beats,
    // Without the main thread's options: a debugger's, or modules to import.
    execArgv: [],
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 1, stackSizeMb: 1 },
  });
  thread.unref();
  thread.on('error', (err) => logger.error({ err }, 'the watchdog failed: the main thread is not monitored'));
}
