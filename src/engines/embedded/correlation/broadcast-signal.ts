import { sql } from 'drizzle-orm';
import type { Db } from '../../../db/client.ts';
import { storableText } from '../../../storable.ts';
import { type BroadcastSignal, EngineRefusedError } from '../../engine.ts';
import type { EngineContext } from '../instances/engine-context.ts';
import { json } from '../instances/sql-values.ts';
import { excessIn } from '../interpreter/bounds.ts';
import type { Effect } from '../interpreter/effects.ts';
import { maximumName } from '../interpreter/expression.ts';

/** Records a delivery for everything that waits for the signals now, including the changes of this transaction. */
export async function broadcastSignals(tx: Db, effects: readonly Effect[]): Promise<void> {
  for (const effect of effects) {
    if (effect.kind !== 'broadcast') continue;
    const { name, variables } = effect;
    await tx.execute(sql`insert into engine_signal_deliveries
        (instance_key, token, process_id, element_id, variables, due_at)
      select w.*, ${json(variables)}, now() from (
        (select instance_key, token, process_id, element_id from engine_subscriptions
          where kind = 'signal' and name = ${name} order by instance_key, token)
        union all
        select null, null, process_id, element_id from engine_start_events where kind = 'signal' and name = ${name}) w`);
  }
}

/** @throws EngineRefusedError */
export async function broadcastSignal({ db, wake }: EngineContext, signal: BroadcastSignal): Promise<void> {
  const name = storableText(signal.name);
  const { variables } = signal;
  if (name === '' || name.length > maximumName) {
    throw new EngineRefusedError(`A signal's name has 1 to ${maximumName} characters`);
  }
  const excess = excessIn(variables);
  if (excess !== undefined) throw new EngineRefusedError(excess);
  await db.transaction((tx) => broadcastSignals(tx, [{ kind: 'broadcast', name, variables }]));
  wake('engine_events');
}
