import { sql } from 'drizzle-orm';
import { type Claimed, dueQueue } from '../../../db/due-queue.ts';
import type { QueuedWork } from '../../../db/queue-worker.ts';
import { driverError } from '../../../db/unavailable.ts';
import type { EngineContext } from '../instances/engine-context.ts';
import { InterpretationError } from '../instances/interpretation-error.ts';
import { runCommand } from '../instances/run-command.ts';
import { setAsideWork } from '../instances/set-aside-work.ts';
import { rootToken } from '../interpreter/instance-state.ts';

interface Pending {
  instanceKey: string;
  key: string;
}

const pending = dueQueue<Pending>({
  table: 'engine_instances',
  key: ['key'],
  prefix: 'continue_',
  columns: sql`key::text, key::text as "instanceKey"`,
  finished: 'clear',
});

/** Continues instances with pending steps. */
export function continueWork(context: EngineContext, leaseMs: number): QueuedWork<Pending> {
  return {
    queue: pending,
    leaseMs,
    handle: (instance) => goOn(context, instance),
    setAside: ({ instanceKey }, reason) =>
      setAsideWork(context, { instanceKey, token: rootToken }, reason, () => holdUntilResolved(instanceKey)),
    ids: ({ instanceKey }) => ({ processInstanceKey: instanceKey }),
  };
}

/** Suspends the instance; the command that resolves the incident makes it due again. */
const holdUntilResolved = (instanceKey: string) =>
  sql`update engine_instances set continue_due_at = null, continue_unfinished = 0 where key = ${instanceKey}::bigint`;

async function goOn(context: EngineContext, instance: Claimed<Pending>): Promise<void> {
  try {
    const isContinued = await runCommand(
      context,
      instance.instanceKey,
      ({ state }) => (state.pending && !state.tokens[rootToken]?.incident ? { kind: 'continue' } : undefined),
      { isContinued: true },
    );
    if (!isContinued) await pending.finish(context.db, instance);
  } catch (error) {
    // The instance has an incident with the reason, and continues once that is resolved.
    if (!(error instanceof InterpretationError)) throw driverError(error);
  }
}
