/** `<…>` in a message's text: a mention, a special mention, or a link, each with or without a label after `|`. */
const reference = /<([@#!]?)([^<>|]+)(?:\|([^<>]*))?>/g;
const entity = /&(?:amp|lt|gt);/g;
const either = new RegExp(`${reference.source}|${entity.source}`, 'g');
const characters: Record<string, string> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' };
const decoded = (text: string): string => text.replaceAll(entity, (code) => characters[code] ?? code);

/**
 * A message's text as people read it: without Slack's markup for mentions and links, and with `&`, `<` and `>` unescaped
 * (docs.slack.dev/messaging/formatting-message-text). `nameOf` returns the name of a person, channel or user group by id, if it
 * is known. The result is plain text, even if it looks like markup.
 */
export function readableText(text: string, nameOf: (id: string) => string | undefined): string {
  if (!text.includes('<') && !text.includes('&')) return text;
  // In one pass: inserted names are plain text, and may look like entities.
  return text.replaceAll(either, (found: string, sigil?: string, encodedTarget?: string, encodedLabel?: string) => {
    if (encodedTarget === undefined) return decoded(found);
    const target = decoded(encodedTarget);
    const label = encodedLabel === undefined ? undefined : decoded(encodedLabel);
    switch (sigil) {
      case '@':
        return `@${nameOf(target) ?? label ?? target}`;
      case '#':
        return `#${nameOf(target) ?? (label || target)}`;
      case '!':
        return broadcast(target, label, nameOf);
      default:
        return link(target, label);
    }
  });
}

/** The Slack ids of the people that a text mentions. */
export function mentionsIn(text: string): string[] {
  if (!text.includes('<')) return [];
  return [...text.matchAll(reference)].flatMap(([, sigil, target]) => (sigil === '@' && target ? [target] : []));
}

/** The Slack ids of the channels and user groups that a text mentions. */
export function placesIn(text: string): string[] {
  return [...text.matchAll(reference)].flatMap(([, sigil, target = '']) => {
    if (sigil === '#') return [target];
    return sigil === '!' && target.startsWith(group) ? [target.slice(group.length)] : [];
  });
}

const group = 'subteam^';

/** `<!here>`, `<!subteam^S…|@support>`, `<!date^…|yesterday>`. */
function broadcast(target: string, label: string | undefined, nameOf: (id: string) => string | undefined): string {
  const handle = target.startsWith(group) ? nameOf(target.slice(group.length)) : undefined;
  return handle === undefined ? (label ?? `@${target.split('^')[0]}`) : `@${handle}`;
}

function link(target: string, label: string | undefined): string {
  const address = target.replace(/^(mailto|tel):/, '');
  return !label || address.includes(label) ? address : `${label} (${address})`;
}
