import { passingAnswers } from '../db/away.ts';
import { platformError } from './platform-error.ts';

/** Slack's error code, if retrying would not help. */
export function refusalOf(error: unknown): string | undefined {
  const reason = platformError(error);
  return reason === undefined || passingAnswers.has(reason) ? undefined : reason;
}
