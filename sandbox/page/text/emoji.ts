import { gemoji } from 'gemoji';

/** An emoji as the picker lists it. */
export interface Emoji {
  /** Slack's name, without colons. */
  name: string;
  character: string;
  /** All words that it can be found by. */
  words: string;
}

/** Names that differ between Slack and the emoji table. */
const slackNames: Record<string, string> = {
  thinking: 'thinking_face',
  orange_circle: 'large_orange_circle',
  yellow_circle: 'large_yellow_circle',
  green_circle: 'large_green_circle',
  purple_circle: 'large_purple_circle',
  brown_circle: 'large_brown_circle',
  hugs: 'hugging_face',
  star_struck: 'star-struck',
};

const emojis: Emoji[] = gemoji.map((entry) => {
  const [first = ''] = entry.names;
  const name = slackNames[first] ?? first;
  return { name, character: entry.emoji, words: [name, ...entry.names, ...entry.tags, entry.description].join(' ') };
});

const characters = new Map<string, string>([
  ...gemoji.flatMap((entry) => entry.names.map((name): [string, string] => [name, entry.emoji])),
  ...emojis.map((entry): [string, string] => [entry.name, entry.character]),
  ['simple_smile', '🙂'],
]);

function flag(country: string): string {
  return [...country.toUpperCase()].map((letter) => String.fromCodePoint(0x1f1a5 + letter.charCodeAt(0))).join('');
}

/** The character for the name between two colons, including a skin tone; undefined if there is none. */
export function emojiCharacter(name: string): string | undefined {
  const [base = '', tone] = name.split('::skin-tone-');
  const country = /^flag-([a-z]{2})$/.exec(base)?.[1];
  const character = country ? flag(country) : characters.get(base);
  if (!character || !tone) return character;
  return character.replace(/\ufe0f$/, '') + String.fromCodePoint(0x1f3f9 + Number(tone));
}

/** Emoji that match the typed text, those whose name begins with it first. At most `limit`. */
export function searchEmoji(typed: string, limit: number): Emoji[] {
  const words = typed.toLowerCase().replaceAll(':', '').trim();
  if (words === '') return emojis.slice(0, limit);
  const fitting = emojis.filter((entry) => entry.words.toLowerCase().includes(words));
  const begins = (entry: Emoji) => (entry.name.startsWith(words) ? 0 : 1);
  return fitting.sort((one, other) => begins(one) - begins(other)).slice(0, limit);
}
