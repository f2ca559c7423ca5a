import type { Db } from '../../../db/client.ts';
import type { Effect } from '../interpreter/effects.ts';
import type { HistoryEntries } from '../interpreter/history.ts';
import { type Incident, rootToken } from '../interpreter/instance-state.ts';
import { type Command, initialState, interpret, type Outcome } from '../interpreter/interpreter.ts';
import type { ProcessModel } from '../interpreter/model.ts';
import type { Outside } from '../interpreter/run.ts';
import type { EngineContext } from './engine-context.ts';
import { createTreeStore, prepareTree, UnknownVersionError, writeTree } from './instance-tree.ts';
import { InterpretationError } from './interpretation-error.ts';
import { wakeFor } from './run-command.ts';
import { interpretOrThrow, newInstance, runTree, type TreeInstance, timedBudget } from './run-tree.ts';
import { insertInstances, prepareInsert } from './write-outcome.ts';

export interface NewInstance {
  definitionKey: number;
  model: ProcessModel;
  startId: string;
  /** {@link StartProcessInstance.hearsAfter} */
  hearsAfter: number | undefined;
}

type Start = Extract<Command, { kind: 'start' }>;

/**
 * Creates an instance and takes its first steps. If the interpreter fails, the instance is stored anyway, with an incident.
 *
 * @returns the instance's key; undefined if the start has an instance already
 */
export async function beginInstance(
  context: EngineContext,
  instance: NewInstance,
  command: Start,
): Promise<string | undefined> {
  const { model } = instance;
  try {
    const outcome = interpretOrThrow(() =>
      interpret(model, initialState, command, context.now(), outsideAlone(context), timedBudget()),
    );
    const isAlone = !outcome.effects.some(({ kind }) => together.has(kind));
    return isAlone ? await keep(context, instance, outcome) : await beginTree(context, instance, command);
  } catch (error) {
    if (!(error instanceof InterpretationError)) throw error;
    const key = await insertFailedInstance(context.db, context, instance, command, error).catch(ifInstanceExists);
    if (key !== undefined) context.wake('engine_changed');
    return key;
  }
}

const outsideAlone = ({ doesJobs }: EngineContext): Outside => ({ doesJobs, catches: () => undefined });

/**
 * Stores an instance whose first steps failed, with an incident.
 *
 * @throws InstanceExistsError
 */
export async function insertFailedInstance(
  db: Db,
  { now, logger }: EngineContext,
  { definitionKey, startId, model, hearsAfter }: NewInstance,
  command: Start,
  error: InterpretationError,
): Promise<string> {
  logger.error({ err: error, processDefinitionId: model.id }, 'a process instance could not begin');
  const write = prepareInsert({ definitionKey, startId, hearsAfter }, failedOutcome(model, command, error), now());
  const [inserted] = await insertInstances(db, [write]);
  if (!inserted) throw new InstanceExistsError();
  return inserted.key;
}

function ifInstanceExists(error: unknown): undefined {
  if (!(error instanceof InstanceExistsError)) throw error;
}

type FirstOutcome = Pick<Outcome, 'state' | 'status' | 'reason' | 'effects' | 'history'>;

async function keep(
  context: EngineContext,
  { definitionKey, startId, hearsAfter }: NewInstance,
  outcome: FirstOutcome,
): Promise<string | undefined> {
  const write = prepareInsert({ definitionKey, startId, hearsAfter }, outcome, context.now());
  const inserted = await context.insertInstance(write);
  if (inserted) wakeFor(context, [{ ...outcome, key: inserted.key }], inserted.lease === null);
  return inserted?.key;
}

/** Effects that need more than one statement: they involve other instances or wait for events. */
const together = new Set<Effect['kind']>(['callProcess', 'openSubscription', 'broadcast']);

/** Begins, in one transaction, an instance whose first steps call other processes or involve messages or signals. */
async function beginTree(context: EngineContext, instance: NewInstance, command: Start): Promise<string | undefined> {
  const { db, definitions } = context;
  try {
    const begun = await db.transaction((tx) => beginInside(tx, context, instance, command));
    wakeFor(context, begun.instances, true);
    return begun.key;
  } catch (error) {
    if (!(error instanceof UnknownVersionError)) return ifInstanceExists(error);
    await definitions.get(error.key);
    return beginTree(context, instance, command);
  }
}

/**
 * Begins an instance in the caller's transaction. The caller wakes the workers after the commit.
 *
 * @throws InstanceExistsError, UnknownVersionError, InterpretationError: the transaction must be rolled back
 */
export async function beginInside(
  tx: Db,
  context: EngineContext,
  instance: NewInstance,
  command: Start,
): Promise<{ key: string; instances: TreeInstance[] }> {
  const store = createTreeStore(tx, context);
  const root = newInstance({ ...instance, key: await store.newKey() }, undefined);
  const instances = await runTree(store, root, command, context.now());
  const { startId, hearsAfter } = instance;
  const tree = prepareTree({ instances, before: new Map(), start: { startId, hearsAfter } }, context.now());
  const isWritten = await writeTree(tx, tree);
  if (isWritten === undefined) throw new InstanceExistsError();
  return { key: root.key, instances };
}

function failedOutcome(
  model: ProcessModel,
  { variables, by }: Start,
  { message: reason }: InterpretationError,
): FirstOutcome {
  const incident: Incident = { type: 'ENGINE_FAULT', at: 'wait', reason };
  const startedBy = by && { startedBy: by.elementId };
  const local = { ...variables, ...by?.variables };
  const tokens = { [rootToken]: { element: model.id, local, incident, ...startedBy } };
  const history: HistoryEntries = { entered: [[rootToken, model.id]], stopped: [[rootToken, reason]] };
  return { state: { next: rootToken + 1, tokens }, effects: [], history, status: 'incident', reason };
}

/** Thrown to roll back the transaction if the start has an instance already. */
export class InstanceExistsError extends Error {
  override readonly name = 'InstanceExistsError';
}
