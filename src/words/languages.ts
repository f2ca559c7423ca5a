import { en } from './en.ts';
import type { Texts } from './message.ts';
import { ru } from './ru.ts';

/** The languages that Kickoff speaks, by their ISO 639 code. */
export const languages = { en, ru } satisfies Record<string, Texts>;

export type Language = keyof typeof languages;

/** The default for unknown or unsupported locales: American English, as Slack writes it. */
const otherwise = { language: 'en', locale: 'en-US' } as const;

/**
 * The language for a person with this locale (BCP 47, such as `ru-RU`), and the locale for dates and numbers: the person's if
 * it is of that language, since German dates in an English sentence read badly.
 */
export function languageOf(locale: string | undefined): { language: Language; locale: string } {
  if (locale === undefined) return otherwise;
  try {
    const { language, baseName } = new Intl.Locale(locale);
    return Object.hasOwn(languages, language) ? { language: language as Language, locale: baseName } : otherwise;
  } catch {
    // An invalid locale: Slack may use one that this Node.js cannot parse.
    return otherwise;
  }
}
