import type { EndProcess } from './end-process.ts';
import type { Logger } from './logger.ts';

/** Node's codes for what a network does to a connection. */
const connectionFaults = new Set(['ECONNRESET', 'ECONNREFUSED', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH']);

/**
 * Logs what nobody caught, in one line and without its content; Node's own report would print whole objects, with request
 * bodies and tokens among them.
 *
 * - A rejected promise that nobody waits for leaves nothing half done: what it was to do failed as a whole, transactions
 *   roll back, and workers take up what is left. Kickoff goes on.
 * - An `error` event of a connection that nobody listens to says that the connection is gone, and nothing of ours was
 *   under way when it came. Kickoff goes on.
 * - Any other uncaught exception broke off a callback in the middle, and what that was changing in memory (a queue, a lock,
 *   a count) can stay half changed. Kickoff ends, and its supervisor starts it again from what the database says.
 */
export function reportFaults(logger: Logger, end: EndProcess): void {
  process.on('unhandledRejection', (err) => {
    logger.error({ err }, 'a promise failed that nobody waited for');
  });
  process.on('uncaughtException', (err) => {
    if ('code' in err && connectionFaults.has(String(err.code))) {
      logger.error({ err }, 'a connection failed that nobody listened to');
      return;
    }
    logger.fatal({ err }, 'an unexpected failure: Kickoff ends');
    end('uncaughtException', 1);
  });
}
