import { sql } from 'drizzle-orm';
import { type ClaimingWorker, startClaimingWorker } from '../../../db/claiming-worker.ts';
import type { Database } from '../../../db/client.ts';
import { selectRows } from '../../../db/query.ts';
import { untilDue } from '../../../db/worker.ts';
import { type EngineContext, runCommand } from '../instances/run-command.ts';
import { InterpretationError } from '../instances/run-tree.ts';
import { instant } from '../instances/sql-values.ts';
import { driverError } from '../instances/unavailable.ts';
import { dueIn, soonest } from './jobs.ts';

interface DueTimer {
  instanceKey: string;
  token: number;
  elementId: string;
}

export interface TimerWorkerOptions {
  pollIntervalMs: number;
  /** How long a worker has a timer that it claimed. */
  leaseMs: number;
  concurrency: number;
}

/** Fires timers as they become due; one whose instance is locked does not hold up the others. */
export function startTimerWorker(
  context: EngineContext,
  database: Database,
  { pollIntervalMs, leaseMs, concurrency }: TimerWorkerOptions,
): Promise<ClaimingWorker> {
  const { db, now, logger } = context;
  return startClaimingWorker({
    name: 'engine timers',
    database,
    signal: 'engine_due',
    logger,
    pollIntervalMs,
    concurrency,
    claim: (limit) => claim(context, limit, leaseMs),
    handle: (timer) => fire(context, timer),
    nextDueIn: async () => {
      const next = sql`select extract(epoch from least(
          (select min(due_at) from engine_timers where leased_until is null),
          (select min(greatest(due_at, leased_until)) from engine_timers where leased_until < 'infinity')))::float8 as at`;
      return untilDue(dueIn(await soonest(db, next), now()));
    },
  });
}

async function claim({ db, now }: EngineContext, limit: number, leaseMs: number): Promise<DueTimer[]> {
  const timers = await selectRows<DueTimer & { at: number }>(
    db,
    sql`update engine_timers set leased_until = ${instant(new Date(now().getTime() + leaseMs))}
      where (instance_key, token, element_id) in (
        select instance_key, token, element_id from engine_timers
        where due_at <= ${instant(now())} and (leased_until is null or leased_until <= ${instant(now())})
        order by due_at limit ${limit}::int for update skip locked)
      returning instance_key::text as "instanceKey", token, element_id as "elementId",
        extract(epoch from due_at)::float8 as at`,
  );
  return timers.sort((a, b) => a.at - b.at);
}

async function fire(context: EngineContext, { instanceKey, token, elementId }: DueTimer): Promise<void> {
  const { now } = context;
  const isThis = sql`instance_key = ${instanceKey}::bigint and token = ${token}::int and element_id = ${elementId}`;
  try {
    await runCommand(
      context,
      instanceKey,
      async (_, tx) => {
        // With the instance locked, the row says whether the timer has neither fired nor been cancelled. Firing deletes it.
        // One that fires again and again may have moved on.
        const [row] = await selectRows<{ at: number; repetitions: number | null }>(
          tx,
          sql`select extract(epoch from due_at)::float8 as at, repetitions from engine_timers
            where ${isThis} and due_at <= ${instant(now())}`,
        );
        if (!row) return undefined;
        const repetitions = row.repetitions !== null && { repetitions: row.repetitions };
        return { kind: 'fireTimer', token, elementId, dueAt: new Date(row.at * 1000), ...repetitions };
      },
      { cause: { token, hold: () => sql`update engine_timers set leased_until = 'infinity' where ${isThis}` } },
    );
  } catch (error) {
    // The instance says what happened; the other timers go on.
    if (!(error instanceof InterpretationError)) throw driverError(error);
  }
}
