import { sql } from 'drizzle-orm';
import type { Db } from '../../db/client.ts';
import { selectRows } from '../../db/query.ts';
import { reasonOf } from '../../errors.ts';
import type { Logger } from '../../logger.ts';
import type { DefinitionCache } from './definitions.ts';
import type { Effect } from './effects.ts';
import type { InstanceState } from './instance-state.ts';
import { type Command, interpret, type Outcome } from './interpreter.ts';
import type { ProcessModel } from './model.ts';
import { isUnavailable } from './unavailable.ts';
import { instant, updateInstance } from './write-outcome.ts';

/** What the engine's parts share. */
export interface EngineContext {
  db: Db;
  definitions: DefinitionCache;
  logger: Logger;
  now: () => Date;
  /** Wakes the workers, here and on other replicas. */
  wake(signal: 'engine_due' | 'engine_changed'): void;
}

export interface LockedInstance {
  model: ProcessModel;
  status: Outcome['status'];
  revision: number;
  state: InstanceState;
}

interface InstanceRow extends Omit<LockedInstance, 'model'> {
  definitionKey: number;
}

export interface CommandOptions {
  /** Slack id of who completes the task. */
  completedBy?: string;
  /** The job or timer that the command is about: what may not be tried again and again if it cannot be carried out. */
  cause?: { token: number; timer?: string };
}

/** The interpreter failed, which is a fault of its own or of the process; the instance has an incident that says so. */
export class InterpretationError extends Error {
  override readonly name = 'InterpretationError';
}

/** A version that is not in memory; outside the transaction it can be read. */
class UnknownVersion extends Error {
  readonly key: number;
  constructor(key: number) {
    super(`process version ${key} is not loaded`);
    this.key = key;
  }
}

/**
 * Carries out a command on an instance in one transaction: locks it, lets `decide` look at it, interprets and writes.
 *
 * @param decide undefined: there is nothing to do (any more)
 * @returns whether there was something to do
 * @throws InterpretationError
 */
export async function runCommand(
  context: EngineContext,
  instanceKey: string,
  decide: (instance: LockedInstance, tx: Db) => Command | undefined | Promise<Command | undefined>,
  options: CommandOptions = {},
): Promise<boolean> {
  const { db, definitions, logger, now } = context;
  try {
    const outcome = await db.transaction(async (tx) => {
      const instance = await lockInstance(tx, instanceKey);
      if (!instance || instance.status === 'completed' || instance.status === 'terminated') return undefined;
      const definition = definitions.peek(instance.definitionKey);
      if (!definition) throw new UnknownVersion(instance.definitionKey);
      const command = await decide({ ...instance, model: definition.model }, tx);
      if (!command) return undefined;
      const outcome = interpretOrThrow(() => interpret(definition.model, instance.state, command, now()));
      const isChange = outcome.status !== instance.status || outcome.effects.some(isTaskEffect);
      const revision = instance.revision + 1;
      const { completedBy } = options;
      await updateInstance(
        tx,
        { ...outcome, instanceKey, revision, isChange, ...(completedBy && { completedBy }) },
        now(),
      );
      return { ...outcome, isChange };
    });
    if (!outcome) return false;
    wakeFor(context, outcome.effects, outcome.isChange);
    if (outcome.status === 'incident')
      logger.warn({ processInstanceKey: instanceKey, reason: outcome.reason }, 'incident');
    return true;
  } catch (error) {
    if (error instanceof UnknownVersion) {
      await readVersion(context, instanceKey, error.key, options);
      return runCommand(context, instanceKey, decide, options);
    }
    if (error instanceof InterpretationError) await recordFailure(context, instanceKey, error, options);
    throw error;
  }
}

export function wakeFor(context: EngineContext, effects: Effect[], isChange: boolean): void {
  if (effects.some(({ kind }) => kind === 'openJob' || kind === 'openTimer')) context.wake('engine_due');
  if (isChange) context.wake('engine_changed');
}

export function interpretOrThrow(work: () => Outcome): Outcome {
  try {
    return work();
  } catch (cause) {
    throw new InterpretationError(reasonOf(cause), { cause });
  }
}

const isTaskEffect = ({ kind }: Effect) => kind === 'openTask' || kind === 'closeTask';

async function lockInstance(tx: Db, key: string): Promise<InstanceRow | undefined> {
  const rows = await selectRows<Omit<InstanceRow, 'definitionKey'> & { definitionKey: string }>(
    tx,
    sql`select definition_key::text as "definitionKey", status, revision, state
        from engine_instances where key = ${key}::bigint for update`,
  );
  return rows[0] && { ...rows[0], definitionKey: Number(rows[0].definitionKey) };
}

async function readVersion(context: EngineContext, instanceKey: string, key: number, options: CommandOptions) {
  try {
    await context.definitions.get(key);
  } catch (cause) {
    if (isUnavailable(cause)) throw cause;
    const error = new InterpretationError(reasonOf(cause), { cause });
    await recordFailure(context, instanceKey, error, options);
    throw error;
  }
}

/** The command was rolled back: what it was about stays, held, and the instance says why. */
async function recordFailure(
  { db, logger, now, wake }: EngineContext,
  instanceKey: string,
  error: InterpretationError,
  { cause }: CommandOptions,
): Promise<void> {
  logger.error({ err: error, processInstanceKey: instanceKey }, 'a command on a process instance failed');
  await db.transaction(async (tx) => {
    await tx.execute(sql`with i as (
        update engine_instances set status = 'incident', reason = ${error.message}, revision = revision + 1
        where key = ${instanceKey}::bigint and status in ('active', 'incident') returning key, revision)
      insert into engine_changes (instance_key, revision, due_at) select key, revision, ${instant(now())} from i
      on conflict (instance_key) do update set revision = excluded.revision`);
    if (!cause) return;
    const isCause = sql`instance_key = ${instanceKey}::bigint and token = ${cause.token}::int`;
    if (cause.timer === undefined) {
      await tx.execute(sql`update engine_jobs set due_at = null, last_error = ${error.message} where ${isCause}`);
    } else {
      await tx.execute(
        sql`update engine_timers set leased_until = 'infinity' where ${isCause} and element_id = ${cause.timer}`,
      );
    }
  });
  wake('engine_changed');
}
