import { z } from 'zod';

/** Slack's ids are short tokens of capital letters and digits. */
export const slackIdSchema = z.string().regex(/^[A-Z0-9]{1,32}$/);
const named = z.union([slackIdSchema, z.looseObject({ id: slackIdSchema })]).nullish();
const id = slackIdSchema.nullish();
const timestamp = z
  .string()
  .regex(/^\d{1,12}(?:\.\d{1,9})?$/)
  .nullish();

const eventSchema = z.looseObject({
  type: z.string(),
  user: named,
  channel: named,
  old_channel_id: id,
  new_channel_id: id,
  ts: timestamp,
  event_ts: timestamp,
  thread_ts: timestamp,
  deleted_ts: timestamp,
});

const interactionSchema = z.looseObject({
  user: named,
  user_id: id,
  channel: named,
  channel_id: id,
  team: named,
  team_id: id,
});

const callbackSchema = z.looseObject({
  type: z.literal('event_callback'),
  event_id: z.string().regex(/^\w{1,64}$/),
  team_id: slackIdSchema,
  authorizations: z.array(z.looseObject({ team_id: id })).nullish(),
  event: eventSchema,
});

/**
 * Whether the ids and times of a delivery are of Slack's form. What is stored, looked up and asked for by them is not
 * what anybody writes, so it is not mended but refused.
 */
export function isWellFormed(body: { type?: string }): boolean {
  const schema = body.type === 'event_callback' ? callbackSchema : interactionSchema;
  return schema.safeParse(body).success;
}
