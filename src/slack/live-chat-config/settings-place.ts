import { z } from 'zod';
import { listPlaceSchema } from './list-place.ts';
import { hiddenSchema } from './settings-draft.ts';
import { liveChatIdSchema } from './view-request.ts';

/** The modal's private_metadata. */
export const settingsPlaceSchema = z.object({
  /** Absent for a new live chat. */
  liveChatId: liveChatIdSchema.optional(),
  list: listPlaceSchema,
  hidden: hiddenSchema,
});

export type SettingsPlace = z.infer<typeof settingsPlaceSchema>;
