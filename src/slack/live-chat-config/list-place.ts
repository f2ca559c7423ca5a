import { z } from 'zod';

/**
 * Where in the list of live chats somebody is: kept in the private_metadata of the list and of every view above it, so that
 * the list can be brought up to date below them.
 */
export const listPlaceSchema = z.object({
  /** From 0. */
  page: z.number().int().min(0),
  /** The live chat that was searched for: the list shows only this one. */
  found: z.string().optional(),
});

export type ListPlace = z.infer<typeof listPlaceSchema>;

export const listBeginning: ListPlace = { page: 0 };
