import { decodeEntities, type MrkdwnPart } from './mrkdwn-tree.ts';
import { parseInline, type ReadingOptions } from './parse-inline.ts';

const quoteMark = /^(?:&gt;|>) ?/;
const quoteRest = /^(?:&gt;|>){3} ?/;

function paragraphs(lines: string[], options: ReadingOptions): MrkdwnPart[] {
  const text = lines.join('\n');
  return text === '' ? [] : [{ type: 'paragraph', children: parseInline(text, options) }];
}

function parseLines(text: string, options: ReadingOptions): MrkdwnPart[] {
  if (options.formatting === false) return paragraphs(text.split('\n'), options);
  const parts: MrkdwnPart[] = [];
  let plain: string[] = [];
  let quoted: string[] = [];
  const flush = () => {
    parts.push(...paragraphs(plain, options));
    if (quoted.length > 0) parts.push({ type: 'quote', children: paragraphs(quoted, options) });
    plain = [];
    quoted = [];
  };
  const lines = text.split('\n');
  for (const [index, line] of lines.entries()) {
    if (quoteRest.test(line)) {
      flush();
      const rest = [line.replace(quoteRest, ''), ...lines.slice(index + 1)].join('\n');
      return [...parts, { type: 'quote', children: parseMrkdwn(rest, options) }];
    }
    const isQuote = quoteMark.test(line);
    if (isQuote !== quoted.length > 0) flush();
    if (isQuote) quoted.push(line.replace(quoteMark, ''));
    else plain.push(line);
  }
  flush();
  return parts;
}

/** Parses Slack's mrkdwn. Never fails: invalid markup is text. */
export function parseMrkdwn(source: string, options: ReadingOptions = {}): MrkdwnPart[] {
  const text = source.replaceAll('\r\n', '\n');
  if (options.formatting === false) return parseLines(text, options);
  const parts: MrkdwnPart[] = [];
  let from = 0;
  // The line breaks around a code block belong to it.
  for (const match of text.matchAll(/\n?```\n?([\s\S]*?)\n?```\n?/g)) {
    if ((match[1] ?? '').trim() === '') continue;
    const before = text.slice(from, match.index);
    if (before !== '') parts.push(...parseLines(before, options));
    parts.push({ type: 'preformatted', text: decodeEntities(match[1] ?? '') });
    from = match.index + match[0].length;
  }
  const rest = text.slice(from);
  if (rest !== '') parts.push(...parseLines(rest, options));
  return parts;
}
