import type { Evaluate } from '../../processes/form-expressions.ts';
import { type InsertedAt, renderTextTemplate } from '../../processes/text-template.ts';
import type { Variables } from '../../processes/value-types.ts';
import { type Key, type Message, message, type Value, type Values } from '../../words/message.ts';
import type { Words } from '../../words/words.ts';
import { htmlToText, slackifyMarkdown } from './foreign-markup.ts';
import { slackLimits } from './limits.ts';
import { literalLine, withEntities, withoutControls } from './literal-text.ts';

/**
 * Text in Slack's markup (mrkdwn). Only this file creates it, from constants and from other people's text, which is escaped
 * when inserted. Messages, sections and notifications accept nothing else, so the compiler rejects unescaped text.
 */
class MarkupText {
  /** The markup as sent to Slack. */
  readonly source: string;
  constructor(source: string) {
    this.source = source;
  }
}
export type Markup = MarkupText;

/** The values that fill the placeholders of a text in markup. Strings are escaped. */
type MarkupValues<K extends Key> = {
  [Name in keyof Values<K>]: Values<K>[Name] extends number | bigint ? number | bigint : Value | Markup;
};
type MarkupValuesArgument<K extends Key> = keyof Values<K> extends never ? [] : [values: MarkupValues<K>];

/** Builds markup: `` markup`*${name}* in ${link}` ``. Strings are escaped; markup is inserted as it is. */
export function markup(constants: TemplateStringsArray, ...parts: (string | number | Markup)[]): Markup {
  const written = constants.map((constant, at) => constant + (at < parts.length ? sourceOf(parts[at] ?? '') : ''));
  return new MarkupText(written.join(''));
}

/** A text of a language as markup. Strings that fill it are escaped, and people are mentioned. */
export function say<K extends Key>(words: Words, key: K, ...values: MarkupValuesArgument<K>): Markup;
export function say(words: Words, said: Message): Markup;
export function say(words: Words, what: Key | Message, values: Readonly<Record<string, Value | Markup>> = {}): Markup {
  const said = typeof what === 'string' ? { key: what, values } : what;
  return new MarkupText(words(filledIn(said)));
}

export const nothing: Markup = new MarkupText('');

export function joined(parts: readonly (string | Markup)[], separator: '\n' | ' · ' | '; ' | ', ' | ' '): Markup {
  return new MarkupText(parts.map(sourceOf).join(separator));
}

/** `a, b, and c` */
export function listed(words: Words, items: readonly (string | Markup)[], conjunction: 'and' | 'or'): Markup {
  return new MarkupText(words.list(items.map(sourceOf), conjunction));
}

/** A mention. Slack shows the person's name, even if they have left; outside of modals and tabs it notifies them. */
export function mention(userId: string): Markup {
  return /^[UW][A-Z0-9]+$/.test(userId) ? new MarkupText(`<@${userId}>`) : markup`${userId}`;
}

export function mentionGroup(groupId: string): Markup {
  return /^S[A-Z0-9]+$/.test(groupId) ? new MarkupText(`<!subteam^${groupId}>`) : markup`${groupId}`;
}

export function mentionChannel(channelId: string): Markup {
  return /^[CG][A-Z0-9]+$/.test(channelId) ? new MarkupText(`<#${channelId}>`) : markup`${channelId}`;
}

/** A link; only its text if Slack cannot show the address as a link. */
export function link(address: string, label?: string): Markup {
  if (!/^https?:[^\s<>|]+$/.test(address)) return markup`${label ?? address}`;
  // Slack reads a bar in a label as another separator.
  const shown = label === undefined ? '' : `|${literalLine(label.replaceAll('|', '¦'))}`;
  return new MarkupText(`<${address}${shown}>`);
}

/** A time of day in the reader's time zone, such as `10:31:05`. */
export function timeOfDay(at: Date): Markup {
  const seconds = Math.floor(at.getTime() / 1000);
  return new MarkupText(`<!date^${seconds}^{time_secs}|${at.toISOString().slice(11, 19)}>`);
}

/** Somebody's text with its line breaks, for a message sent without formatting. */
export function literalMessage(text: string): Markup {
  return new MarkupText(withEntities(withoutControls(text)));
}

/**
 * Markdown of a process's author as markup. `{{…}}` inserts the value of an expression; since variables hold text of clients
 * and services, values are escaped and inserted after the Markdown was parsed.
 */
export function authored(template: string, variables: Variables, evaluate?: Evaluate): Markup {
  const inserted: string[] = [];
  let token = 'inserted';
  while (template.includes(token)) token += 'x';
  const insert = (text: string, { isAddress }: InsertedAt) =>
    isAddress ? addressInMarkdown(text) : `${token}${inserted.push(text)}e`;
  const markdown = renderTextTemplate(template, variables, insert, evaluate);
  const put = (_: string, nth: string) =>
    joined(withoutControls(inserted[Number(nth) - 1] ?? '').split('\n'), '\n').source;
  return new MarkupText(
    slackifyMarkdown(markdown)
      .trim()
      .replaceAll(new RegExp(`${token}(\\d+)e`, 'g'), put),
  );
}

/** HTML of a process's author as plain text; values of expressions are inserted as text. */
export function authoredHtml(template: string, variables: Variables, evaluate?: Evaluate): Markup {
  const isWhole = template.startsWith('=');
  const html = renderTextTemplate(template, variables, (text) => (isWhole ? text : escapeHtml(text)), evaluate);
  const text = htmlToText(html, {
    wordwrap: false,
    limits: { maxInputLength: 100_000, maxDepth: 50, maxChildNodes: 1000 },
    selectors: [
      { selector: 'script', format: 'skip' },
      { selector: 'style', format: 'skip' },
      { selector: 'img', format: 'skip' },
      ...[1, 2, 3, 4, 5, 6].map((level) => ({ selector: `h${level}`, options: { uppercase: false } })),
    ],
  });
  return joined(withoutControls(text).split('\n'), '\n');
}

function escapeHtml(text: string): string {
  return withEntities(text).replaceAll('"', '&quot;');
}

/** A link's address for Markdown; anything but a web address becomes no link. */
function addressInMarkdown(text: string): string {
  if (!URL.canParse(text) || !/^https?:/i.test(text)) return '';
  return new URL(text).href.replaceAll(/[^\w\-./?&=#%:+,;@]/g, percentEncoded).replaceAll('&', '&amp;');
}

function percentEncoded(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

/** The plain text of a message for notifications, where Slack does not show blocks. */
export function notification(text: Markup): string {
  return cut(text.source, slackLimits.messageText);
}

/** Cuts markup to `limit` characters, without leaving half an entity or half a link. */
export function cut(source: string, limit: number): string {
  if (source.length <= limit) return source;
  const kept = source.slice(0, limit - 1).replace(/(?:&[a-z]{0,3}|<[^<>]*|[\ud800-\udbff])$/, '');
  return `${kept.trimEnd()}…`;
}

function sourceOf(part: string | number | Markup): string {
  if (part instanceof MarkupText) return part.source;
  return typeof part === 'number' ? String(part) : literalLine(part);
}

function filledIn({ key, values }: { key: Key; values: Readonly<Record<string, Value | Markup>> }): Message {
  const filled = Object.entries(values).map(([name, value]): [string, Value] => {
    if (typeof value === 'number' || typeof value === 'bigint') return [name, value];
    if (typeof value === 'string' || value instanceof MarkupText) return [name, sourceOf(value)];
    return [name, 'user' in value ? mention(value.user).source : filledIn(value)];
  });
  return { ...message('unknownText'), key, values: Object.fromEntries(filled) };
}
