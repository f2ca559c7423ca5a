import { z } from 'zod';

/** The position in the list of processes, in private_metadata of the list and of every view above it. */
export const libraryPlaceSchema = z.object({
  /** From 0. */
  page: z.number().int().min(0),
  /** The process that was searched for, as an option's value; the list shows only this one. */
  found: z.string().optional(),
});
export type LibraryPlace = z.infer<typeof libraryPlaceSchema>;

export const libraryBeginning: LibraryPlace = { page: 0 };

/** private_metadata of a view about one process. */
export const processPlaceSchema = z.object({
  /** As an option's value, since an id can be too long for Slack. */
  process: z.string(),
  list: libraryPlaceSchema,
});
export type ProcessPlace = z.infer<typeof processPlaceSchema>;
