import type { SQL } from 'drizzle-orm';
import type { Db } from '../../../db/client.ts';
import { isUnavailable } from '../../../db/unavailable.ts';
import { reasonOf } from '../../../errors.ts';
import type { Logger } from '../../../logger.ts';
import type { Effect } from '../interpreter/effects.ts';
import { incidentOf, rootToken } from '../interpreter/instance-state.ts';
import type { Command } from '../interpreter/interpreter.ts';
import type { DefinitionCache } from './definitions.ts';
import {
  createTreeStore,
  type InstanceRow,
  lockInstances,
  treeOf,
  UnknownVersion,
  writeTree,
} from './instance-tree.ts';
import { InterpretationError, isOver, runTree, type TreeInstance } from './run-tree.ts';
import { freesCorrelationKey, updateInstance, writeChange } from './write-outcome.ts';

/** What the engine's parts share. */
export interface EngineContext {
  db: Db;
  definitions: DefinitionCache;
  logger: Logger;
  now: () => Date;
  /** Wakes the workers, here and on other replicas. */
  wake(signal: 'engine_due' | 'engine_changed' | 'engine_events'): void;
}

export interface LockedInstance extends Pick<TreeInstance, 'model' | 'status' | 'revision' | 'state'> {
  /** Whether a call activity called it. */
  isCalled: boolean;
}

export interface CommandOptions {
  /** Slack id of who completes the task. */
  completedBy?: string;
  /**
   * What the command is about, not to be tried again and again if it cannot be done: the token's job, or else what `hold`
   * puts off until the incident is resolved.
   */
  cause?: { token: number; hold?: () => SQL };
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
  const { db, definitions, now } = context;
  const outcome = await readingVersions(context, { instanceKey, options }, () =>
    db.transaction(async (tx) => {
      const rows = await lockInstances(tx, instanceKey);
      const instance = treeOf(rows, definitions);
      if (!instance || isOver(instance)) return undefined;
      const command = await decide({ ...instance, isCalled: instance.caller !== undefined }, tx);
      if (!command) return undefined;
      const before = new Map(rows.map(({ key, status }) => [key, status]));
      const store = createTreeStore(tx, definitions);
      let instances: TreeInstance[];
      try {
        instances = await runTree(store, instance, command, now());
      } catch (fault) {
        if (!(fault instanceof InterpretationError)) throw fault;
        // Kept with the instance still locked: nothing can come between the failure and its incident.
        await recordFault(context, tx, rows, fault, options);
        return { fault };
      }
      const { completedBy } = options;
      const tree = { instances, before, ...(completedBy !== undefined && { completedBy }) };
      return { instances, isChange: (await writeTree(tx, tree, now())) ?? false };
    }),
  );
  if (!outcome) return false;
  if ('fault' in outcome) {
    tellFault(context, instanceKey, outcome.fault);
    throw outcome.fault;
  }
  wakeFor(context, outcome.instances, outcome.isChange);
  return true;
}

/** Does it again, with the version in memory, where a version of a process was not. */
async function readingVersions<Result>(
  context: EngineContext,
  at: { instanceKey: string; options: CommandOptions },
  work: () => Promise<Result>,
): Promise<Result> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof UnknownVersion)) throw error;
      await readVersion(context, at.instanceKey, error.key, at.options);
    }
  }
}

const dueEffects = new Set<Effect['kind']>(['openJob', 'releaseJob', 'openTimer', 'moveTimer']);
const eventEffects = new Set<Effect['kind']>(['openSubscription', 'closeSubscription', 'broadcast']);

/** Wakes the workers that have something to do now, and logs what has stopped. */
export function wakeFor(
  { wake, logger }: EngineContext,
  instances: readonly Pick<TreeInstance, 'key' | 'effects' | 'status' | 'reason' | 'state'>[],
  isChange: boolean,
): void {
  const has = (kinds: Set<Effect['kind']>) =>
    instances.some(({ effects }) => effects.some(({ kind }) => kinds.has(kind)));
  if (has(dueEffects)) wake('engine_due');
  if (has(eventEffects) || instances.some(freesCorrelationKey)) wake('engine_events');
  if (isChange) wake('engine_changed');
  for (const { key, status, state } of instances) {
    if (status !== 'incident') continue;
    // Reasons quote variables; they are for the people who see the instance.
    const incidents = Object.values(state.tokens).flatMap(({ element, incident }) =>
      incident ? [{ elementId: element, type: incident.type }] : [],
    );
    logger.warn({ processInstanceKey: key, incidents }, 'incident');
  }
}

async function readVersion(context: EngineContext, instanceKey: string, key: number, options: CommandOptions) {
  try {
    await context.definitions.get(key);
  } catch (cause) {
    if (isUnavailable(cause)) throw cause;
    const fault = new InterpretationError(reasonOf(cause), { cause });
    await context.db.transaction(async (tx) => {
      await recordFault(context, tx, await lockInstances(tx, instanceKey), fault, options);
    });
    tellFault(context, instanceKey, fault);
    throw fault;
  }
}

/**
 * What the command was about stays, held, and the instance's state says why, so that no later command takes it for
 * mended. The caller has locked the instance.
 */
export async function recordFault(
  { now }: EngineContext,
  tx: Db,
  [instance, ...callers]: InstanceRow[],
  fault: InterpretationError,
  { cause }: CommandOptions,
): Promise<void> {
  if (!instance || isOver(instance)) return;
  const state = structuredClone(instance.state);
  const token = state.tokens[cause?.token ?? rootToken];
  // Something else ended what it was about: nothing is left that could not go on.
  if (!token) return;
  token.incident = { type: 'ENGINE_FAULT', at: 'wait', reason: fault.message };
  const effects: Effect[] =
    cause && cause.hold === undefined ? [{ kind: 'holdJob', token: cause.token, error: fault.message }] : [];
  const history = { stopped: [[cause?.token ?? rootToken, fault.message] satisfies [number, string]] };
  const { key: instanceKey, revision } = instance;
  const outcome = { state, effects, history, status: 'incident' as const, reason: incidentOf(state)?.reason };
  const root = callers.at(-1);
  await updateInstance(tx, { ...outcome, instanceKey, revision: revision + 1, isChange: !root }, now());
  if (root) await writeChange(tx, root.key);
  if (cause?.hold) await tx.execute(cause.hold());
}

export function tellFault({ logger, wake }: EngineContext, processInstanceKey: string, err: InterpretationError): void {
  logger.error({ err, processInstanceKey }, 'a command on a process instance failed');
  wake('engine_changed');
}
