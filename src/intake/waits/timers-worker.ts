import type { Database } from '../../db/client.ts';
import { type QueueWorker, startQueueWorker } from '../../db/queue-worker.ts';
import type { Logger } from '../../logger.ts';
import type { Timings } from '../../timings.ts';
import { withPeople } from '../known-people.ts';
import type { IntakeDependencies } from '../record-event.ts';
import { lookAt, tryOverdue } from './end-waits.ts';
import {
  answerOnItsWayMs,
  type ClaimedTimer,
  type DueTimer,
  keepTried,
  lockTimer,
  timerQueue,
} from './session-timers.ts';
import { getWaitingSession } from './waiting-session.ts';

/** How many waits a replica checks at the same time. */
const concurrency = 20;

/** Triggers *Client is waiting* and *Client is silent* when their time is over. */
export function startTimersWorker(
  database: Database,
  intake: IntakeDependencies,
  { leaseMs }: Timings['waits'],
  logger: Logger,
): Promise<QueueWorker> {
  return startQueueWorker({
    name: 'timers',
    database,
    signal: 'timers_due',
    logger,
    concurrency,
    works: [
      {
        queue: timerQueue,
        leaseMs,
        handle: (timer: ClaimedTimer) => lookAtTimer(intake, timer),
        ids: ({ sessionId, event }: DueTimer) => ({ sessionId, event }),
      },
    ],
  });
}

/** Idempotent: the wait records which bindings have had their turn, in the transaction that inserts their starts. */
async function lookAtTimer({ db, signal, people, workspaceUrl }: IntakeDependencies, claimed: ClaimedTimer) {
  await withPeople(people, (known) =>
    db.transaction(async (tx) => {
      const found = await getWaitingSession(tx, claimed.sessionId);
      const timer = await lockTimer(tx, claimed);
      if (!timer) return;
      if (!found) return timerQueue.finish(tx, claimed);
      const upTo = new Date(claimed.now - answerOnItsWayMs);
      const { tried, left } = await tryOverdue(tx, { ...found, people: known, workspaceUrl }, timer, upTo);
      await keepTried(tx, { ...timer, tried });
      const next = lookAt(left);
      if (next) await timerQueue.postpone(tx, claimed, next.getTime() - claimed.now);
      else await timerQueue.finish(tx, claimed);
    }),
  );
  signal('starts_due');
}
