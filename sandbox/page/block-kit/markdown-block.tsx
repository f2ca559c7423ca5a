import { Mrkdwn } from '../text/mrkdwn.tsx';

/**
 * A `markdown` block. Apps write standard Markdown in it; what differs from mrkdwn in ordinary sentences is turned into
 * mrkdwn: bold, strike-through, links, headings, list bullets.
 */
export function MarkdownBlock({ text }: { text: string }) {
  // Code stays as it is; of the parts, every other one is some.
  const parts = text.split(/(```[\s\S]*?```|`[^`\n]+`)/);
  return <Mrkdwn text={parts.map((part, index) => (index % 2 === 1 ? part : toMrkdwn(part))).join('')} />;
}

function toMrkdwn(markdown: string): string {
  return markdown
    .replace(/^#{1,6} +(.+)$/gm, '*$1*')
    .replace(/^(\s*)[-*+] +/gm, '$1• ')
    .replace(/\[([^\]]+)\]\(([^()\s]+)\)/g, '<$2|$1>')
    .replace(/\*\*([^*]+)\*\*/g, '*$1*')
    .replace(/~~([^~]+)~~/g, '~$1~');
}
