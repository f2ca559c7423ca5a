import { DrizzleQueryError } from 'drizzle-orm/errors';

/** Error codes of Node and Postgres (class 08, shutting down, starting up, out of connections). */
const codes = /^(ECONN|ENOTFOUND|EPIPE|ETIMEDOUT|EHOSTUNREACH|EAI_AGAIN|08...|57P0[123]$|53300$)/;

/** Error messages of pg and PGlite without a code: a connection was lost, timed out, or did not answer. */
const messages =
  /^(Connection terminated|timeout expired|Query read timeout|Client .* is not queryable|Cannot use a pool after|PGlite is closed)/;

/** Whether an error or one of its causes says that the database cannot be reached. */
export function isUnavailable(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && codes.test(String(cause.code))) return true;
    if (messages.test(cause.message)) return true;
  }
  return false;
}

/** The driver's error, without drizzle's wrapper, which quotes the parameters: those must not get into logs and reasons. */
export function driverError(error: unknown): unknown {
  return error instanceof DrizzleQueryError && error.cause ? error.cause : error;
}
