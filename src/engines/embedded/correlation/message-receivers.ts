import { sql } from 'drizzle-orm';
import type { Db } from '../../../db/client.ts';
import { selectRows } from '../../../db/query.ts';
import type { MessageReceivers } from '../../engine.ts';
import type { ProcessModel } from '../interpreter/model.ts';

/** Stands for a name that is known only at run time. */
const anyName = '*';

/** The names of the messages that instances of the process may wait for. */
export function receivedMessages({ elements }: ProcessModel): string[] {
  const names = [...elements.values()].flatMap(({ events }) =>
    events.flatMap(({ trigger }) => {
      if (trigger.kind !== 'message') return [];
      return trigger.name.kind === 'static' ? trigger.name.text : anyName;
    }),
  );
  return [...new Set(names)];
}

/** Whether a process calls others, which may wait for messages in its place. */
export const callsProcesses = ({ elements }: ProcessModel): boolean =>
  [...elements.values()].some(({ behaviour }) => behaviour.kind === 'callActivity');

/** Considers all versions: older ones may still run. */
export async function findMessageReceivers(db: Db, messageName: string): Promise<MessageReceivers> {
  const [row] = await selectRows<MessageReceivers>(
    db,
    sql`with receivers as (
        select process_id from engine_definitions where receives && array[${messageName}, ${anyName}]),
      concerned as (
        select process_id from receivers
        union select process_id from engine_definitions where calls and exists (select from receivers))
      select coalesce((select jsonb_agg(process_id order by process_id) from concerned), '[]'::jsonb)
          as "processDefinitionIds",
        exists (select from engine_start_events s
          where (s.kind = 'message' and s.name = ${messageName}) or s.process_id in (select process_id from concerned))
          as "withoutStart"`,
  );
  return row ?? { processDefinitionIds: [], withoutStart: false };
}
