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

/** The settings; business hours and the locale of the person who saves are included only where they are set. */
export type SavedSettings = LiveChatSettings & Partial<Pick<LiveChat, 'businessHours' | 'locale'>>;
