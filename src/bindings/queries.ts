import { and, eq, inArray } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import { bindings, liveChats } from '../db/schema.ts';

export type Binding = typeof bindings.$inferSelect;
export type BindingEvent = Binding['event'];

/** What happens in a session that can start a process, in the order people see. */
export const bindingEvents = [
  'session_created',
  'message_received',
  'session_closed',
] as const satisfies BindingEvent[];

/** The processes that events of this live chat start, at most one an event. */
export async function listBindings(db: Db, teamId: string, liveChatId: string): Promise<Binding[]> {
  const rows = await db
    .select({ binding: bindings })
    .from(bindings)
    .innerJoin(liveChats, eq(bindings.liveChatId, liveChats.id))
    .where(and(eq(liveChats.teamId, teamId), eq(liveChats.id, liveChatId)));
  return rows.map((row) => row.binding);
}

/** Which events are bound in each live chat of the workspace. */
export async function listBoundEvents(
  db: Db,
  teamId: string,
): Promise<{ liveChatId: string; event: BindingEvent; processName: string }[]> {
  return db
    .select({ liveChatId: bindings.liveChatId, event: bindings.event, processName: bindings.processName })
    .from(bindings)
    .innerJoin(liveChats, eq(bindings.liveChatId, liveChats.id))
    .where(eq(liveChats.teamId, teamId));
}

/** Binds a process to an event, in place of what was bound to it. The caller has checked that the live chat is the team's. */
export async function saveBinding(
  db: Db,
  binding: Pick<Binding, 'liveChatId' | 'event' | 'processDefinitionId' | 'processName' | 'parameters' | 'mapping'>,
): Promise<void> {
  const { processDefinitionId, processName, parameters, mapping } = binding;
  await db
    .insert(bindings)
    .values(binding)
    .onConflictDoUpdate({
      target: [bindings.liveChatId, bindings.event],
      set: { processDefinitionId, processName, parameters, mapping },
    });
}

export async function deleteBinding(db: Db, teamId: string, liveChatId: string, event: BindingEvent): Promise<void> {
  const ofTeam = db.select({ id: liveChats.id }).from(liveChats).where(eq(liveChats.teamId, teamId));
  await db
    .delete(bindings)
    .where(and(eq(bindings.liveChatId, liveChatId), eq(bindings.event, event), inArray(bindings.liveChatId, ofTeam)));
}
