import { createHash } from 'node:crypto';
import type { ButtonAction } from '@slack/bolt';
import { z } from 'zod';
import { hasChanged, type ListChange, type ListEntries, withChange } from '../../processes/list-entries.ts';
import type { ShownForm } from '../../processes/show-form.ts';

/** Action id of the button that adds an entry; the button's value names the list. */
export const addEntryActionId = 'form_entry_add';
/** Action id of the button that removes an entry; the button's value names the list and the entry. */
export const removeEntryActionId = 'form_entry_remove';

const count = z.int().nonnegative();

/** The entries of a form's lists, by the list's short name, as its modal carries them in private_metadata. */
export const carriedEntriesSchema = z.record(
  z.string(),
  z.object({ shown: z.array(count), rest: count, next: count }) satisfies z.ZodType<ListEntries>,
);
export type CarriedEntries = z.infer<typeof carriedEntriesSchema>;

/** Adds an entry to a list, or removes one. */
export type EntryChange = ListChange & { list: string };

/** A short name for a list: its id can be too long for a button and for private_metadata. */
const nameOf = (listId: string) => createHash('sha256').update(listId).digest('base64url').slice(0, 10);

/** The part of private_metadata that carries a form's list entries; empty for a form without lists. */
export function carriedWith({ lists }: ShownForm): { entries?: CarriedEntries } {
  if (lists.length === 0) return {};
  return { entries: Object.fromEntries(lists.map(({ id, entries }) => [nameOf(id), entries])) };
}

/** Looks up the entries of a list in what a modal carried. */
export function entriesIn(carried: CarriedEntries = {}): (listId: string) => ListEntries | undefined {
  const known = new Map(Object.entries(carried));
  return (listId) => known.get(nameOf(listId));
}

/** The carried entries after adding and removing some. */
export function changedEntries(carried: CarriedEntries = {}, changes: readonly EntryChange[] = []): CarriedEntries {
  const result = { ...carried };
  for (const { list, ...change } of changes) {
    const entries = result[list];
    if (entries) result[list] = withChange(entries, change);
  }
  return result;
}

const carryingSchema = z.object({ entries: carriedEntriesSchema.default({}) });

/** The changes that the modal with this private_metadata does not show yet. */
export function missingChanges(privateMetadata: string, changes: readonly EntryChange[]): EntryChange[] {
  const { entries } = carryingSchema.parse(JSON.parse(privateMetadata));
  return changes.filter(({ list, ...change }) => {
    const known = entries[list];
    return known && !hasChanged(known, change);
  });
}

/** The values of the two buttons, which {@link entryChangeOf} reads. */
export const addEntryValue = (listId: string) => nameOf(listId);
export const removeEntryValue = (listId: string, entry: number) => `${nameOf(listId)}:${entry}`;

/** The change that a click on one of the buttons asks for, in the modal with this private_metadata and after other changes. */
export function entryChangeOf(
  { value = '' }: Pick<ButtonAction, 'value'>,
  privateMetadata: string,
  before: readonly EntryChange[],
): EntryChange {
  const [list = '', entry] = value.split(':');
  if (entry !== undefined) return { list, removed: Number(entry) };
  const { entries } = carryingSchema.parse(JSON.parse(privateMetadata));
  return { list, added: changedEntries(entries, before)[list]?.next ?? 0 };
}
