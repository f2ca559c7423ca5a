import type { HistoryEntries } from './history.ts';
import { type Incident, rootToken } from './instance-state.ts';
import { createTreeStore, UnknownVersion, writeTree } from './instance-tree.ts';
import { type Command, interpret, type Outcome, unborn } from './interpreter.ts';
import type { ProcessModel } from './model.ts';
import { type EngineContext, wakeFor } from './run-command.ts';
import { InterpretationError, interpretOrThrow, newInstance, runTree } from './run-tree.ts';
import { insertInstance } from './write-outcome.ts';

export interface NewInstance {
  definitionKey: number;
  model: ProcessModel;
  startId: string;
}

type Start = Extract<Command, { kind: 'start' }>;

/**
 * Makes an instance and takes its first steps. One whose first steps the interpreter cannot take is kept all the same,
 * with the reason.
 *
 * @returns the instance's key; undefined: the start has an instance already
 */
export async function beginInstance(
  context: EngineContext,
  instance: NewInstance,
  command: Start,
): Promise<string | undefined> {
  const { model } = instance;
  try {
    const outcome = interpretOrThrow(() => interpret(model, unborn, command, context.now()));
    const isAlone = !outcome.effects.some(({ kind }) => kind === 'callProcess');
    return isAlone ? await keep(context, instance, outcome) : await beginTree(context, instance, command);
  } catch (error) {
    if (!(error instanceof InterpretationError)) throw error;
    context.logger.error({ err: error, processDefinitionId: model.id }, 'a process instance could not begin');
    return keep(context, instance, unbegun(model, command, error));
  }
}

type FirstOutcome = Pick<Outcome, 'state' | 'status' | 'reason' | 'effects' | 'history'>;

async function keep(
  context: EngineContext,
  { definitionKey, startId }: NewInstance,
  outcome: FirstOutcome,
): Promise<string | undefined> {
  const key = await insertInstance(context.db, { definitionKey, startId }, outcome, context.now());
  if (key !== undefined) wakeFor(context, [{ ...outcome, key }], true);
  return key;
}

/** Of a process that calls others before it waits: all in one transaction. */
async function beginTree(context: EngineContext, instance: NewInstance, command: Start): Promise<string | undefined> {
  const { db, definitions, now } = context;
  const { startId } = instance;
  try {
    const { key, instances } = await db.transaction(async (tx) => {
      const store = createTreeStore(tx, definitions);
      const root = newInstance({ ...instance, key: await store.newKey() }, undefined);
      const instances = await runTree(store, root, command, now());
      const isWritten = await writeTree(tx, { instances, before: new Map(), startId }, now());
      if (isWritten === undefined) throw new HasInstance();
      return { key: root.key, instances };
    });
    wakeFor(context, instances, true);
    return key;
  } catch (error) {
    if (error instanceof HasInstance) return undefined;
    if (!(error instanceof UnknownVersion)) throw error;
    await definitions.get(error.key);
    return beginTree(context, instance, command);
  }
}

function unbegun(model: ProcessModel, { variables }: Start, { message: reason }: InterpretationError): FirstOutcome {
  const incident: Incident = { type: 'ENGINE_FAULT', at: 'wait', reason };
  const tokens = { [rootToken]: { element: model.id, local: variables, incident } };
  const history: HistoryEntries = { entered: [[rootToken, model.id]], stopped: [[rootToken, reason]] };
  return { state: { next: rootToken + 1, tokens }, effects: [], history, status: 'incident', reason };
}

/** Rolls back what was begun for a start that has an instance already. */
class HasInstance extends Error {}
