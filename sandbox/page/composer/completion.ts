import type { Hello, ShownConversation, ShownPerson, ShownUserGroup } from '../../page-server/protocol.ts';
import { searchEmoji } from '../text/emoji.ts';

/** A completion that the composer offers for the text before the cursor. */
export interface Completion {
  /** The text that replaces the typed beginning. */
  insert: string;
  text: string;
  note: string;
}

export interface Vocabulary {
  commands: Hello['commands'];
  people: ShownPerson[];
  userGroups: ShownUserGroup[];
  conversations: ShownConversation[];
}

/** Maximum number of completions offered at once. */
const limit = 8;

/** The word before the cursor that can be completed, and its start. */
export function wordBefore(text: string, cursor: number): { word: string; start: number } | undefined {
  const before = text.slice(0, cursor);
  const match = /(?:^|\s)([@#:][^\s@#:]*|\/\S*)$/.exec(before);
  const word = match?.[1];
  if (word === undefined) return undefined;
  const start = cursor - word.length;
  // Slash commands are only at the very beginning; a colon alone is punctuation.
  if (word.startsWith('/') && start > 0) return undefined;
  if (word.startsWith(':') && word.length < 3) return undefined;
  return { word, start };
}

/** Completions that match a word: slash commands, people and groups, channels, emoji. */
export function completionsFor(word: string, vocabulary: Vocabulary): Completion[] {
  const typed = word.slice(1).toLowerCase();
  const fits = (...texts: string[]) =>
    texts.some((text) =>
      text
        .toLowerCase()
        .split(/[\s/]+/)
        .some((part) => part.startsWith(typed)),
    );
  switch (word[0]) {
    case '/':
      return vocabulary.commands
        .filter((one) => one.command.toLowerCase().startsWith(word.toLowerCase()))
        .map((one) => ({
          insert: `${one.command} `,
          text: `${one.command}${one.usage ? ` ${one.usage}` : ''}`,
          note: one.description,
        }));
    case '@':
      return [
        ...vocabulary.people
          .filter((person) => !person.isDeactivated && fits(person.name, person.handle))
          .map((person) => ({ insert: `@${person.handle} `, text: person.name, note: `@${person.handle}` })),
        ...vocabulary.userGroups
          .filter((group) => fits(group.name, group.handle))
          .map((group) => ({ insert: `@${group.handle} `, text: group.name, note: `@${group.handle}, a group` })),
      ].slice(0, limit);
    case '#':
      return vocabulary.conversations
        .filter((one) => one.kind === 'channel' && !one.isArchived && one.name.includes(typed))
        .map((one) => ({ insert: `#${one.name} `, text: `#${one.name}`, note: one.topic }))
        .slice(0, limit);
    default:
      return searchEmoji(typed, limit).map((emoji) => ({
        insert: `:${emoji.name}: `,
        text: `${emoji.character} ${emoji.name}`,
        note: '',
      }));
  }
}
