import { z } from 'zod';

/** The statuses that starts can be filtered by. */
export const startStatuses = ['waiting', 'running', 'completed', 'failed', 'cancelled'] as const;

const cursorSchema = z.object({ at: z.iso.datetime(), id: z.uuid() });

const placeSchema = z.object({
  /** Pages of tasks and sessions, from 0. */
  tasks: z.int().min(0).default(0),
  sessions: z.int().min(0).default(0),
  status: z.enum(startStatuses).optional(),
  liveChatId: z.uuid().optional(),
  process: z.object({ id: z.string(), name: z.string() }).optional(),
  /** The newest start shown; absent: the newest of all. */
  startsFrom: cursorSchema.optional(),
});

/** A person's filters and pages in their Home tab; stored, since the tab is refreshed without them. */
export type HomePlace = z.infer<typeof placeSchema>;

/** Reads a stored place; falls back to the first page if an older version wrote it in another form. */
export function readHomePlace(stored: unknown): HomePlace {
  return placeSchema.safeParse(stored).data ?? placeSchema.parse({});
}

/** Reads a cursor from a button's value; undefined, the newest start, if it is invalid. */
export function readCursor(value: string): z.infer<typeof cursorSchema> | undefined {
  try {
    return cursorSchema.safeParse(JSON.parse(value)).data;
  } catch {
    return undefined;
  }
}
