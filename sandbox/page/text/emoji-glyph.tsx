import { emojiCharacter } from './emoji.ts';

/** An emoji by Slack's name; an unknown name is shown as it was written. */
export function EmojiGlyph({ name }: { name: string }) {
  const character = emojiCharacter(name);
  if (!character) return <>:{name}:</>;
  return (
    <span class="emoji" role="img" aria-label={name.replaceAll('_', ' ')} title={`:${name}:`}>
      {character}
    </span>
  );
}
