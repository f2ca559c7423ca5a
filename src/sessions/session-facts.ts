import type { FileValue } from '../processes/value-types.ts';
import type { Message } from '../words/message.ts';

/** A message of the transcript. `userId` null: written by an app. */
export interface TranscriptMessage {
  ts: string;
  userId: string | null;
  authorName: string | null;
  text: string;
}

/** A file of which only the id is known, until Slack is asked. */
export interface UnseenFile {
  fileId: string;
}

/** A file that Slack does not show, and the reason: *a file that was deleted*. */
export interface MissingFile {
  missing: Message;
}

/** The message that an event or a shortcut is about. `userId` blank: written by an app. */
export interface MessageFacts {
  ts: string;
  threadTs?: string;
  userId: string;
  /** The message's event says that its author is from another organisation. */
  isOutside?: boolean;
  /** The text with mentions and links in Slack's markup, see {@link readableText}. */
  text: string;
  files: (FileValue | UnseenFile | MissingFile)[];
}

/**
 * A session as it was when an event happened: everything its properties are made of, except people's Slack profiles. Instants
 * are ISO 8601.
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
  /** When a client, and the staff, last wrote; absent in records of earlier versions. */
  lastClientMessageAt?: string | null;
  lastAnsweredAt?: string | null;
  /** Whether the live chat was open at that time; absent in records of earlier versions. */
  isBusinessHours?: boolean;
  /** Whether the message is the first of a client in the session. */
  isFirstMessage?: boolean;
  /** The reaction that the event is about; `ts`: Slack's timestamp of the reaction. */
  reaction?: { emoji: string; ts: string };
  /** Oldest first. */
  transcript: TranscriptMessage[];
  message: MessageFacts | null;
}
