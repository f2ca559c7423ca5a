import type { SQL } from 'drizzle-orm';
import type { Db } from '../../../db/client.ts';
import { driverError, isUnavailable } from '../../../db/unavailable.ts';
import { reasonOf } from '../../../errors.ts';
import type { Effect } from '../interpreter/effects.ts';
import { type Incident, incidentOf, rootToken } from '../interpreter/instance-state.ts';
import type { Command } from '../interpreter/interpreter.ts';
import { elementAt } from '../interpreter/run.ts';
import { withPending } from './apart-tokens.ts';
import type { EngineContext } from './engine-context.ts';
import {
  createTreeStore,
  type InstanceRow,
  lockInstances,
  type PreparedTree,
  prepareTree,
  treeOf,
  UnknownVersionError,
  writeTree,
} from './instance-tree.ts';
import { InterpretationError } from './interpretation-error.ts';
import { isOver, runTree, type TreeInstance } from './run-tree.ts';
import { freesCorrelationKey, prepareUpdate, updateInstance, writeChange } from './write-outcome.ts';

export interface LockedInstance extends Pick<TreeInstance, 'model' | 'status' | 'revision' | 'state'> {
  /** Whether a call activity called it. */
  isCalled: boolean;
}

export interface CommandOptions {
  /**
   * The work that caused the command and must not be retried endlessly if it fails: the token's job, or the rows that `hold`
   * suspends until the incident is resolved.
   */
  cause?: { token: number; hold?: () => SQL };
  /** The token that the command is about, if there is nothing to suspend. */
  about?: number;
  /** Runs the steps that earlier commands left, even if the instance has ended. */
  isContinued?: true;
}

/**
 * Runs a command on an instance in one transaction: locks the instance, calls `decide`, interprets the command and writes the
 * result.
 *
 * @param decide returns undefined if there is nothing to do (any more)
 * @returns whether there was something to do
 * @throws InterpretationError
 */
export async function runCommand(
  context: EngineContext,
  instanceKey: string,
  decide: (instance: LockedInstance, tx: Db) => Command | undefined | Promise<Command | undefined>,
  options: CommandOptions = {},
): Promise<boolean> {
  const { db, definitions, now } = context;
  const work = () =>
    db.transaction(async (tx) => {
      const rows = await lock(tx, instanceKey, options);
      const instance = treeOf(rows, definitions);
      if (!instance || (isOver(instance) && !options.isContinued)) return undefined;
      const command = await decide({ ...instance, isCalled: instance.caller !== undefined }, tx);
      if (!command) return undefined;
      const before = new Map(rows.map(({ key, status }) => [key, status]));
      let tree: PreparedTree;
      try {
        const instances = await runTree(createTreeStore(tx, context), instance, command, now());
        tree = prepareTree({ instances, before }, now());
      } catch (fault) {
        if (!(fault instanceof InterpretationError)) throw fault;
        // Recorded while the instance is still locked: nothing can happen between the failure and its incident.
        await recordFault(context, tx, rows, fault, options);
        return { fault };
      }
      return { instances: tree.instances, isChange: (await writeTree(tx, tree)) ?? false };
    });
  const outcome = await readingVersions(context, { instanceKey, options }, async () => {
    try {
      return await work();
    } catch (error) {
      const fault = refusalOf(error);
      if (!fault) throw error;
      await recordFaultAlone(context, instanceKey, fault, options);
      return { fault };
    }
  });
  if (!outcome) return false;
  if ('fault' in outcome) {
    tellFault(context, instanceKey, outcome.fault);
    throw outcome.fault;
  }
  wakeFor(context, outcome.instances, outcome.isChange);
  return true;
}

async function lock(
  tx: Db,
  instanceKey: string,
  { cause, about, isContinued }: CommandOptions,
): Promise<InstanceRow[]> {
  const [instance, ...callers] = await lockInstances(tx, instanceKey, cause?.token ?? about);
  if (!instance) return [];
  return [isContinued ? await withPending(tx, instance) : instance, ...callers];
}

/** Repeats the work after reading a version of a process that was not in memory. */
async function readingVersions<Result>(
  context: EngineContext,
  at: { instanceKey: string; options: CommandOptions },
  work: () => Promise<Result>,
): Promise<Result> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof UnknownVersionError)) throw error;
      await readVersion(context, at.instanceKey, error.key, at.options);
    }
  }
}

const dueEffects = new Set<Effect['kind']>(['openJob', 'releaseJob', 'openTimer', 'moveTimer']);
const eventEffects = new Set<Effect['kind']>(['openSubscription', 'closeSubscription', 'broadcast']);

/** Wakes the workers that have work now, and logs new incidents. */
export function wakeFor(
  { wake, logger, metrics }: EngineContext,
  instances: readonly Pick<TreeInstance, 'key' | 'effects' | 'status' | 'reason' | 'state'>[],
  isChange: boolean,
): void {
  const has = (kinds: Set<Effect['kind']>) =>
    instances.some(({ effects }) => effects.some(({ kind }) => kinds.has(kind)));
  if (has(dueEffects) || instances.some(({ state }) => state.pending)) wake('engine_due');
  if (has(eventEffects) || instances.some(freesCorrelationKey)) wake('engine_events');
  if (isChange) wake('engine_changed');
  for (const { key, status, state } of instances) {
    if (status !== 'incident') continue;
    // The log leaves out the reasons: they quote variables and are only for people who may see the instance.
    const incidents = Object.values(state.tokens).flatMap(({ element, incident }) =>
      incident ? [{ elementId: element, type: incident.type }] : [],
    );
    logger.warn({ processInstanceKey: key, incidents }, 'incident');
    metrics.incidents(1);
  }
}

async function readVersion(context: EngineContext, instanceKey: string, key: number, options: CommandOptions) {
  try {
    await context.definitions.get(key);
  } catch (cause) {
    if (isUnavailable(cause)) throw cause;
    const fault = new InterpretationError(reasonOf(cause), { cause });
    await recordFaultAlone(context, instanceKey, fault, options);
    tellFault(context, instanceKey, fault);
    throw fault;
  }
}

async function recordFaultAlone(
  context: EngineContext,
  instanceKey: string,
  fault: InterpretationError,
  options: CommandOptions,
): Promise<void> {
  await context.db.transaction(async (tx) => {
    await recordFault(context, tx, await lock(tx, instanceKey, options), fault, options);
  });
}

/** SQLSTATE classes of errors caused by the data: invalid values, violated constraints, exceeded limits. */
const refusals = /^(22|23|54)...$/;

/** Converts a database error that another attempt would meet again: the cause lies in the instance, not in the database. */
function refusalOf(error: unknown): InterpretationError | undefined {
  if (error instanceof RangeError) {
    return new InterpretationError(reasonOf(error), { cause: error });
  }
  const cause = driverError(error);
  if (!(cause instanceof Error) || !('code' in cause) || !refusals.test(String(cause.code))) return undefined;
  return new InterpretationError(`the database cannot keep what it has come to: ${cause.message}`, { cause });
}

/**
 * Suspends the cause of a failed command and records an incident in the instance's state. The caller has locked the instance.
 */
export async function recordFault(
  context: EngineContext,
  tx: Db,
  [instance, ...callers]: InstanceRow[],
  fault: InterpretationError,
  { cause }: CommandOptions,
): Promise<void> {
  if (!instance || isOver(instance)) return;
  const { now } = context;
  const key = cause?.token ?? rootToken;
  const token = instance.state.tokens[key];
  // Another command ended the token meanwhile: there is nothing left that needs an incident.
  if (!token) return;
  const reason = cause ? `${titleOf(context, instance, key)}${fault.message}` : fault.message;
  const incident: Incident = { type: 'ENGINE_FAULT', at: 'wait', reason };
  const state = { ...instance.state, tokens: { ...instance.state.tokens, [key]: { ...token, incident } } };
  const effects: Effect[] =
    cause && cause.hold === undefined ? [{ kind: 'holdJob', token: cause.token, error: reason }] : [];
  const history = { stopped: [[key, reason] satisfies [number, string]] };
  const { key: instanceKey, revision, stored } = instance;
  const outcome = { state, stored, effects, history, status: 'incident' as const, reason: incidentOf(state)?.reason };
  const root = callers.at(-1);
  await updateInstance(tx, prepareUpdate({ ...outcome, instanceKey, revision: revision + 1, isChange: !root }, now()));
  if (root) await writeChange(tx, root.key);
  if (cause?.hold) await tx.execute(cause.hold());
}

/** `User task “Ask” (ask): `, if the process can be read. */
function titleOf({ definitions }: EngineContext, { definitionKey, state }: InstanceRow, token: number): string {
  const model = definitions.peek(definitionKey)?.model;
  return model ? `${elementAt({ model, state }, token).title}: ` : '';
}

export function tellFault({ logger, wake }: EngineContext, processInstanceKey: string, err: InterpretationError): void {
  logger.error({ err, processInstanceKey }, 'a command on a process instance failed');
  wake('engine_changed');
}
