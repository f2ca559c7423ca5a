import type { liveChats } from './tables.ts';

export type LiveChat = typeof liveChats.$inferSelect;

/** What an administrator sets of a live chat. */
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
