import { sql } from 'drizzle-orm';
import type { Db } from '../../db/client.ts';
import { selectRows } from '../../db/query.ts';
import { reasonOf } from '../../errors.ts';
import type { Logger } from '../../logger.ts';
import type { DefinitionCache } from './definitions.ts';
import type { Effect } from './effects.ts';
import { type InstanceState, incidentOf, rootToken } from './instance-state.ts';
import { type Command, interpret, type Outcome } from './interpreter.ts';
import type { ProcessModel } from './model.ts';
import { isUnavailable } from './unavailable.ts';
import { updateInstance } from './write-outcome.ts';

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
  /** What the command is about: a task, job or timer, the latter two not to be tried again and again if it cannot be done. */
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
      let outcome: Outcome;
      try {
        outcome = interpretOrThrow(() => interpret(definition.model, instance.state, command, now()));
      } catch (fault) {
        if (!(fault instanceof InterpretationError)) throw fault;
        // Kept with the instance still locked: nothing can come between the failure and its incident.
        await recordFault(context, tx, instanceKey, instance, fault, options);
        return { fault };
      }
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
    if ('fault' in outcome) {
      tellFault(context, instanceKey, outcome.fault);
      throw outcome.fault;
    }
    wakeFor(context, outcome.effects, outcome.isChange);
    if (outcome.status === 'incident')
      logger.warn({ processInstanceKey: instanceKey, reason: outcome.reason }, 'incident');
    return true;
  } catch (error) {
    if (!(error instanceof UnknownVersion)) throw error;
    await readVersion(context, instanceKey, error.key, options);
    return runCommand(context, instanceKey, decide, options);
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
    const fault = new InterpretationError(reasonOf(cause), { cause });
    await context.db.transaction(async (tx) => {
      const instance = await lockInstance(tx, instanceKey);
      if (instance) await recordFault(context, tx, instanceKey, instance, fault, options);
    });
    tellFault(context, instanceKey, fault);
    throw fault;
  }
}

/**
 * What the command was about stays, held, and the instance's state says why, so that no later command takes it for
 * mended. The caller has locked the instance.
 */
async function recordFault(
  { now }: EngineContext,
  tx: Db,
  instanceKey: string,
  instance: Pick<InstanceRow, 'state' | 'revision' | 'status'>,
  fault: InterpretationError,
  { cause }: CommandOptions,
): Promise<void> {
  if (instance.status === 'completed' || instance.status === 'terminated') return;
  const state = structuredClone(instance.state);
  const token = state.tokens[cause?.token ?? rootToken];
  // Something else ended what it was about: nothing is left that could not go on.
  if (!token) return;
  token.incident = { type: 'ENGINE_FAULT', at: 'wait', reason: fault.message };
  const effects: Effect[] =
    cause && cause.timer === undefined ? [{ kind: 'holdJob', token: cause.token, error: fault.message }] : [];
  const history = { stopped: [[cause?.token ?? rootToken, fault.message] satisfies [number, string]] };
  const outcome: Outcome = { state, effects, history, status: 'incident', reason: incidentOf(state)?.reason };
  await updateInstance(tx, { ...outcome, instanceKey, revision: instance.revision + 1, isChange: true }, now());
  if (cause?.timer === undefined) return;
  await tx.execute(sql`update engine_timers set leased_until = 'infinity'
    where instance_key = ${instanceKey}::bigint and token = ${cause.token}::int and element_id = ${cause.timer}`);
}

function tellFault({ logger, wake }: EngineContext, processInstanceKey: string, err: InterpretationError): void {
  logger.error({ err, processInstanceKey }, 'a command on a process instance failed');
  wake('engine_changed');
}
