import { App } from '@slack/bolt';
import { registerActivity } from './activity/listeners.ts';
import type { ConversationEvent } from './conversation-events.ts';
import { type EventDelivery, superviseDeliveries } from './deliveries.ts';
import { type DirectoryChange, tellDirectoryChange } from './directory-changes.ts';
import { receiveEvent } from './event-delivery.ts';
import { registerLiveChatConfig } from './live-chat-config/listeners.ts';
import type { SlackReceiver } from './receiver.ts';
import type { SlackContext } from './slack-context.ts';
import { registerStartProcess } from './start-process/listeners.ts';
import { registerTaskForm } from './task-form/listeners.ts';

const conversationEvents: ConversationEvent['type'][] = [
  'message',
  'channel_created',
  'channel_rename',
  'group_rename',
  'channel_archive',
  'group_archive',
  'channel_deleted',
  'group_deleted',
  'channel_unarchive',
  'group_unarchive',
  'channel_shared',
  'channel_unshared',
  'channel_id_changed',
  'member_joined_channel',
];

export interface SlackApp {
  app: App;
  /** Resolves when no delivery is under way. */
  drain(): Promise<unknown>;
}

/** The Bolt app with everything it listens to; not started. */
export function createSlackApp(context: SlackContext, { receiver }: SlackReceiver, token: string): SlackApp {
  const { identity, logger } = context;
  const app = new App({
    receiver,
    ignoreSelf: false,
    authorize: async () => ({
      botToken: token,
      botId: identity.botId,
      botUserId: identity.botUserId,
      teamId: identity.teamId,
    }),
  });
  const drain = superviseDeliveries(app, identity.teamId, logger);

  for (const type of conversationEvents) {
    app.event(type, ({ body }) => receiveEvent(context, body as unknown as EventDelivery<ConversationEvent>));
  }
  const forget = (change: DirectoryChange) => tellDirectoryChange(context, change);
  app.event('user_change', ({ event }) => forget({ person: event.user.id }));
  app.event('team_join', ({ event }) => forget({ person: event.user.id }));
  app.event('subteam_created', () => forget('groups'));
  app.event('subteam_updated', () => forget('groups'));
  app.event('subteam_members_changed', () => forget('groups'));

  registerStartProcess(app, context);
  registerTaskForm(app, context);
  registerLiveChatConfig(app, context);
  registerActivity(app, context);

  // Thrown on, for superviseDeliveries to deal with: Bolt's own wrapping adds nothing.
  app.error(async (error) => {
    throw error.original ?? error;
  });
  return { app, drain };
}
