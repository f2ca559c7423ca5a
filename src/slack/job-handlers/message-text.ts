import { type Job, PermanentJobError } from '../../engines/engine.ts';
import { authored, literalMessage } from '../block-kit/markup.ts';

/** Slack truncates longer messages. */
const longestText = 40_000;

/** A process's message, as chat.postMessage takes it. */
export interface ProcessMessage {
  text: string;
  /** False: Slack does not format the text. */
  mrkdwn: boolean;
}

/**
 * The message that a job is to send. The input `text` is the value of an expression, in which a client's words cannot be told
 * apart, so all of it is plain text. The header `text` is its author's Markdown, in which values inserted by `{{…}}` are plain
 * text. Neither notifies a whole channel. Throws {@link PermanentJobError}.
 */
export function messageOfJob(job: Job): ProcessMessage {
  const { text: template } = job.headers;
  if (template === undefined) return { text: literalMessage(uncalled(plainTextOf(job))).source, mrkdwn: false };
  return { text: requireLength(uncalled(authored(template, job.variables).source)), mrkdwn: true };
}

/** Replaces mentions of a whole channel or group by readable text. */
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
