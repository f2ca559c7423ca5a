import { IntlMessageFormat } from 'intl-messageformat';
import { LRUCache } from 'lru-cache';
import { own } from '../own.ts';
import { type Language, languageOf, languages } from './languages.ts';
import type { Key, Message, Value, ValuesArgument } from './message.ts';

/** The person that a text is for, as far as known. */
export interface Reader {
  /** BCP 47, such as `ru-RU`. */
  locale?: string | undefined;
  /** IANA name, such as `Europe/Berlin`; UTC if unknown. */
  timezone?: string | undefined;
}

/** Renders texts in one language: `words('startProcess.title')`, or a stored message. */
export interface Words {
  <K extends Key>(key: K, ...values: ValuesArgument<K>): string;
  (message: Message): string;
  readonly language: Language;
  /** The locale of dates and numbers. */
  readonly locale: string;
  /** `Nov 24, 2026, 7:05 PM`, in the reader's time zone. */
  dateTime(at: Date): string;
  /** `a, b, and c`; blank for no items. */
  list(items: string[], conjunction: 'and' | 'or'): string;
}

/** The words for a reader. Cheap: expensive parts are cached. */
export function wordsIn({ locale: wanted, timezone }: Reader): Words {
  const { language, locale } = languageOf(wanted);
  const say = (what: Key | Message, values: Readonly<Record<string, Value>> = {}): string =>
    typeof what === 'string' ? fill(language, locale, { key: what, values }) : fill(language, locale, what);
  return Object.assign(say as ((key: Key, values?: Readonly<Record<string, Value>>) => string) & Words, {
    language,
    locale,
    dateTime: (at: Date) => dateFormat(locale, timezone).format(at),
    list: (items: string[], conjunction: 'and' | 'or') => listFormat(locale, conjunction).format(items),
  });
}

/** For logs, and where the reader is unknown. */
export const english = wordsIn({});

function fill(language: Language, locale: string, { key, values }: Message): string {
  const texts: Record<string, string> = languages[language];
  const text = own(texts, key);
  // Stored by another version of Kickoff that has texts which this one lacks.
  if (text === undefined) return fill(language, locale, { key: 'unknownText', values: {} });
  if (!text.includes('{')) return text;
  const said = Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      if (typeof value !== 'object') return [name, value];
      return [name, 'user' in value ? `@${value.user}` : fill(language, locale, value)];
    }),
  );
  try {
    return String(messageFormat(locale, text).format(said));
  } catch (error) {
    if (!isMissingValue(error)) throw error;
    return fill(language, locale, { key: 'unknownText', values: {} });
  }
}

/** A stored message can lack a value that another version's text needs; types prevent all other cases. */
function isMissingValue(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'MISSING_VALUE';
}

const messageFormats = new LRUCache<string, IntlMessageFormat>({ max: 2000 });
const dateFormats = new LRUCache<string, Intl.DateTimeFormat>({ max: 200 });
const listFormats = new LRUCache<string, Intl.ListFormat>({ max: 20 });

function kept<Format extends object>(formats: LRUCache<string, Format>, name: string, make: () => Format): Format {
  const known = formats.get(name);
  if (known) return known;
  const made = make();
  formats.set(name, made);
  return made;
}

function messageFormat(locale: string, text: string): IntlMessageFormat {
  // In Slack's markup, what looks like a tag is a mention or a link.
  const options = { ignoreTag: true };
  return kept(messageFormats, `${locale} ${text}`, () => new IntlMessageFormat(text, locale, undefined, options));
}

function dateFormat(locale: string, timeZone = 'UTC'): Intl.DateTimeFormat {
  const style = { dateStyle: 'medium', timeStyle: 'short' } as const;
  return kept(dateFormats, `${locale} ${timeZone}`, () => {
    try {
      return new Intl.DateTimeFormat(locale, { ...style, timeZone });
    } catch {
      // Slack may know time zones that this Node.js does not.
      return new Intl.DateTimeFormat(locale, { ...style, timeZone: 'UTC' });
    }
  });
}

function listFormat(locale: string, conjunction: 'and' | 'or'): Intl.ListFormat {
  const type = conjunction === 'and' ? 'conjunction' : 'disjunction';
  return kept(listFormats, `${locale} ${type}`, () => new Intl.ListFormat(locale, { type }));
}
