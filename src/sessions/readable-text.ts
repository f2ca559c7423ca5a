/** `<…>` in a message's text: a mention, a special mention, or a link, each with or without a label after `|`. */
const reference = /<([@#!]?)([^<>|]+)(?:\|([^<>]*))?>/g;

/**
 * A message's text as people read it: without Slack's markup for mentions and links, and with `&`, `<` and `>` themselves
 * (docs.slack.dev/messaging/formatting-message-text). `nameOf` tells the name of a mentioned person, if it is known.
 */
export function readableText(text: string, nameOf: (userId: string) => string | undefined): string {
  return text
    .replaceAll(reference, (_, sigil: string, target: string, label: string | undefined) => {
      switch (sigil) {
        case '@':
          return `@${nameOf(target) ?? label ?? target}`;
        case '#':
          return `#${label || target}`;
        case '!':
          return label ?? `@${target.split('^')[0]}`;
        default:
          return link(target, label);
      }
    })
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

/** The ids of the people that a text mentions. */
export function mentionsIn(text: string): string[] {
  return [...text.matchAll(reference)].flatMap(([, sigil, target]) => (sigil === '@' && target ? [target] : []));
}

function link(target: string, label: string | undefined): string {
  const address = target.replace(/^(mailto|tel):/, '');
  return !label || address.includes(label) ? address : `${label} (${address})`;
}
