import { z } from 'zod';

/**
 * The position in the list of live chats, kept in private_metadata of the list and of every view above it, so that the list
 * below them can be updated.
 */
export const listPlaceSchema = z.object({
  /** From 0. */
  page: z.number().int().min(0),
  /** Id of the live chat that was searched for; the list shows only this one. */
  found: z.string().optional(),
});

export type ListPlace = z.infer<typeof listPlaceSchema>;

export const listBeginning: ListPlace = { page: 0 };
