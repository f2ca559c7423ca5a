import { z } from 'zod';

/** What a list of starts can be filtered by. */
export const startStatuses = ['waiting', 'running', 'completed', 'failed', 'cancelled'] as const;

const cursorSchema = z.object({ at: z.iso.datetime(), id: z.uuid() });

const placeSchema = z.object({
  /** Pages of tasks and sessions, from 0. */
  tasks: z.int().min(0).default(0),
  sessions: z.int().min(0).default(0),
  status: z.enum(startStatuses).optional(),
  liveChatId: z.uuid().optional(),
  process: z.object({ id: z.string(), name: z.string() }).optional(),
  /** The newest start that is shown; absent: the newest that there is. */
  startsFrom: cursorSchema.optional(),
});

/** What a person has filtered and paged their Home tab to; kept in the database, for it is shown anew by itself. */
export type HomePlace = z.infer<typeof placeSchema>;

/** A place that an older Kickoff has written, and this one cannot read, is the beginning. */
export function readHomePlace(stored: unknown): HomePlace {
  return placeSchema.safeParse(stored).data ?? placeSchema.parse({});
}

/** Of a button's value. One that cannot be read is the newest start. */
export function readCursor(value: string): z.infer<typeof cursorSchema> | undefined {
  try {
    return cursorSchema.safeParse(JSON.parse(value)).data;
  } catch {
    return undefined;
  }
}
