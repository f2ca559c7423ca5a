import { sql } from 'drizzle-orm';
import { selectRows } from '../../../db/query.ts';
import { message } from '../../../words/message.ts';
import { EngineRefusedError } from '../../engine.ts';
import type { CurrentDefinition } from './definitions.ts';
import type { EngineContext } from './engine-context.ts';
import { misfit } from './fits-version.ts';
import { lockInstances } from './instance-tree.ts';
import { isInstanceKey } from './read-instance.ts';

interface StuckRow {
  key: string;
  definitionKey: string;
  processId: string;
}

/**
 * Moves an instance and those that it called, as far as they have incidents, to the newest version of their process. They
 * continue from their current state; elements that have begun keep what they began with.
 *
 * @param current newest versions by process id
 * @throws EngineRefusedError if there is no incident, or the newest version does not fit
 */
export async function moveToNewest(
  context: EngineContext,
  current: ReadonlyMap<string, CurrentDefinition>,
  instanceKey: string,
): Promise<void> {
  const stuck = isInstanceKey(instanceKey) ? await listStuck(context, instanceKey) : [];
  if (stuck.length === 0) throw new EngineRefusedError(message('move.nothingHangs'));
  const behind = stuck.flatMap(({ key, definitionKey, processId }) => {
    const newest = current.get(processId);
    return newest && newest.key !== Number(definitionKey) ? { key, newest } : [];
  });
  if (behind.length === 0) throw new EngineRefusedError(message('move.alreadyNewest'));
  for (const { key, newest } of behind) await move(context, key, newest);
  context.logger.info({ processInstanceKey: instanceKey }, 'moved to the newest version');
  context.wake('engine_changed');
}

function listStuck({ db }: EngineContext, key: string): Promise<StuckRow[]> {
  return selectRows<StuckRow>(
    db,
    sql`select i.key::text, i.definition_key::text as "definitionKey", d.process_id as "processId"
      from engine_instances i join engine_definitions d on d.key = i.definition_key
      where (i.key = ${key}::bigint or i.root_key = ${key}::bigint) and i.status = 'incident' order by i.key`,
  );
}

async function move({ db, definitions }: EngineContext, key: string, newest: CurrentDefinition): Promise<void> {
  await db.transaction(async (tx) => {
    const [row] = await lockInstances(tx, key);
    // It was resolved, moved or ended in the meantime.
    if (row?.status !== 'incident' || row.definitionKey === newest.key) return;
    const old = definitions.peek(row.definitionKey);
    if (!old) throw new EngineRefusedError(message('tryAgain'));
    const reason = misfit(row.state, old.model, newest.model);
    if (reason) throw new EngineRefusedError(reason);
    await tx.execute(
      sql`update engine_instances set definition_key = ${newest.key}::bigint where key = ${key}::bigint`,
    );
  });
}
