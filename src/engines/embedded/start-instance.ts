import { sql } from 'drizzle-orm';
import type { Db } from '../../db/client.ts';
import { selectRows } from '../../db/query.ts';
import type { Json, Variables } from '../../processes/value-types.ts';
import { EngineRefusedError, type StartProcessInstance } from '../engine.ts';
import type { CurrentDefinition } from './definitions.ts';
import type { HistoryEntries } from './history.ts';
import { type Incident, rootToken } from './instance-state.ts';
import { interpret, type Outcome, unborn } from './interpreter.ts';
import { type EngineContext, InterpretationError, interpretOrThrow, wakeFor } from './run-command.ts';
import { insertInstance } from './write-outcome.ts';

/**
 * Starts an instance, or finds the one that the start has already.
 *
 * @param current by process id
 * @throws EngineRefusedError
 */
export async function startInstance(
  context: EngineContext,
  current: ReadonlyMap<string, CurrentDefinition>,
  { startId, processDefinitionId, variables }: StartProcessInstance,
): Promise<string> {
  const { db, now, logger } = context;
  const definition = current.get(processDefinitionId);
  const refusal = definition ? missingParameter(definition, variables) : `There is no process "${processDefinitionId}"`;
  if (!definition || refusal) {
    // The same id again returns its instance, whatever else is in the request.
    const key = await instanceOf(db, startId);
    if (key !== undefined) return key;
    throw new EngineRefusedError(refusal);
  }
  const at = now();
  const outcome = firstSteps(context, definition, variables, at);
  const key = await insertInstance(db, startId, definition.key, outcome, at);
  if (key === undefined) {
    const existing = await instanceOf(db, startId);
    if (existing === undefined) throw new Error(`the start ${startId} has no instance`);
    return existing;
  }
  wakeFor(context, outcome.effects, true);
  if (outcome.status === 'incident') logger.warn({ processInstanceKey: key, reason: outcome.reason }, 'incident');
  return key;
}

/** An instance whose first steps the interpreter cannot make is kept all the same, with the reason. */
function firstSteps({ logger }: EngineContext, { model }: CurrentDefinition, variables: Variables, at: Date): Outcome {
  try {
    return interpretOrThrow(() => interpret(model, unborn, { kind: 'start', variables }, at));
  } catch (error) {
    if (!(error instanceof InterpretationError)) throw error;
    logger.error({ err: error, processDefinitionId: model.id }, 'a process instance could not begin');
    const incident: Incident = { type: 'ENGINE_FAULT', at: 'wait', reason: error.message };
    const tokens = { [rootToken]: { element: model.id, local: variables, incident } };
    const history: HistoryEntries = { entered: [[rootToken, model.id]], stopped: [[rootToken, error.message]] };
    return { state: { next: rootToken + 1, tokens }, effects: [], history, status: 'incident', reason: error.message };
  }
}

async function instanceOf(db: Db, startId: string): Promise<string | undefined> {
  const [row] = await selectRows<{ key: string }>(
    db,
    sql`select key::text from engine_instances where start_id = ${startId}`,
  );
  return row?.key;
}

function missingParameter({ definition }: CurrentDefinition, variables: Variables): string | undefined {
  const missing = definition.parameters.find(({ key, required }) => required && isEmpty(variables[key]));
  return missing && `"${missing.label}" (${missing.key}) is required`;
}

function isEmpty(value: Json | undefined): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
}
