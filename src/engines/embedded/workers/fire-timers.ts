import { sql } from 'drizzle-orm';
import { type Claimed, dueQueue } from '../../../db/due-queue.ts';
import { selectRows } from '../../../db/query.ts';
import type { QueuedWork } from '../../../db/queue-worker.ts';
import { driverError } from '../../../db/unavailable.ts';
import type { EngineContext } from '../instances/engine-context.ts';
import { InterpretationError } from '../instances/interpretation-error.ts';
import { runCommand } from '../instances/run-command.ts';
import { setAsideWork } from '../instances/set-aside-work.ts';

interface DueTimer {
  instanceKey: string;
  token: number;
  elementId: string;
}

const timers = dueQueue<DueTimer>({
  table: 'engine_timers',
  key: ['instance_key', 'token', 'element_id'],
  columns: sql`instance_key::text as "instanceKey", token, element_id as "elementId"`,
  finished: 'delete',
});

/** Fires due timers. A timer whose instance is locked does not hold up the others. */
export function timerWork(context: EngineContext, leaseMs: number): QueuedWork<DueTimer> {
  return {
    queue: timers,
    leaseMs,
    handle: (timer) => fire(context, timer),
    setAside: (timer, reason) => setAsideWork(context, timer, reason, holdTimer(timer)),
    ids: ({ instanceKey, elementId }) => ({ processInstanceKey: instanceKey, elementId }),
  };
}

const isThis = ({ instanceKey, token, elementId }: DueTimer) =>
  sql`instance_key = ${instanceKey}::bigint and token = ${token}::int and element_id = ${elementId}`;

const holdTimer = (timer: DueTimer) => () =>
  sql`update engine_timers set due_at = 'infinity', unfinished = 0 where ${isThis(timer)}`;

async function fire(context: EngineContext, timer: Claimed<DueTimer>): Promise<void> {
  const { instanceKey, token, elementId } = timer;
  try {
    const isFired = await runCommand(
      context,
      instanceKey,
      async (_, tx) => {
        // With the instance locked, an existing row means that the timer was neither fired nor cancelled, since firing deletes
        // it. A repeating timer may have moved on.
        const [row] = await selectRows<{ at: number; repetitions: number | null }>(
          tx,
          sql`select extract(epoch from fires_at)::float8 as at, repetitions from engine_timers
            where ${isThis(timer)} and ${timers.isHeld(timer)}`,
        );
        if (!row) return undefined;
        const repetitions = row.repetitions !== null && { repetitions: row.repetitions };
        return { kind: 'fireTimer', token, elementId, dueAt: new Date(row.at * 1000), ...repetitions };
      },
      { cause: { token, hold: holdTimer(timer) } },
    );
    // Its instance has ended.
    if (!isFired) await timers.finish(context.db, timer);
  } catch (error) {
    // The instance has an incident with the reason; the other timers continue.
    if (!(error instanceof InterpretationError)) throw driverError(error);
  }
}
