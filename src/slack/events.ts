import { z } from 'zod';
import { own } from '../own.ts';
import { storable } from '../storable.ts';
import { conversationEventSchema } from './conversation-event-schema.ts';
import { type EventDelivery, UnreadableEventError } from './deliveries.ts';
import { tellDirectoryChange } from './directory-changes.ts';
import { receiveEvent } from './event-delivery.ts';
import { homeOpenedSchema, openHome } from './home/open-home.ts';
import { reactionEventSchema } from './reactions.ts';
import type { SlackContext } from './slack-context.ts';
import { slackId } from './slack-ids.ts';

/** Handles one type of event. Throws {@link UnreadableEventError} if a required field is missing. */
type HandleEvent = (context: SlackContext, delivery: EventDelivery) => Promise<void> | void;

function subscription<Event extends Record<string, unknown>>(
  schema: z.ZodType<Event>,
  handle: (context: SlackContext, delivery: EventDelivery<Event>) => Promise<void> | void,
): HandleEvent {
  return (context, delivery) => {
    const { data, error } = schema.safeParse(timed(delivery));
    if (error) throw new UnreadableEventError(error.issues[0]?.path.join('.') ?? 'whole');
    return handle(context, storable({ ...delivery, event: data }));
  };
}

/** The event with its time. For events without one, the delivery's time is used (seconds since 1970). */
function timed({ event, event_time: seconds }: EventDelivery): Record<string, unknown> {
  if (typeof event.event_ts === 'string' || seconds === undefined) return event;
  return { ...event, event_ts: `${seconds}.000000` };
}

const ofConversation = subscription(conversationEventSchema, receiveEvent);

const ofReaction = subscription(reactionEventSchema, receiveEvent);

const ofPerson = subscription(z.object({ user: z.object({ id: slackId }) }), ({ database }, { event }) =>
  tellDirectoryChange(database, { person: event.user.id }),
);

const ofGroups = subscription(z.object({}), ({ database }) => tellDirectoryChange(database, 'groups'));

const ofHome = subscription(homeOpenedSchema, (context, { event }) => openHome(context, event));

/** Checks the token with Slack: such an event can be old, or about another token. */
const ofToken = subscription(z.object({}), ({ token }) => void token.check());

/** The events that the app subscribes to (manifest.yml), and their handlers. */
export const events: Record<string, HandleEvent> = {
  app_home_opened: ofHome,
  app_uninstalled: ofToken,
  channel_archive: ofConversation,
  channel_created: ofConversation,
  channel_deleted: ofConversation,
  channel_id_changed: ofConversation,
  channel_left: ofConversation,
  channel_rename: ofConversation,
  channel_shared: ofConversation,
  channel_unarchive: ofConversation,
  channel_unshared: ofConversation,
  group_archive: ofConversation,
  group_deleted: ofConversation,
  group_left: ofConversation,
  group_rename: ofConversation,
  group_unarchive: ofConversation,
  member_joined_channel: ofConversation,
  message: ofConversation,
  reaction_added: ofReaction,
  subteam_created: ofGroups,
  subteam_members_changed: ofGroups,
  subteam_updated: ofGroups,
  team_join: ofPerson,
  tokens_revoked: ofToken,
  user_change: ofPerson,
};

/** Handles an event of a subscribed type; ignores all others. */
export async function handleEvent(context: SlackContext, delivery: EventDelivery<{ type: string }>): Promise<void> {
  await own(events, delivery.event.type)?.(context, delivery);
}
