import { sql } from 'drizzle-orm';
import { backoff } from '../db/backoff.ts';
import { type ClaimingWorker, startClaimingWorker } from '../db/claiming-worker.ts';
import type { Database } from '../db/client.ts';
import { selectRows } from '../db/query.ts';
import { untilDue } from '../db/worker.ts';
import type { Logger } from '../logger.ts';
import { type ConversationEvent, type PublishDependencies, publishEvent } from './publish-event.ts';

/** How many sessions' events a replica publishes at once. */
const concurrency = 10;
/** How long a worker has an event that it claimed, in milliseconds. One that is slower does no harm: the engine knows the id. */
const leaseMs = 10_000;

/** Publishes what happened in sessions to the processes that may wait for it, a session's events one after another. */
export function startConversationsWorker(
  database: Database,
  dependencies: PublishDependencies,
  logger: Logger,
): Promise<ClaimingWorker> {
  const { db, signal } = database;
  return startClaimingWorker<ConversationEvent>({
    name: 'conversations',
    database,
    signal: 'conversations_due',
    logger,
    concurrency,
    claim: (limit) =>
      selectRows<ConversationEvent>(
        db,
        sql`update conversation_events
          set due_at = now() + ${leaseMs}::int * interval '1 millisecond', attempts = attempts + 1
          where id in (
            select id from conversation_events e
            where due_at <= now() and not exists (
              select from conversation_events before where before.session_id = e.session_id and before.id < e.id)
            order by due_at limit ${limit}::int for update skip locked)
          returning id::text, session_id as "sessionId", kind, key, message, holds_start as "holdsStart", attempts,
            extract(epoch from at)::float8 * 1000 as at`,
      ),
    async handle(event) {
      try {
        await publishEvent(dependencies, event);
        if (event.holdsStart) signal('starts_due');
      } catch (err) {
        const delayMs = backoff(event.attempts);
        logger.warn({ err, sessionId: event.sessionId, retryInMs: delayMs }, 'an event will be published again');
        await db.execute(sql`update conversation_events
          set due_at = now() + ${delayMs}::float8 * interval '1 millisecond' where id = ${event.id}::bigint`);
      }
    },
    nextDueIn: async () => {
      const [row] = await selectRows<{ ms: number | null }>(
        db,
        sql`select ceil(extract(epoch from min(due_at) - now()) * 1000)::int as ms from conversation_events`,
      );
      return untilDue(row?.ms ?? undefined);
    },
  });
}
