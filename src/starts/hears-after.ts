import { isTimed } from '../bindings/binding-kinds.ts';
import { microsecondsOf } from '../sessions/properties.ts';
import type { Start } from './queries.ts';

/**
 * From when on the process hears what is said in its session, in microseconds since 1970: after the message or reaction that
 * started it, after the opening or closing that did, else after it was asked for. However late it really begins, it hears the rest.
 */
export function hearsAfter({ event, facts, createdAt }: Pick<Start, 'event' | 'facts' | 'createdAt'>): number {
  if (event !== null && facts.reaction) return microsecondsOf(facts.reaction.ts);
  // The message that nobody answered is old by then.
  if (event !== null && isTimed(event)) return endOfMillisecond(createdAt);
  if (event !== null && facts.message) return microsecondsOf(facts.message.ts);
  if (event === 'session_created') return endOfMillisecond(new Date(facts.openedAt));
  if (event === 'session_closed' && facts.closedAt) return endOfMillisecond(new Date(facts.closedAt));
  return endOfMillisecond(createdAt);
}

/** An instant that was kept without its microseconds is not before the message that it is of. */
const endOfMillisecond = (instant: Date) => instant.getTime() * 1000 + 999;
