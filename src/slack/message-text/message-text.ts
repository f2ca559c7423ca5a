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
 * What people read in a message, in the form of {@link plainMarkup}. Slack shows the blocks where there are any, and the
 * text elsewhere; attachments come below. Blocks say what is formatting and what was typed: the text alone does not.
 */
export function messageText({ text = '', blocks, attachments }: MessageParts): string {
  const body = withLabels(blocksText(blocks), text) || plainMarkup(text);
  return lines([body, ...saidAttachments(attachments).map(attachmentText)]);
}

/** Rich text names channels and groups by id only, the text also by the name that its author saw. */
function withLabels(body: string, text: string): string {
  if (!text.includes('|')) return body;
  const labels = new Map([...text.matchAll(/<([#!][^<>|]+)\|([^<>]+)>/g)].map(([, target, label]) => [target, label]));
  return body.replaceAll(/<([#!][^<>|]+)>/g, (whole, target) =>
    labels.has(target) ? `<${target}|${labels.get(target)}>` : whole,
  );
}
