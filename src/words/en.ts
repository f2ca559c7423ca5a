/**
 * What Kickoff says in English, in ICU MessageFormat; every other language has the same keys and placeholders. A text that
 * is Slack markup is filled with what is escaped already.
 */
export const en = {
  unknownText: 'Another version of Kickoff knows why.',
} as const;
