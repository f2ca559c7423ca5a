import type { Conversation } from '../live-chats/match-conversation.ts';
import type { MessageFacts } from '../sessions/session-facts.ts';
import type { MessageEdit } from '../sessions/tables.ts';

/** A Slack conversation with what its session stores of it. */
export interface SessionConversation extends Conversation {
  teamId: string;
  isPrivate: boolean;
  /** Whether the app still has to join to receive messages: a public channel that it is not a member of. */
  mustJoin: boolean;
}

/**
 * The part that the author of a message plays. Operators and supervisors are `staff`. A `bystander` is a person who is neither
 * staff nor, if the live chat serves guests and outsiders only, a client. A message of a `process` is its answer to the client;
 * a message of another `app` only appears in the transcript.
 */
export type Author = 'client' | 'staff' | 'bystander' | 'process' | 'app';

/** Whether a person wrote the message. Only those count. */
export const isPersons = (author: Author | null): boolean => author !== 'process' && author !== 'app';

/** Somebody put an emoji on a message. */
export interface Reaction {
  kind: 'reaction';
  at: Date;
  /** Slack's timestamp of the reaction. */
  slackTs: string;
  /** The person who reacted, and their role. */
  userId: string;
  author: Author;
  /** Name of the emoji, without colons and skin tone. */
  emoji: string;
  messageTs: string;
  /** Null: no binding is for this emoji, or Slack does not show the message. */
  message: MessageFacts | null;
  messageAuthor: Author | null;
}

/** An event of a session, read from a Slack delivery. `at`: when it happened, not when Kickoff received it. */
export type SessionEvent =
  | {
      kind: 'created';
      at: Date;
      clientUserId?: string;
      /** When the app was added to the conversation, if that created the session. */
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
  /** Somebody edited or deleted a message. */
  | { kind: 'edited'; at: Date; messageTs: string; edit: MessageEdit }
  | Reaction
  | {
      kind: 'closed' | 'reopened';
      at: Date;
      slackTs: string;
      /**
       * The person who closed or reopened the session by hand; absent if the conversation itself was archived, deleted or
       * unarchived.
       */
      by?: string;
    };
