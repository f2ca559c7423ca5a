import type { ComponentChildren } from 'preact';
import type { JsonObject } from '../../json.ts';
import { EmojiGlyph } from '../text/emoji-glyph.tsx';
import { DateText, Link } from '../text/inline-view.tsx';
import { BroadcastMention, ChannelMention, GroupMention, UserMention } from '../text/mentions.tsx';
import { PlainText } from '../text/mrkdwn.tsx';
import { safeUrl } from '../text/safe-url.ts';

function objects(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'object' && item !== null) : [];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function styled(style: unknown, children: ComponentChildren): ComponentChildren {
  const { bold, italic, strike, code } = (style ?? {}) as Record<string, boolean | undefined>;
  let shown = children;
  if (code) shown = <code class="code">{shown}</code>;
  if (strike) shown = <s>{shown}</s>;
  if (italic) shown = <em>{shown}</em>;
  return bold ? <strong>{shown}</strong> : shown;
}

function inline(element: JsonObject): ComponentChildren {
  switch (element.type) {
    case 'text':
      // Typed emoji are text such as `:smile:`.
      return styled(element.style, <PlainText text={textOf(element.text)} />);
    case 'link': {
      const url = safeUrl(textOf(element.url));
      const label = textOf(element.text) || textOf(element.url);
      return styled(element.style, url ? <Link url={url}>{label}</Link> : label);
    }
    case 'emoji':
      return <EmojiGlyph name={textOf(element.name)} />;
    case 'user':
      return <UserMention id={textOf(element.user_id)} />;
    case 'channel':
      return <ChannelMention id={textOf(element.channel_id)} />;
    case 'usergroup':
      return <GroupMention id={textOf(element.usergroup_id)} />;
    case 'broadcast':
      return <BroadcastMention range={textOf(element.range)} />;
    case 'date':
      return <DateText seconds={Number(element.timestamp)} format={textOf(element.format)} />;
    case 'color':
      return textOf(element.value);
    default:
      return textOf(element.fallback) || textOf(element.text);
  }
}

function plainOf(elements: JsonObject[]): string {
  return elements.map((element) => textOf(element.text) || textOf(element.url)).join('');
}

function part(element: JsonObject): ComponentChildren {
  const children = objects(element.elements);
  switch (element.type) {
    case 'rich_text_section':
      return <div class="paragraph is-preserved">{children.map(inline)}</div>;
    case 'rich_text_quote':
      return <blockquote class="quote is-preserved">{children.map(inline)}</blockquote>;
    case 'rich_text_preformatted':
      return <pre class="preformatted">{plainOf(children)}</pre>;
    case 'rich_text_list': {
      const items = children.map((item) => <li>{objects(item.elements).map(inline)}</li>);
      const indent = { marginInlineStart: `${24 * Number(element.indent ?? 0)}px` };
      if (element.style !== 'ordered') return <ul style={indent}>{items}</ul>;
      return (
        <ol style={indent} start={Number(element.offset ?? 0) + 1}>
          {items}
        </ol>
      );
    }
    default:
      return null;
  }
}

/** A `rich_text` block, such as people's messages. */
export function RichText({ block }: { block: JsonObject }) {
  return <div class="rich-text">{objects(block.elements).map(part)}</div>;
}
