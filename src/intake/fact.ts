import type { BindingEvent } from '../bindings/binding-kinds.ts';
import type { MessageFacts } from '../sessions/session-facts.ts';

/** A fact about a session, as bindings know it. */
export interface Fact {
  event: BindingEvent;
  /** Distinguishes this fact from others of its kind in the session; empty for the creation. */
  key: string;
  message: MessageFacts | null;
  /** The message is the client's first in the session. */
  isFirst?: boolean;
}
