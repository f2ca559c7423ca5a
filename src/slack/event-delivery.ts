import { sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import { type Claimed, dueQueue } from '../db/due-queue.ts';
import { type QueueWorker, startQueueWorker } from '../db/queue-worker.ts';
import { UnavailableError } from '../errors.ts';
import { TimeoutError, withTimeout } from '../with-timeout.ts';
import type { ConversationEvent } from './conversation-event-schema.ts';
import { handleConversationEvent } from './conversation-events.ts';
import { type EventDelivery, tenantOf } from './deliveries.ts';
import { handleReaction, type ReactionEvent } from './reactions.ts';
import type { SlackContext } from './slack-context.ts';
import { deferredDeliveries } from './tables.ts';

/**
 * How long handling a delivery may wait for Slack, in milliseconds, before the delivery is deferred. Slack itself waits 3
 * seconds for the acknowledgement and gives up after a few retries.
 */
const patienceMs = 2000;
/** How many deferred deliveries are handled at the same time. */
const concurrency = 10;

/** Deliveries about a conversation, which can be deferred. */
type Heard = ConversationEvent | ReactionEvent;

interface Deferred {
  eventId: string;
  body: EventDelivery<Heard>;
}

/**
 * Deferred deliveries. One that was set aside is never retried: *Why* reports it at its message, and a person can start by hand
 * what it would have started.
 */
const deferredQueue = dueQueue<Deferred>({
  table: 'deferred_deliveries',
  key: ['event_id'],
  columns: sql`event_id as "eventId", body`,
  finished: 'delete',
});

/**
 * Handles a delivery, or stores it for later if Slack does not answer a question about it. Returns only when one of the two is
 * committed; throws if the database is unavailable.
 */
export async function receiveEvent(context: SlackContext, delivery: EventDelivery<Heard>): Promise<void> {
  const handling = handle(context, delivery);
  try {
    return await withTimeout(handling, patienceMs);
  } catch (error) {
    if (!(error instanceof UnavailableError || error instanceof TimeoutError)) throw error;
  }
  await deferDelivery(context.db, delivery);
  context.database.signal('deliveries_due');
  context.logger.warn({ eventId: delivery.event_id }, 'delivery deferred until Slack answers');
  // It may still succeed; recording is idempotent.
  handling.catch((err) =>
    context.logger.debug({ err, eventId: delivery.event_id }, 'the first attempt at a deferred delivery failed'),
  );
}

/** Retries deferred deliveries. */
export async function startDeferredDeliveriesWorker(context: SlackContext): Promise<QueueWorker> {
  const { database, db, timings, logger } = context;
  return startQueueWorker({
    name: 'deferred deliveries',
    database,
    signal: 'deliveries_due',
    logger,
    concurrency,
    works: [
      {
        queue: deferredQueue,
        leaseMs: timings.deliveries.leaseMs,
        renewed: true,
        async handle(deferred: Claimed<Deferred>) {
          await handle(context, deferred.body);
          await deferredQueue.finish(db, deferred);
        },
        ids: ({ eventId }: Deferred) => ({ eventId }),
      },
    ],
  });
}

function handle(context: SlackContext, delivery: EventDelivery<Heard>): Promise<void> {
  const { event } = delivery;
  return event.type === 'reaction_added'
    ? handleReaction(context, tenantOf(delivery), event)
    : handleConversationEvent(context, tenantOf(delivery), event);
}

async function deferDelivery(db: Db, delivery: EventDelivery<Heard>): Promise<void> {
  await db
    .insert(deferredDeliveries)
    .values({ eventId: delivery.event_id, body: { ...delivery }, dueAt: sql`now() + interval '1 second'` })
    .onConflictDoNothing();
}
