import { attachmentText, saidAttachments } from './attachment-text.ts';
import { blocksText } from './block-text.ts';
import { lines } from './node.ts';
import { plainMarkup } from './plain-markup.ts';

export interface MessageParts {
  text?: string | undefined;
  blocks?: unknown;
  attachments?: unknown;
}

/**
 * The readable text of a message, in the form of {@link plainMarkup}. Slack shows the blocks if there are any, else the text;
 * attachments follow. Blocks distinguish formatting from typed characters, which the text alone does not.
 */
export function messageText({ text = '', blocks, attachments }: MessageParts): string {
  const body = withLabels(blocksText(blocks), text) || plainMarkup(text);
  return lines([body, ...saidAttachments(attachments).map(attachmentText)]);
}

/** Rich text has only ids of channels and groups; the text also has the names that its author saw. */
function withLabels(body: string, text: string): string {
  if (!text.includes('|')) return body;
  const labels = new Map([...text.matchAll(/<([#!][^<>|]+)\|([^<>]+)>/g)].map(([, target, label]) => [target, label]));
  return body.replaceAll(/<([#!][^<>|]+)>/g, (whole, target) =>
    labels.has(target) ? `<${target}|${labels.get(target)}>` : whole,
  );
}
