import { sql } from 'drizzle-orm';
import type { Db } from '../../../db/client.ts';
import { selectRows } from '../../../db/query.ts';
import { message } from '../../../words/message.ts';
import { EngineRefusedError, type StartProcessInstance } from '../../engine.ts';
import { missingParameter } from '../../missing-parameter.ts';
import { excessIn } from '../interpreter/bounds.ts';
import { beginInstance } from './begin-instance.ts';
import type { CurrentDefinition } from './definitions.ts';
import type { EngineContext } from './engine-context.ts';

/**
 * Starts an instance, or returns the one that the start already has.
 *
 * @param current newest versions by process id
 * @throws EngineRefusedError
 */
export async function startInstance(
  context: EngineContext,
  current: ReadonlyMap<string, CurrentDefinition>,
  { startId, processDefinitionId, variables, hearsAfter }: StartProcessInstance,
): Promise<string> {
  const { db } = context;
  const definition = current.get(processDefinitionId);
  const refusal = definition && missingParameter(definition.definition, variables);
  if (!definition || refusal) {
    // A repeated id returns its instance, whatever else is in the request.
    const key = await instanceOf(db, startId);
    if (key !== undefined) return key;
    throw new EngineRefusedError(refusal ?? message('start.noSuchProcess', { process: processDefinitionId }));
  }
  const { key: definitionKey, model } = definition;
  if (model.startElementId === undefined) {
    throw new EngineRefusedError(message('start.notByHand', { process: model.name }));
  }
  const excess = excessIn(variables);
  if (excess !== undefined) throw new EngineRefusedError(excess);
  const instance = { definitionKey, model, startId, hearsAfter };
  const key = await beginInstance(context, instance, { kind: 'start', variables });
  if (key !== undefined) return key;
  const existing = await instanceOf(db, startId);
  if (existing === undefined) throw new Error(`the start ${startId} has no instance`);
  return existing;
}

async function instanceOf(db: Db, startId: string): Promise<string | undefined> {
  const [row] = await selectRows<{ key: string }>(
    db,
    sql`select key::text from engine_instances where start_id = ${startId}`,
  );
  return row?.key;
}
