import { DrizzleQueryError } from 'drizzle-orm/errors';

/** Node's and Postgres's own codes (class 08, shutting down, starting up, out of connections). */
const codes = /^(ECONN|ENOTFOUND|EPIPE|ETIMEDOUT|EHOSTUNREACH|EAI_AGAIN|08...|57P0[123]$|53300$)/;

/** Messages of errors that pg and PGlite give no code: a connection was lost, took too long, or did not answer. */
const messages =
  /^(Connection terminated|timeout expired|Query read timeout|Client .* is not queryable|Cannot use a pool after|PGlite is closed)/;

/** Whether an error, or what caused it, says that the database cannot be reached. */
export function isUnavailable(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && codes.test(String(cause.code))) return true;
    if (messages.test(cause.message)) return true;
  }
  return false;
}

/** The database's own error: drizzle's around it quotes the parameters, which are not for logs and reasons. */
export function driverError(error: unknown): unknown {
  return error instanceof DrizzleQueryError && error.cause ? error.cause : error;
}
