import { sql } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { selectRows } from '../../db/query.ts';
import { startWorker, type Worker } from '../../db/worker.ts';
import { soonest } from './jobs.ts';
import { type EngineContext, InterpretationError, runCommand } from './run-command.ts';
import { driverError } from './unavailable.ts';
import { instant } from './write-outcome.ts';

interface DueTimer {
  instanceKey: string;
  token: number;
  elementId: string;
}

const batchSize = 20;

/** Fires timers in the order in which they are due. */
export function startTimerWorker(
  context: EngineContext,
  database: Database,
  { pollIntervalMs, leaseMs }: { pollIntervalMs: number; leaseMs: number },
): Promise<Worker> {
  const { db, now, logger } = context;
  return startWorker({
    name: 'engine timers',
    database,
    signal: 'engine_due',
    logger,
    pollIntervalMs,
    async work() {
      const timers = await claim(context, leaseMs);
      for (const timer of timers) await fire(context, timer);
      if (timers.length === batchSize) return 0;
      const due = await soonest(
        db,
        sql`select extract(epoch from greatest(due_at, coalesce(leased_until, due_at)))::float8 as at from engine_timers
          where leased_until is null or leased_until < 'infinity' order by due_at limit 1`,
      );
      return due && Math.max(0, due.getTime() - now().getTime());
    },
  });
}

async function claim({ db, now }: EngineContext, leaseMs: number): Promise<DueTimer[]> {
  const timers = await selectRows<DueTimer & { at: number }>(
    db,
    sql`update engine_timers set leased_until = ${instant(new Date(now().getTime() + leaseMs))}
      where (instance_key, token, element_id) in (
        select instance_key, token, element_id from engine_timers
        where due_at <= ${instant(now())} and (leased_until is null or leased_until <= ${instant(now())})
        order by due_at limit ${batchSize}::int for update skip locked)
      returning instance_key::text as "instanceKey", token, element_id as "elementId",
        extract(epoch from due_at)::float8 as at`,
  );
  return timers.sort((a, b) => a.at - b.at);
}

async function fire(context: EngineContext, { instanceKey, token, elementId }: DueTimer): Promise<void> {
  try {
    await runCommand(
      context,
      instanceKey,
      async (_, tx) => {
        // With the instance locked, the row says whether the timer has neither fired nor been cancelled. Firing deletes it.
        const rows = await selectRows(
          tx,
          sql`select token from engine_timers where instance_key = ${instanceKey}::bigint and token = ${token}::int
            and element_id = ${elementId}`,
        );
        return rows.length > 0 ? { kind: 'fireTimer', token, elementId } : undefined;
      },
      { cause: { token, timer: elementId } },
    );
  } catch (error) {
    // The instance says what happened; the other timers go on.
    if (!(error instanceof InterpretationError)) throw driverError(error);
  }
}
