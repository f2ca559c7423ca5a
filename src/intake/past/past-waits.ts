import type { TimedEvent } from '../../bindings/binding-kinds.ts';
import { answerOnItsWayMs } from '../waits/session-timers.ts';
import type { KeptEvent } from './read-past.ts';

/** A wait for an answer. */
export interface PastWait {
  /**
   * The messages that were waiting for an answer. Each restarts the time; a binding's turn comes if its time was over at
   * `until`.
   */
  stretches: { id: number; ts: string; since: Date; until: Date }[];
  /** When somebody answered; absent if the wait goes on or ended otherwise. */
  answeredAt?: Date;
}

/**
 * The waits of a session, computed from when messages were written, like waits/follow-waits.ts does. `readAt`: the end of a
 * wait that is still going on.
 */
export function pastWaits(event: TimedEvent, events: readonly KeptEvent[], readAt: Date): PastWait[] {
  const asking = event === 'client_waiting' ? 'client' : 'staff';
  const waits: PastWait[] = [];
  let wait: PastWait | undefined;
  let isOpen = true;
  const end = (at: Date, answeredAt?: Date) => {
    const last = wait?.stretches.at(-1);
    if (last) last.until = answeredAt ?? lookedAt(at);
    if (wait && answeredAt) wait.answeredAt = answeredAt;
    wait = undefined;
  };
  for (const { id, kind, slackTs: ts, at, author, sessionStatus } of events.toSorted(byTime)) {
    if (kind === 'closed' || sessionStatus === 'spam') end(at);
    if (kind === 'closed') isOpen = false;
    const by = kind === 'message' ? sideOf(author) : undefined;
    // A client who writes in a closed session reopens it.
    if (kind === 'reopened' || by === 'client') isOpen = true;
    if (by === undefined || sessionStatus === 'spam') continue;
    if (by !== asking) {
      end(at, at);
    } else if (!wait && isOpen) {
      wait = { stretches: [{ id, ts, since: at, until: lookedAt(readAt) }] };
      waits.push(wait);
    } else if (wait && event === 'client_silent') {
      const last = wait.stretches.at(-1);
      if (last) last.until = lookedAt(at);
      wait.stretches.push({ id, ts, since: at, until: lookedAt(readAt) });
    }
  }
  return waits;
}

/** Waits are checked only `answerOnItsWayMs` after they end, except that an answer has them checked up to its own time. */
const lookedAt = (at: Date) => new Date(at.getTime() - answerOnItsWayMs);

const byTime = (one: KeptEvent, other: KeptEvent) => one.at.getTime() - other.at.getTime() || one.id - other.id;

function sideOf(author: KeptEvent['author']): 'client' | 'staff' | undefined {
  if (author === 'client') return author;
  return author === 'staff' || author === 'process' ? 'staff' : undefined;
}
