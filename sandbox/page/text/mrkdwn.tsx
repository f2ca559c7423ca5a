import { useMemo } from 'preact/hooks';
import { inlineNodes } from './inline-view.tsx';
import type { MrkdwnPart } from './mrkdwn-tree.ts';
import { parseInline, type ReadingOptions } from './parse-inline.ts';
import { parseMrkdwn } from './parse-mrkdwn.ts';

function Part({ part }: { part: MrkdwnPart }) {
  switch (part.type) {
    case 'paragraph':
      return <div class="paragraph">{inlineNodes(part.children)}</div>;
    case 'quote':
      return <blockquote class="quote">{part.children.map((child) => Part({ part: child }))}</blockquote>;
    case 'preformatted':
      return <pre class="preformatted">{part.text}</pre>;
  }
}

/** A text in Slack's mrkdwn. */
export function Mrkdwn({ text, verbatim, formatting }: { text: string } & ReadingOptions) {
  const parts = useMemo(() => parseMrkdwn(text, { verbatim, formatting }), [text, verbatim, formatting]);
  return <>{parts.map((part) => Part({ part }))}</>;
}

/** A `plain_text`: line breaks and emoji, no other markup. */
export function PlainText({ text }: { text: string }) {
  return useMemo(() => inlineNodes(parseInline(text, { markup: false })), [text]);
}
