import type { JsonObject } from '../json.ts';

const token = /<(?:@[UW][A-Z0-9]+|#C[A-Z0-9]+(?:\|[^>]*)?|![^>]+)>/;
const email = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/;
const url = /https?:\/\/[^\s<>]+[^\s<>.,;:!?)]/;
const parts = new RegExp(`(${token.source}|${url.source}|${email.source})`, 'g');

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/**
 * What becomes of the text that a person types: `&`, `<` and `>` are escaped, links and e-mail addresses marked.
 * Mentions are written as on the wire (`<@U…>`).
 */
export function typedText(typed: string): { text: string; blocks: JsonObject[] } {
  const elements: JsonObject[] = [];
  const text = typed
    .split(parts)
    .filter((part) => part !== '')
    .map((part) => {
      if (new RegExp(`^${token.source}$`).test(part)) {
        elements.push(
          part.startsWith('<@') ? { type: 'user', user_id: part.slice(2, -1) } : { type: 'text', text: part },
        );
        return part;
      }
      if (new RegExp(`^${url.source}$`).test(part)) {
        elements.push({ type: 'link', url: part });
        return `<${escaped(part)}>`;
      }
      if (new RegExp(`^${email.source}$`).test(part)) {
        elements.push({ type: 'link', url: `mailto:${part}`, text: part });
        return `<mailto:${part}|${part}>`;
      }
      elements.push({ type: 'text', text: part });
      return escaped(part);
    })
    .join('');
  const section = { type: 'rich_text_section', elements };
  return { text, blocks: [{ type: 'rich_text', block_id: 'typed', elements: [section] }] };
}
