import type { ShownPerson } from '../../page-server/protocol.ts';

/** Dark enough for white letters in both themes (contrast 4.5 and more). */
const colours = [
  '#7c3aed',
  '#b4235a',
  '#0f766e',
  '#1d4ed8',
  '#a3420f',
  '#4d6b1f',
  '#8e24aa',
  '#0b6a8f',
  '#9a3412',
  '#475569',
];

function colourOf(id: string): string {
  let sum = 2166136261;
  for (const character of id) sum = Math.imul(sum ^ (character.codePointAt(0) ?? 0), 16777619) >>> 0;
  return colours[(sum ^ (sum >>> 15)) % colours.length] ?? '#475569';
}

function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean);
  return [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => [...(word ?? '')][0] ?? '').join('');
}

interface AvatarProps {
  id: string;
  name: string;
  isApp?: boolean;
  size?: 'small' | 'large';
}

/** Initials on a colour, or the app's own sign. Hidden from screen readers, because the name is next to it. */
export function Avatar({ id, name, isApp = false, size }: AvatarProps) {
  const style = isApp ? undefined : { background: colourOf(id) };
  return (
    <span
      class={`avatar ${size ? `is-${size}` : ''} ${isApp ? 'is-app' : ''}`}
      style={style}
      // Drawn by the style sheet, so that it is not text in the document.
      data-sign={isApp ? '▶' : initials(name).toUpperCase()}
      aria-hidden="true"
    />
  );
}

/** The short name of a person. */
export function firstName(person: ShownPerson): string {
  return person.name.split(/\s+/)[0] || person.handle;
}

/** A person's role as a short label; undefined for an ordinary member. */
export function roleOf(person: ShownPerson): string | undefined {
  if (person.isExternal) return person.teamName;
  if (person.isGuest) return 'Guest';
  return person.isOwner ? 'Owner' : person.isAdmin ? 'Admin' : undefined;
}
