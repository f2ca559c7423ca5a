import type { FileValue } from '../processes/value-types.ts';
import type { Message } from '../words/message.ts';

/** A message as the transcript shows it. `userId` null: an app wrote it. */
export interface TranscriptMessage {
  ts: string;
  userId: string | null;
  authorName: string | null;
  text: string;
}

/** A file that Slack has not shown us yet: it is known by its id alone until Slack is asked. */
export interface UnseenFile {
  fileId: string;
}

/** A file that Slack does not show us, and why: *a file that was deleted*. */
export interface MissingFile {
  missing: Message;
}

/** The message that an event or a shortcut is about. `userId` blank: an app wrote it. */
export interface MessageFacts {
  ts: string;
  threadTs?: string;
  userId: string;
  /** The message itself says that its author is from another organisation. */
  isOutside?: boolean;
  /** What people read, with mentions and links in Slack's markup: see {@link readableText}. */
  text: string;
  files: (FileValue | UnseenFile | MissingFile)[];
}

/**
 * A session as it was when something happened to it: all that its properties are made of, but for what Slack's profiles
 * say of the people in it. Instants are ISO 8601.
 */
export interface SessionFacts {
  liveChatName: string;
  channelId: string;
  sessionName: string;
  status: 'open' | 'closed' | 'spam';
  messageCount: number;
  openedAt: string;
  closedAt: string | null;
  clientUserId: string | null;
  operatorUserId: string | null;
  /** When a client, and somebody of the staff, last wrote; absent: it was recorded by an earlier version of Kickoff. */
  lastClientMessageAt?: string | null;
  lastAnsweredAt?: string | null;
  /** The live chat was open when it happened; absent: it was recorded by an earlier version of Kickoff. */
  isBusinessHours?: boolean;
  /** The message is the first of a client in the session. */
  isFirstMessage?: boolean;
  /** What the message got that the event is about; `ts`: Slack's timestamp of that. */
  reaction?: { emoji: string; ts: string };
  /** Oldest first. */
  transcript: TranscriptMessage[];
  message: MessageFacts | null;
}
