import { decodeEntities, type Inline } from './mrkdwn-tree.ts';
import { safeUrl } from './safe-url.ts';

function special(command: string, label: string | undefined): Inline {
  if (/^(?:here|channel|everyone)$/.test(command)) return { type: 'broadcast', range: command };
  const group = /^subteam\^([A-Z0-9]+)$/.exec(command);
  if (group?.[1]) return { type: 'group', id: group[1], label };
  const date = /^date\^(-?\d+)\^([^^]+)(?:\^.*)?$/.exec(command);
  if (date?.[1] && date[2]) {
    return { type: 'date', seconds: Number(date[1]), format: decodeEntities(date[2]), fallback: label ?? date[2] };
  }
  return { type: 'text', text: label ?? `<!${command}>` };
}

/** Parses the content of `<…>`: a mention, a link, a date. */
export function parseAngleToken(inner: string): Inline {
  const bar = inner.indexOf('|');
  const target = bar < 0 ? inner : inner.slice(0, bar);
  const label = bar < 0 ? undefined : decodeEntities(inner.slice(bar + 1)) || undefined;
  if (target.startsWith('@')) return { type: 'user', id: target.slice(1), label };
  if (target.startsWith('#')) return { type: 'channel', id: target.slice(1), label };
  if (target.startsWith('!')) return special(target.slice(1), label);
  const url = safeUrl(decodeEntities(target));
  const text = label ?? decodeEntities(target).replace(/^mailto:/, '');
  return url ? { type: 'link', url, children: [{ type: 'text', text }] } : { type: 'text', text };
}
