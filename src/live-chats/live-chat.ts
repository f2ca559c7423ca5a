import type { liveChats } from './tables.ts';

export type LiveChat = typeof liveChats.$inferSelect;

/** Settings of a live chat, as an administrator enters them. */
export type LiveChatSettings = Pick<
  LiveChat,
  | 'name'
  | 'source'
  | 'prefixes'
  | 'channels'
  | 'clients'
  | 'operators'
  | 'supervisors'
  | 'operatorGroups'
  | 'supervisorGroups'
  | 'activityChannel'
>;

/** The settings, with business hours where they are set, and the locale of who saves them where a person does. */
export type SavedSettings = LiveChatSettings & Partial<Pick<LiveChat, 'businessHours' | 'locale'>>;
