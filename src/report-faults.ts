import type { EndProcess } from './end-process.ts';
import type { Logger } from './logger.ts';

/** Node's error codes for lost connections. */
const connectionFaults = new Set(['ECONNRESET', 'ECONNREFUSED', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH']);

/**
 * Logs uncaught errors in one line without their content; Node's own report would print whole objects, including request bodies
 * and tokens.
 *
 * - An unhandled rejection leaves nothing half done: the work failed as a whole, transactions roll back, and workers
 * take up what is left. Kickoff goes on.
 * - An unhandled `error` event of a connection means that the connection is lost, and none of Kickoff's work was using
 * it. Kickoff goes on.
 * - Any other uncaught exception interrupted a callback, whose changes in memory (a queue, a lock, a count) can be
 * incomplete. Kickoff exits, and its supervisor restarts it from the state in the database.
 */
export function reportFaults(logger: Logger, end: EndProcess): void {
  process.on('unhandledRejection', (err) => {
    logger.error({ err }, 'unhandled promise rejection');
  });
  process.on('uncaughtException', (err) => {
    if ('code' in err && connectionFaults.has(String(err.code))) {
      logger.error({ err }, 'unhandled connection error');
      return;
    }
    logger.fatal({ err }, 'uncaught exception: Kickoff exits');
    end('uncaughtException', 1);
  });
}
