import { z } from 'zod';
import { isInteraction } from './interaction-schema.ts';
import { slackId } from './slack-ids.ts';

/** The fields of an Events API delivery that are read (Slack: event_callback). */
const eventDeliverySchema = z.looseObject({
  type: z.literal('event_callback'),
  event_id: z.string().regex(/^\w{1,64}$/),
  team_id: slackId,
  authorizations: z.array(z.looseObject({ team_id: slackId.nullish() })).optional(),
  event: z.looseObject({ type: z.string().max(100) }),
});

/** Maximum nesting. Slack's bodies are about 15 levels deep; deeper ones are a risk to traverse. */
const deepest = 60;

/** Whether a delivery has the shape of its type: an event envelope, or an interaction. */
export function isReadable(body: unknown): boolean {
  if (typeof body !== 'object' || body === null || isDeeperThan(body, deepest)) return false;
  if ('type' in body && body.type === 'event_callback') return eventDeliverySchema.safeParse(body).success;
  // Bolt would treat an interaction with an `event` field as that event.
  return !('event' in body) && isInteraction(body);
}

function isDeeperThan(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return depth === 0 || Object.values(value).some((member) => isDeeperThan(member, depth - 1));
}
