import { type Job, PermanentJobError } from '../../engines/engine.ts';

/** Slack cuts longer messages off. */
const longestText = 40_000;

/**
 * The text that a job is to send. It is mrkdwn, as the process writes it; but what clients and forms put into it must not
 * call a whole channel. Throws {@link PermanentJobError}.
 */
export function messageText({ variables }: Job): string {
  const { text } = variables;
  const written = ['number', 'bigint', 'boolean'].includes(typeof text) ? String(text) : text;
  if (typeof written !== 'string' || written.trim() === '') {
    throw new PermanentJobError('There is nothing to send: “text” is empty.');
  }
  if (written.length > longestText) {
    throw new PermanentJobError(`“text” has ${written.length} characters; Slack takes at most ${longestText}.`);
  }
  return written.replaceAll(/<!(channel|here|everyone|subteam\^[A-Z0-9]+)(?:\|[^>]*)?>/g, '@$1');
}
