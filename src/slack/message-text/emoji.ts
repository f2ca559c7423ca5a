import { createRequire } from 'node:module';

interface EmojiData {
  /** Code points in hexadecimal, joined by `-`. */
  unified: string;
  short_names: string[];
  skin_variations?: Record<string, { unified: string }>;
}

/** Slack's `skin-tone-2` to `-6`, as code points of Unicode's modifiers. */
const firstTone = 0x1f3f9;

const fromCodePoints = (unified: string) =>
  String.fromCodePoint(...unified.split('-').map((point) => Number.parseInt(point, 16)));

let byName: Map<string, EmojiData> | undefined;

/** Slack's emoji by name, loaded on first use. */
function emojis(): Map<string, EmojiData> {
  if (!byName) {
    const data = createRequire(import.meta.url)('emoji-datasource/emoji.json') as EmojiData[];
    byName = new Map(data.flatMap((one) => one.short_names.map((name) => [name, one])));
  }
  return byName;
}

/** The character for an emoji's name without the outer colons (`wave::skin-tone-3`); undefined for a custom emoji. */
export function emojiCharacter(name: string): string | undefined {
  const [base = '', tone] = name.split('::skin-tone-');
  const emoji = emojis().get(base);
  if (!emoji) return undefined;
  const modifier = tone && (firstTone + Number(tone)).toString(16).toUpperCase();
  const toned = modifier && (emoji.skin_variations?.[modifier] ?? emoji.skin_variations?.[`${modifier}-${modifier}`]);
  return fromCodePoints((toned || emoji).unified);
}

/** The characters for code points as rich text gives them (`1f44b-1f3fc`); undefined if invalid. */
export function charactersOf(unicode: string): string | undefined {
  return /^[\da-f]{2,5}(-[\da-f]{2,5})*$/i.test(unicode) ? fromCodePoints(unicode) : undefined;
}

let byCharacter: Map<string, string> | undefined;

/** Removes skin tones and the colour selector, which do not change which emoji it is. */
const withoutLook = (character: string) => character.replaceAll(/[\u{1f3fb}-\u{1f3ff}\ufe0f]/gu, '');

/** The name of an emoji character, whatever its skin tone; undefined if it is not one. */
export function emojiNameOf(character: string): string | undefined {
  byCharacter ??= new Map(
    [...emojis().values()].map((emoji) => [withoutLook(fromCodePoints(emoji.unified)), emoji.short_names[0] ?? '']),
  );
  return byCharacter.get(withoutLook(character));
}

/** Slack's first name for an emoji that may have several (`thumbsup`), without skin tone. A custom emoji keeps its name. */
export function plainEmojiName(name: string): string {
  const [base = ''] = name.split('::skin-tone-');
  return emojis().get(base)?.short_names[0] ?? base;
}
