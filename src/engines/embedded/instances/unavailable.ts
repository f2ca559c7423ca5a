import { DrizzleQueryError } from 'drizzle-orm/errors';
import { message } from '../../../words/message.ts';
import { EngineUnavailableError } from '../../engine.ts';

/** Node's, postgres.js's and Postgres's own codes (class 08, shutting down, starting up, out of connections). */
const codes =
  /^(ECONN|ENOTFOUND|EPIPE|ETIMEDOUT|EHOSTUNREACH|EAI_AGAIN|CONNECT_TIMEOUT|CONNECTION_|08...|57P0[123]$|53300$)/;

/** Whether an error, or what caused it, says that the database cannot be reached. */
export function isUnavailable(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && codes.test(String(cause.code))) return true;
    if (cause.message === 'PGlite is closed') return true;
  }
  return false;
}

/** The database's own error: drizzle's around it quotes the parameters, which are not for logs and reasons. */
export function driverError(error: unknown): unknown {
  return error instanceof DrizzleQueryError && error.cause ? error.cause : error;
}

/** Lets every error through, those of an absent database as {@link EngineUnavailableError}. */
export async function reachingDatabase<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const cause = driverError(error);
    if (!isUnavailable(cause)) throw cause;
    throw new EngineUnavailableError(message('engine.databaseAway'), { cause });
  }
}
