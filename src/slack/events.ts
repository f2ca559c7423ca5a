import type { AppHomeOpenedEvent, UserChangeEvent } from '@slack/types';
import type { ConversationEvent } from './conversation-events.ts';
import type { EventDelivery } from './deliveries.ts';
import { tellDirectoryChange } from './directory-changes.ts';
import { receiveEvent } from './event-delivery.ts';
import { openHome } from './home/open-home.ts';
import type { SlackContext } from './slack-context.ts';

type HandleEvent = (context: SlackContext, delivery: EventDelivery) => Promise<void> | void;

const ofConversation: HandleEvent = (context, delivery) =>
  receiveEvent(context, delivery as EventDelivery & EventDelivery<ConversationEvent>);

const ofPerson: HandleEvent = ({ database }, { event }) =>
  tellDirectoryChange(database, { person: (event as unknown as UserChangeEvent).user.id });

const ofGroups: HandleEvent = ({ database }) => tellDirectoryChange(database, 'groups');

const ofHome: HandleEvent = (context, { event }) => openHome(context, event as unknown as AppHomeOpenedEvent);

/** The events that the app is subscribed to (manifest.yml), and what each means to us. */
export const events: Record<string, HandleEvent> = {
  app_home_opened: ofHome,
  channel_archive: ofConversation,
  channel_created: ofConversation,
  channel_deleted: ofConversation,
  channel_id_changed: ofConversation,
  channel_rename: ofConversation,
  channel_shared: ofConversation,
  channel_unarchive: ofConversation,
  channel_unshared: ofConversation,
  group_archive: ofConversation,
  group_deleted: ofConversation,
  group_rename: ofConversation,
  group_unarchive: ofConversation,
  member_joined_channel: ofConversation,
  message: ofConversation,
  subteam_created: ofGroups,
  subteam_members_changed: ofGroups,
  subteam_updated: ofGroups,
  team_join: ofPerson,
  user_change: ofPerson,
};
