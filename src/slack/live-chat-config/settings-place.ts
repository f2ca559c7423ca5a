import { z } from 'zod';
import { listPlaceSchema } from './list-place.ts';
import { hiddenSchema } from './settings-draft.ts';
import { liveChatIdSchema } from './view-request.ts';

/** What the settings modal carries in its private_metadata. */
export const settingsPlaceSchema = z.object({
  /** Absent: a new live chat. */
  liveChatId: liveChatIdSchema.optional(),
  list: listPlaceSchema,
  hidden: hiddenSchema,
});

export type SettingsPlace = z.infer<typeof settingsPlaceSchema>;
