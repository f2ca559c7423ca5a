import { blocksText } from './block-text.ts';
import { lines, type Node, nodesIn, stringIn } from './node.ts';
import { escapedPlainText, plainMarkup } from './plain-markup.ts';

/** Slack puts a forwarded (shared) message into an attachment. */
const isForwarded = ({ is_share }: Node) => is_share === true;

/** A preview of a link in the text, by Slack or an app: nobody wrote it. */
const isPreview = (attachment: Node) =>
  ['from_url', 'original_url', 'app_unfurl_url', 'is_app_unfurl'].some((field) => attachment[field] !== undefined);

/** The attachments that are part of the message itself. */
export function saidAttachments(attachments: unknown): Node[] {
  return nodesIn(attachments).filter((one) => isForwarded(one) || !isPreview(one));
}

/** The readable text of an attachment, in the form of {@link plainMarkup}. */
export function attachmentText(attachment: Node): string {
  return isForwarded(attachment) ? forwardedText(attachment) : legacyText(attachment);
}

/** The forwarded text after its author's name: `Anna: The pump leaks`. */
function forwardedText(attachment: Node): string {
  const blocks = nodesIn(attachment.message_blocks).map(({ message }) => (message as Node | undefined)?.blocks);
  const text = lines([
    lines(blocks.map(blocksText)) || blocksText(attachment.blocks) || plainMarkup(stringIn(attachment.text)),
    // A forwarded message can have attachments of its own.
    ...saidAttachments(attachment.attachments).map(attachmentText),
  ]);
  const author = authorOf(attachment);
  return author && text ? `${author}: ${text}` : text || author;
}

function authorOf({ author_name, author_subname, author_id }: Node): string {
  const name = stringIn(author_name) || stringIn(author_subname);
  if (name) return escapedPlainText(name);
  return /^\w+$/.test(stringIn(author_id)) ? `<@${author_id}>` : '';
}

/** Secondary attachments, which apps used before there were blocks. */
function legacyText(attachment: Node): string {
  const { pretext, author_name, title, title_link, text, fields, blocks, fallback } = attachment;
  const heading = plainMarkup(stringIn(title));
  const link = escapedPlainText(stringIn(title_link)).replaceAll('|', '%7C');
  const shown = lines([
    plainMarkup(stringIn(pretext)),
    escapedPlainText(stringIn(author_name)),
    heading && link ? `<${link}|${heading}>` : heading,
    plainMarkup(stringIn(text)),
    ...nodesIn(fields).map((field) =>
      [plainMarkup(stringIn(field.title)), plainMarkup(stringIn(field.value))].filter(Boolean).join(': '),
    ),
    blocksText(blocks),
  ]);
  return shown || plainMarkup(stringIn(fallback));
}
