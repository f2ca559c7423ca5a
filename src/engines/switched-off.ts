import { eq } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import type { ProcessDefinition } from '../processes/process-definition.ts';
import { switchedOffProcesses } from './tables.ts';

export interface Switch {
  isOn: boolean;
  /** Slack user id. */
  by: string;
}

/** Ids of the processes that are switched off. */
export async function listSwitchedOff(db: Db): Promise<Set<string>> {
  const rows = await db.select({ id: switchedOffProcesses.processDefinitionId }).from(switchedOffProcesses);
  return new Set(rows.map(({ id }) => id));
}

/** The definition, marked if it is switched off. `off`: ids of all that are. */
export function withSwitch(definition: ProcessDefinition, off: ReadonlySet<string>): ProcessDefinition {
  return off.has(definition.id) ? { ...definition, isOff: true } : definition;
}

export async function isSwitchedOff(db: Db, processDefinitionId: string): Promise<boolean> {
  const { processDefinitionId: id } = switchedOffProcesses;
  return (await db.select({ id }).from(switchedOffProcesses).where(eq(id, processDefinitionId))).length > 0;
}

/** Idempotent. Running instances continue. */
export async function setSwitch(db: Db, processDefinitionId: string, { isOn, by }: Switch): Promise<void> {
  if (isOn) {
    await db.delete(switchedOffProcesses).where(eq(switchedOffProcesses.processDefinitionId, processDefinitionId));
  } else {
    await db.insert(switchedOffProcesses).values({ processDefinitionId, switchedOffBy: by }).onConflictDoNothing();
  }
}
