import type { Database } from '../db/client.ts';
import { type QueueWorker, startQueueWorker } from '../db/queue-worker.ts';
import type { Logger } from '../logger.ts';
import type { Timings } from '../timings.ts';
import { type ClaimedEvent, type ConversationEvent, conversationQueue } from './conversation-queue.ts';
import { type PublishDependencies, publishEvent } from './publish-event.ts';

/** How many sessions' events a replica publishes at the same time. */
const concurrency = 10;

/** Publishes events of sessions to the processes that may wait for them, the events of one session in order. */
export function startConversationsWorker(
  database: Database,
  dependencies: PublishDependencies,
  { leaseMs }: Timings['conversations'],
  logger: Logger,
): Promise<QueueWorker> {
  const { db } = database;
  return startQueueWorker({
    name: 'conversations',
    database,
    signal: 'conversations_due',
    logger,
    concurrency,
    works: [
      {
        queue: conversationQueue,
        leaseMs,
        renewed: true,
        async handle(event: ClaimedEvent, lease) {
          await publishEvent(dependencies, event);
          await lease.stopRenewing();
          await conversationQueue.finish(db, event);
        },
        ids: ({ id, sessionId, kind }: ConversationEvent) => ({ conversationEvent: id, sessionId, kind }),
      },
    ],
  });
}
