import { reasonOf, UnavailableError } from '../../errors.ts';
import { message } from '../../words/message.ts';
import { platformError } from '../platform-error.ts';

/** As Slack writes its error codes: `channel_not_found`. */
const slackCode = /^[a-z][a-z0-9_]*$/;

/**
 * The error of a call, or that Slack is away, where its answer was lost: cut off on the way, or somebody else's, such as a
 * proxy's page. The client takes the one for a fault of ours and the other for a refusal. The call may have had its effect.
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
