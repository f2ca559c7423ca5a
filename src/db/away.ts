import { NotYetError, UnavailableError } from '../errors.ts';
import { isUnavailable } from './unavailable.ts';

/** Error codes of the Web API client when Slack did not answer, or cannot at present. */
const slackAway = /^slack_webapi_(?!platform_error)/;

/** Slack's errors about its own state or the app's installation: retrying may help. */
export const passingAnswers: ReadonlySet<string> = new Set([
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
  'ratelimited',
  'team_added_to_org',
  'not_authed',
  'invalid_auth',
  'token_expired',
  'token_revoked',
  'account_inactive',
]);

/** Whether work failed because the database, Slack or the engine is unavailable, and not by its own fault. */
export function isAway(error: unknown): boolean {
  if (isUnavailable(error)) return true;
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof UnavailableError) return true;
    if ('code' in cause && slackAway.test(String(cause.code))) return true;
    const { data } = cause as { data?: { error?: string } };
    if (data?.error !== undefined && passingAnswers.has(data.error)) return true;
  }
  return false;
}

/** How long Slack asks to wait after too many calls, in milliseconds; undefined if it does not. */
export function askedPause(error: unknown): number | undefined {
  const seconds = error instanceof Error && 'retryAfter' in error ? Number(error.retryAfter) : Number.NaN;
  return Number.isNaN(seconds) ? undefined : seconds * 1000;
}

/** How long to postpone work that failed with {@link NotYetError}, in milliseconds; undefined for other errors. */
export function putOffMs(error: unknown): number | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof NotYetError) return cause.retryInMs;
  }
  return undefined;
}
