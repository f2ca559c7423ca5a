import { UnavailableError } from '../errors.ts';
import { isUnavailable } from './unavailable.ts';

/** Slack's Web API did not answer, or said that it cannot now. */
const slackAway = /^slack_webapi_(?!platform_error)/;
const slackTroubles = new Set([
  'fatal_error',
  'internal_error',
  'ratelimited',
  'request_timeout',
  'service_unavailable',
]);

/** Whether work failed because the database, Slack or the engine is away, and not by its own fault. */
export function isAway(error: unknown): boolean {
  if (isUnavailable(error)) return true;
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof UnavailableError) return true;
    if ('code' in cause && slackAway.test(String(cause.code))) return true;
    const { data } = cause as { data?: { error?: string } };
    if (data?.error !== undefined && slackTroubles.has(data.error)) return true;
  }
  return false;
}
