import { isTimed } from '../bindings/binding-kinds.ts';
import { microsecondsOf } from '../sessions/properties.ts';
import type { Start } from './queries.ts';

/**
 * The time from which the process receives messages of its session, in microseconds since 1970: after the message or reaction
 * that started it, after the opening or closing that did, else after the start was requested. This does not depend on when it
 * really begins.
 */
export function hearsAfter({ event, facts, createdAt }: Pick<Start, 'event' | 'facts' | 'createdAt'>): number {
  if (event !== null && facts.reaction) return microsecondsOf(facts.reaction.ts);
  // The unanswered message is old by then.
  if (event !== null && isTimed(event)) return endOfMillisecond(createdAt);
  if (event !== null && facts.message) return microsecondsOf(facts.message.ts);
  if (event === 'session_created') return endOfMillisecond(new Date(facts.openedAt));
  if (event === 'session_closed' && facts.closedAt) return endOfMillisecond(new Date(facts.closedAt));
  return endOfMillisecond(createdAt);
}

/** Rounds up, since an instant without microseconds must not be before the message it stands for. */
const endOfMillisecond = (instant: Date) => instant.getTime() * 1000 + 999;
