import { eq, sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import { bindings, switchedOffProcesses } from '../db/schema.ts';
import type { ProcessDefinition } from '../processes/process-definition.ts';

/** The ids of the processes that nothing starts. */
export async function listSwitchedOff(db: Db): Promise<Set<string>> {
  const rows = await db.select({ id: switchedOffProcesses.processDefinitionId }).from(switchedOffProcesses);
  return new Set(rows.map(({ id }) => id));
}

export function withSwitch(definition: ProcessDefinition, off: ReadonlySet<string>): ProcessDefinition {
  return off.has(definition.id) ? { ...definition, isOff: true } : definition;
}

export async function isSwitchedOff(db: Db, processDefinitionId: string): Promise<boolean> {
  const { processDefinitionId: id } = switchedOffProcesses;
  return (await db.select({ id }).from(switchedOffProcesses).where(eq(id, processDefinitionId))).length > 0;
}

/** Idempotent. What runs goes on. */
export async function switchProcess(
  db: Db,
  { processDefinitionId, isOn, by }: { processDefinitionId: string; isOn: boolean; by: string },
): Promise<void> {
  await db.transaction(async (tx) => {
    if (isOn) {
      const { processDefinitionId: id } = switchedOffProcesses;
      await tx.delete(switchedOffProcesses).where(eq(id, processDefinitionId));
    } else {
      await tx.insert(switchedOffProcesses).values({ processDefinitionId, switchedOffBy: by }).onConflictDoNothing();
    }
    // Copies of them that somebody has are void.
    await tx
      .update(bindings)
      .set({ revision: sql`${bindings.revision} + 1` })
      .where(eq(bindings.processDefinitionId, processDefinitionId));
  });
}
