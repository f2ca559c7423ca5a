import { Mrkdwn } from '../text/mrkdwn.tsx';

/**
 * A `markdown` block, which contains standard Markdown. Converts the common differences to mrkdwn: bold, strike-through, links,
 * headings, list bullets.
 */
export function MarkdownBlock({ text }: { text: string }) {
  // Code is not converted. Split at a capture group, every second part is code.
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
