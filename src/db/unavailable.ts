import { DrizzleQueryError } from 'drizzle-orm/errors';

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
