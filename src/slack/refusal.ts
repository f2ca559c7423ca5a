import { platformError } from './directory.ts';

/** Slack's answers that tell of its own state, or of the app's installation: another attempt may get another one. */
const passing = new Set([
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

/** Slack's error code, if it refused what no further attempt will change. */
export function refusalOf(error: unknown): string | undefined {
  const reason = platformError(error);
  return reason === undefined || passing.has(reason) ? undefined : reason;
}
