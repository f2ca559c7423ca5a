import { sql } from 'drizzle-orm';
import { backoff } from '../db/backoff.ts';
import type { Db } from '../db/client.ts';
import { selectRows } from '../db/query.ts';
import { deferredDeliveries } from '../db/schema.ts';
import { startWorker, untilDue, type Worker } from '../db/worker.ts';
import { UnavailableError } from '../errors.ts';
import { type ConversationEvent, handleConversationEvent } from './conversation-events.ts';
import { type EventDelivery, tenantOf } from './deliveries.ts';
import type { SlackContext } from './slack-context.ts';

/**
 * How long a delivery may wait for Slack's answers about it, in milliseconds, before it is put aside: Slack itself waits 3
 * seconds for our acknowledgement and gives up after a few tries.
 */
const patienceMs = 2000;
/** One that takes longer is handled twice, which does no harm; one that a crash cut short is handled soon after. */
const leaseMs = 10_000;

/**
 * Takes in a delivery: records what it says or, while Slack does not answer our questions about it, keeps it for later.
 * Returns only when one of the two is committed; throws if neither can be (the database is away).
 */
export async function receiveEvent(context: SlackContext, delivery: EventDelivery<ConversationEvent>): Promise<void> {
  const handling = handleConversationEvent(context, tenantOf(delivery), delivery.event).then(() => 'done' as const);
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), patienceMs);
  });
  const outcome = await Promise.race([handling, patience])
    .catch((error) => {
      if (error instanceof UnavailableError) return error;
      throw error;
    })
    .finally(() => clearTimeout(timer));
  if (outcome === 'done') return;
  await deferDelivery(context.db, delivery);
  context.database.signal('deliveries_due');
  context.logger.warn({ eventId: delivery.event_id }, 'delivery put aside until Slack answers');
  // It may still succeed by itself; being recorded twice does no harm.
  handling.catch((err) => context.logger.debug({ err, eventId: delivery.event_id }, 'late delivery failed'));
}

/** Works off the deliveries that were put aside. */
export async function startDeferredDeliveriesWorker(context: SlackContext): Promise<Worker> {
  return startWorker({
    name: 'deferred deliveries',
    database: context.database,
    signal: 'deliveries_due',
    logger: context.logger,
    async work() {
      const due = await claimDeferred(context.db, 10);
      await Promise.all(due.map((deferred) => retryDeferred(context, deferred)));
      return due.length > 0 ? 0 : untilDue(await nextDeferredDueIn(context.db));
    },
  });
}

interface Deferred {
  eventId: string;
  attempts: number;
  body: EventDelivery<ConversationEvent>;
}

async function retryDeferred({ ...context }: SlackContext, { eventId, attempts, body }: Deferred): Promise<void> {
  try {
    await handleConversationEvent(context, tenantOf(body), body.event);
    await context.db.execute(sql`delete from deferred_deliveries where event_id = ${eventId}`);
  } catch (err) {
    const delay = backoff(attempts);
    context.logger.warn({ err, eventId, retryInMs: delay }, 'delivery will be tried again');
    await context.db.execute(
      sql`update deferred_deliveries set due_at = now() + ${delay} * interval '1 millisecond' where event_id = ${eventId}`,
    );
  }
}

async function deferDelivery(db: Db, delivery: EventDelivery<ConversationEvent>): Promise<void> {
  await db
    .insert(deferredDeliveries)
    .values({ eventId: delivery.event_id, body: { ...delivery }, dueAt: sql`now() + interval '1 second'` })
    .onConflictDoNothing();
}

async function claimDeferred(db: Db, limit: number): Promise<Deferred[]> {
  return selectRows<Deferred>(
    db,
    sql`update deferred_deliveries
        set due_at = now() + ${leaseMs} * interval '1 millisecond', attempts = attempts + 1
        where event_id in (select event_id from deferred_deliveries where due_at <= now()
          order by due_at limit ${limit} for update skip locked)
        returning event_id as "eventId", attempts, body`,
  );
}

async function nextDeferredDueIn(db: Db): Promise<number | undefined> {
  const [row] = await selectRows<{ ms: number | null }>(
    db,
    sql`select ceil(extract(epoch from min(due_at) - now()) * 1000)::int as ms from deferred_deliveries`,
  );
  return row?.ms ?? undefined;
}
