import { Mrkdwn } from '../text/mrkdwn.tsx';

/**
 * A `markdown` block. Apps write standard Markdown in it; what differs from mrkdwn in ordinary sentences is turned into
 * mrkdwn: bold, strike-through, links, headings, list bullets.
 */
export function MarkdownBlock({ text }: { text: string }) {
  const mrkdwn = text
    .replace(/^#{1,6} +(.+)$/gm, '*$1*')
    .replace(/^(\s*)[-*+] +/gm, '$1• ')
    .replace(/\[([^\]]+)\]\(([^()\s]+)\)/g, '<$2|$1>')
    .replace(/\*\*([^*]+)\*\*/g, '*$1*')
    .replace(/~~([^~]+)~~/g, '~$1~');
  return <Mrkdwn text={mrkdwn} />;
}
