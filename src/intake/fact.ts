import type { BindingEvent } from '../bindings/binding-kinds.ts';
import type { NewReaction } from '../bindings/reactions.ts';
import type { MessageFacts } from '../sessions/session-facts.ts';
import type { sessionEvents } from './tables.ts';

/** A fact about a session, as bindings know it. */
export interface Fact {
  event: BindingEvent;
  /** Distinguishes this fact from others of its kind in the session; empty for the creation. */
  key: string;
  message: MessageFacts | null;
  /** The message is the client's first in the session. */
  isFirst?: boolean;
  reaction?: NewReaction & {
    ts: string;
    /** The person who reacted, if that is one of the staff. */
    operatorUserId: string | null;
    /** The author of the message, if that is a client. */
    clientUserId: string | null;
  };
  /** For a wait that is over: the bindings whose time it was. */
  bindingIds?: readonly string[];
  /** The row of `session_events` that keeps it. */
  keptAs: Pick<typeof sessionEvents.$inferSelect, 'kind' | 'slackTs'>;
}
