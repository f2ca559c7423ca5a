import { charactersOf, emojiCharacter } from './emoji.ts';
import { isNode, type Node, nodesIn, stringIn } from './node.ts';
import { escapedText } from './plain-markup.ts';

/** The text of a rich text block, which is how Slack sends what people write, in the form of {@link plainMarkup}. */
export function richText(block: Node): string {
  return nodesIn(block.elements).map(partText).join('\n');
}

/** A line feed at the end of a part only separates it from the next. */
const withoutEnd = (text: string) => text.replace(/\n$/, '');

function partText(part: Node): string {
  switch (part.type) {
    case 'rich_text_list':
      return listText(part);
    case 'rich_text_quote':
      return withoutEnd(inlineText(part)).replaceAll(/^/gm, '&gt; ');
    default:
      return withoutEnd(inlineText(part));
  }
}

const bullets = ['•', '◦', '▪'];

function listText({ elements, style, indent, offset }: Node): string {
  const depth = typeof indent === 'number' ? Math.min(Math.max(indent, 0), 8) : 0;
  const before = typeof offset === 'number' ? offset : 0;
  const margin = '    '.repeat(depth);
  return nodesIn(elements)
    .map((item, at) => {
      const sign = style === 'ordered' ? `${before + at + 1}.` : bullets[depth % bullets.length];
      return `${margin}${sign} ${withoutEnd(inlineText(item))}`;
    })
    .join('\n');
}

const inlineText = (part: Node): string => nodesIn(part.elements).map(inline).join('');

function inline(element: Node): string {
  switch (element.type) {
    case 'text':
      return escapedText(stringIn(element.text));
    case 'emoji':
      return emojiText(element);
    case 'link':
      return linkText(stringIn(element.url), stringIn(element.text));
    case 'user':
      return reference('@', element.user_id);
    case 'channel':
      return reference('#', element.channel_id);
    case 'usergroup':
      return reference('!subteam^', element.usergroup_id);
    case 'broadcast':
      return reference('!', element.range);
    case 'date':
      return escapedText(stringIn(element.fallback) || dateText(element.timestamp));
    case 'color':
      return escapedText(stringIn(element.value));
    default:
      return escapedText(isNode(element.text) ? stringIn(element.text.text) : stringIn(element.text));
  }
}

function emojiText({ name, unicode, skin_tone: tone }: Node): string {
  const code = stringIn(name);
  const whole = typeof tone === 'number' && !code.includes('::') ? `${code}::skin-tone-${tone}` : code;
  return emojiCharacter(whole) ?? charactersOf(stringIn(unicode)) ?? escapedText(`:${code}:`);
}

function linkText(url: string, label: string): string {
  const target = escapedText(url).replaceAll('|', '%7C');
  return label === '' ? `<${target}>` : `<${target}|${escapedText(label)}>`;
}

function reference(sigil: string, id: unknown): string {
  return /^\w+$/.test(stringIn(id)) ? `<${sigil}${id}>` : '';
}

function dateText(timestamp: unknown): string {
  return typeof timestamp === 'number' && Math.abs(timestamp) < 8.64e12 ? new Date(timestamp * 1000).toISOString() : '';
}
