import type { BindingEvent } from '../bindings/binding-kinds.ts';
import type { NewReaction } from '../bindings/reactions.ts';
import type { MessageFacts } from '../sessions/session-facts.ts';
import type { sessionEvents } from './tables.ts';

/** Something that happened in a session, in the form that bindings are tried on. */
export interface Fact {
  event: BindingEvent;
  /** Distinguishes this fact from others of its kind in the session; empty for the creation. */
  key: string;
  message: MessageFacts | null;
  /** Whether the message is the first that a client wrote in the session. */
  isFirst?: boolean;
  reaction?: NewReaction & {
    ts: string;
    /** The person who reacted, if they are staff. */
    operatorUserId: string | null;
    /** The author of the message, if they are a client. */
    clientUserId: string | null;
  };
  /** Only for a wait that is over: the bindings whose waiting time ended. */
  bindingIds?: readonly string[];
  /** Identifies the row of `session_events` that records it. */
  keptAs: Pick<typeof sessionEvents.$inferSelect, 'kind' | 'slackTs'>;
}
