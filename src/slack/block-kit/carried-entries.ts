import { createHash } from 'node:crypto';
import type { ButtonAction } from '@slack/bolt';
import { z } from 'zod';
import { type ListEntries, withEntry, withoutEntry } from '../../processes/list-entries.ts';
import type { ShownForm } from '../../processes/show-form.ts';

/** Of the button that adds an entry to a list; its value names the list. */
export const addEntryActionId = 'form_entry_add';
/** Of the button that removes an entry; its value names the list and the entry. */
export const removeEntryActionId = 'form_entry_remove';

const count = z.int().nonnegative();

/** Which entries the lists of a form show, as its modal carries it along in its private_metadata: by the list's name. */
export const carriedEntriesSchema = z.record(
  z.string(),
  z.object({ shown: z.array(count), rest: count, next: count }) satisfies z.ZodType<ListEntries>,
);
export type CarriedEntries = z.infer<typeof carriedEntriesSchema>;

/** An entry that is to be removed from a list, or added to it if `entry` is undefined. */
export interface EntryChange {
  list: string;
  entry?: number | undefined;
}

/** A list's id can be longer than a button and private_metadata have room for. */
const nameOf = (listId: string) => createHash('sha256').update(listId).digest('base64url').slice(0, 10);

/** What the modal of a form carries along, for its private_metadata; nothing for a form without lists. */
export function carriedWith({ lists }: ShownForm): { entries?: CarriedEntries } {
  if (lists.length === 0) return {};
  return { entries: Object.fromEntries(lists.map(({ id, entries }) => [nameOf(id), entries])) };
}

/** Which entries a list has, of what a modal carried along. */
export function entriesIn(carried: CarriedEntries = {}): (listId: string) => ListEntries | undefined {
  const known = new Map(Object.entries(carried));
  return (listId) => known.get(nameOf(listId));
}

/** With an entry more or less. */
export function changedEntries(carried: CarriedEntries = {}, { list, entry }: EntryChange): CarriedEntries {
  return Object.fromEntries(
    Object.entries(carried).map(([name, entries]) => {
      if (name !== list) return [name, entries];
      return [name, entry === undefined ? withEntry(entries) : withoutEntry(entries, entry)];
    }),
  );
}

export const addEntryValue = (listId: string) => nameOf(listId);
export const removeEntryValue = (listId: string, entry: number) => `${nameOf(listId)}:${entry}`;

/** What a click on one of the buttons changes. */
export function entryChangeOf({ value = '' }: Pick<ButtonAction, 'value'>): EntryChange {
  const [list = '', entry] = value.split(':');
  return { list, entry: entry === undefined ? undefined : Number(entry) };
}
