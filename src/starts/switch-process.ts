import { outdateBindingsOf } from '../bindings/queries.ts';
import type { Db } from '../db/client.ts';
import { type Switch, setSwitch } from '../engines/switched-off.ts';

/** Switches a process off or on for everything that starts it. Idempotent. */
export async function switchProcess(db: Db, processDefinitionId: string, change: Switch): Promise<void> {
  await db.transaction(async (tx) => {
    await setSwitch(tx, processDefinitionId, change);
    await outdateBindingsOf(tx, processDefinitionId);
  });
}
