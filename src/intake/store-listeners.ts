import { sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import type { ProcessEngine } from '../engines/engine.ts';
import { messageReceived, sessionClosed } from './tell-processes.ts';

/** Stores which processes may wait for messages about conversations, so that events are published to those only. */
export async function storeListeners(db: Db, engine: Pick<ProcessEngine, 'findMessageReceivers'>): Promise<void> {
  for (const name of [messageReceived, sessionClosed]) {
    const { processDefinitionIds, withoutStart } = await engine.findMessageReceivers(name);
    const ids = JSON.stringify(withoutStart ? [...processDefinitionIds, '*'] : processDefinitionIds);
    await db.transaction(async (tx) => {
      await tx.execute(sql`delete from conversation_listeners where message_name = ${name}
        and process_definition_id <> all (array(select jsonb_array_elements_text(${ids}::jsonb)))`);
      await tx.execute(sql`insert into conversation_listeners (message_name, process_definition_id)
        select ${name}, id from jsonb_array_elements_text(${ids}::jsonb) id on conflict do nothing`);
    });
  }
}
