import type { Texts } from './languages.ts';

/** What Kickoff says in Russian. */
export const ru: Texts = {
  unknownText: 'Причина известна другой версии Kickoff.',
};
