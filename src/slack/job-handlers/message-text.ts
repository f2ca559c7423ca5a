import { type Job, PermanentJobError } from '../../engines/engine.ts';
import { authored, literalMessage } from '../block-kit/markup.ts';

/** Slack cuts longer messages off. */
const longestText = 40_000;

/** A message of a process, as chat.postMessage takes it. */
export interface ProcessMessage {
  text: string;
  /** False: Slack formats nothing in it. */
  mrkdwn: boolean;
}

/**
 * What a job is to send. The input `text` is an expression's value, and no one can tell any more which of its words are a
 * client's, so all of it is plain. The header `text` is its author's Markdown, and plain is what `{{…}}` inserts there. Neither
 * calls a whole channel. Throws {@link PermanentJobError}.
 */
export function messageOfJob(job: Job): ProcessMessage {
  const { text: template } = job.headers;
  if (template === undefined) return { text: literalMessage(uncalled(plainTextOf(job))).source, mrkdwn: false };
  return { text: requireLength(uncalled(authored(template, job.variables).source)), mrkdwn: true };
}

/** With the call of a whole channel or group as people read it. */
function uncalled(text: string): string {
  return text.replaceAll(/<!(channel|here|everyone|subteam\^[A-Z0-9]+)(?:\|[^>]*)?>/g, '@$1');
}

function plainTextOf({ variables }: Job): string {
  const { text } = variables;
  const written = ['number', 'bigint', 'boolean'].includes(typeof text) ? String(text) : text;
  return requireLength(typeof written === 'string' ? written : '');
}

function requireLength(written: string): string {
  if (written.trim() === '') {
    throw new PermanentJobError('There is nothing to send: “text” is empty.');
  }
  if (written.length > longestText) {
    throw new PermanentJobError(`“text” has ${written.length} characters; Slack takes at most ${longestText}.`);
  }
  return written;
}
