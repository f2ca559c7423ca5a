import type { ComponentChildren, VNode } from 'preact';
import { formatDateToken, fullMoment } from './dates.ts';
import { useDirectory } from './directory.ts';
import { EmojiGlyph } from './emoji-glyph.tsx';
import { BroadcastMention, ChannelMention, GroupMention, UserMention } from './mentions.tsx';
import type { Inline } from './mrkdwn-tree.ts';

/** A link to another site, or to a place in the workspace. */
export function Link({ url, children }: { url: string; children: ComponentChildren }) {
  const within = useDirectory().within(url);
  if (within !== undefined) {
    return (
      <a class="link" href={within}>
        {children}
      </a>
    );
  }
  return (
    <a class="link" href={url} target="_blank" rel="noopener noreferrer">
      {children}
    </a>
  );
}

/** A date or time in the reader's time zone. */
export function DateText({ seconds, format }: { seconds: number; format: string }) {
  const date = new Date(seconds * 1000);
  return (
    <time dateTime={date.toISOString()} title={fullMoment(date)}>
      {formatDateToken(seconds, format, new Date())}
    </time>
  );
}

function show(node: Inline): ComponentChildren {
  switch (node.type) {
    case 'text':
      return node.text;
    case 'break':
      return <br />;
    case 'bold':
      return <strong>{inlineNodes(node.children)}</strong>;
    case 'italic':
      return <em>{inlineNodes(node.children)}</em>;
    case 'strike':
      return <s>{inlineNodes(node.children)}</s>;
    case 'code':
      return <code class="code">{node.text}</code>;
    case 'emoji':
      return <EmojiGlyph name={node.name} />;
    case 'link':
      return <Link url={node.url}>{inlineNodes(node.children)}</Link>;
    case 'user':
      return <UserMention id={node.id} label={node.label} />;
    case 'channel':
      return <ChannelMention id={node.id} label={node.label} />;
    case 'group':
      return <GroupMention id={node.id} label={node.label} />;
    case 'broadcast':
      return <BroadcastMention range={node.range} />;
    case 'date':
      return Number.isFinite(node.seconds) ? <DateText seconds={node.seconds} format={node.format} /> : node.fallback;
  }
}

/** Renders parsed mrkdwn: texts are inserted as text, never as HTML. */
export function inlineNodes(nodes: Inline[]): VNode {
  return <>{nodes.map(show)}</>;
}
