import { reasonOf, UnavailableError } from '../../errors.ts';
import { message } from '../../words/message.ts';
import { platformError } from '../platform-error.ts';

/** The form of Slack's error codes: `channel_not_found`. */
const slackCode = /^[a-z][a-z0-9_]*$/;

/**
 * The error of a call, or an UnavailableError if its answer was lost: the connection was cut, or something else such as a proxy
 * answered. The client reports these as a request error or a refusal. The call may have had its effect.
 */
export function callError(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const refusal = platformError(error);
  const isSlacks = code.startsWith('slack_') && (refusal === undefined || slackCode.test(refusal));
  if (isSlacks) return error;
  const said =
    refusal === undefined ? message('slack.away', { error: reasonOf(error) }) : message('slack.answerUnreadable');
  return new UnavailableError(said, { cause: error });
}
