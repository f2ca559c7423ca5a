import type { Conversation } from '../live-chats/match-conversation.ts';
import type { MessageFacts } from '../sessions/session-facts.ts';

/** A Slack conversation as its session knows it. */
export interface SessionConversation extends Conversation {
  teamId: string;
  isPrivate: boolean;
  /** Whether the app has still to join it to hear anything: a public channel that it is no member of. */
  mustJoin: boolean;
}

/**
 * The sides that an author can be on: operators and supervisors are `staff`; a `bystander` is a person who is neither
 * staff nor, where the live chat serves guests and outsiders only, a client. A message of a `process` is its answer to the
 * client; one of another `app` is for the transcript only.
 */
export type Author = 'client' | 'staff' | 'bystander' | 'process' | 'app';

/** Whether a person wrote a message: those count. */
export const isPersons = (author: Author | null): boolean => author !== 'process' && author !== 'app';

/** Somebody put an emoji on a message. */
export interface Reaction {
  kind: 'reaction';
  at: Date;
  /** Slack's timestamp of the reaction. */
  slackTs: string;
  /** Whose reaction it is, and on which side they are. */
  userId: string;
  author: Author;
  /** Its name, without colons and skin tone. */
  emoji: string;
  messageTs: string;
  /** Null: no binding is for this emoji, or Slack does not show the message. */
  message: MessageFacts | null;
  messageAuthor: Author | null;
}

/** What a Slack delivery says of a session. `at` is when it happened, not when we heard of it. */
export type SessionEvent =
  | {
      kind: 'created';
      at: Date;
      clientUserId?: string /** The app was added to the conversation then. */;
      joinedAt?: Date;
    }
  | { kind: 'adopted'; at: Date }
  | {
      kind: 'message';
      at: Date;
      author: Author;
      authorName?: string;
      message: Omit<MessageFacts, 'userId'> & { userId: string | null };
    }
  | Reaction
  | {
      kind: 'closed' | 'reopened';
      at: Date;
      slackTs: string;
      /** Who did so in a conversation that goes on; absent: the conversation itself was archived, deleted or unarchived. */
      by?: string;
    };
