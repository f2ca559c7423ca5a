import { randomUUID } from 'node:crypto';
import { and, asc, eq, getTableColumns, inArray, sql } from 'drizzle-orm';
import type { PgUpdateSetSource } from 'drizzle-orm/pg-core';
import type { Db } from '../db/client.ts';
import { selectRows } from '../db/query.ts';
import { liveChats } from '../live-chats/tables.ts';
import type { BindingEvent, BindingPolicy } from './binding-kinds.ts';
import { presetReaction } from './reactions.ts';
import { bindings } from './tables.ts';
import { presetWait } from './wait.ts';

export type Binding = typeof bindings.$inferSelect;
export type ActiveBinding = Binding & { isProcessOff: boolean };

const isProcessOff = sql<boolean>`exists (
  select from switched_off_processes off where off.process_definition_id = bindings.process_definition_id)`;

/** All bindings of a live chat; those of one event in the order in which they are tried. */
export async function listBindings(db: Db, teamId: string, liveChatId: string): Promise<Binding[]> {
  const rows = await db
    .select({ binding: bindings })
    .from(bindings)
    .innerJoin(liveChats, eq(bindings.liveChatId, liveChats.id))
    .where(and(eq(liveChats.teamId, teamId), eq(liveChats.id, liveChatId)))
    .orderBy(asc(bindings.position), asc(bindings.createdAt), asc(bindings.id));
  return rows.map((row) => row.binding);
}

/** The enabled bindings of a live chat; those of one event in the order in which they are tried. */
export async function listActiveBindings(
  db: Db,
  liveChatId: string,
  events: readonly BindingEvent[],
): Promise<ActiveBinding[]> {
  return db
    .select({ ...getTableColumns(bindings), isProcessOff: isProcessOff.as('is_process_off') })
    .from(bindings)
    .where(and(eq(bindings.liveChatId, liveChatId), inArray(bindings.event, [...events]), eq(bindings.isOn, true)))
    .orderBy(asc(bindings.position), asc(bindings.createdAt), asc(bindings.id));
}

/** The events that enabled bindings are for, by live chat of the workspace. */
export async function listBoundEvents(
  db: Db,
  teamId: string,
): Promise<{ liveChatId: string; event: BindingEvent; processName: string }[]> {
  return db
    .select({ liveChatId: bindings.liveChatId, event: bindings.event, processName: bindings.processName })
    .from(bindings)
    .innerJoin(liveChats, eq(bindings.liveChatId, liveChats.id))
    .where(and(eq(liveChats.teamId, teamId), eq(bindings.isOn, true)))
    .orderBy(asc(bindings.position), asc(bindings.createdAt), asc(bindings.id));
}

/** The live chats of the workspace whose enabled bindings start these processes, by name. */
export async function listBoundLiveChats(
  db: Db,
  teamId: string,
  processDefinitionIds: readonly string[],
): Promise<{ processDefinitionId: string; liveChatName: string }[]> {
  const { processDefinitionId } = bindings;
  return db
    .selectDistinct({ processDefinitionId, liveChatName: liveChats.name })
    .from(bindings)
    .innerJoin(liveChats, eq(bindings.liveChatId, liveChats.id))
    .where(
      and(
        eq(liveChats.teamId, teamId),
        eq(bindings.isOn, true),
        inArray(processDefinitionId, [...processDefinitionIds]),
      ),
    )
    .orderBy(asc(liveChats.name));
}

/** A process, and the properties that fill its parameters. */
export type BoundProcess = Pick<Binding, 'processDefinitionId' | 'processName' | 'parameters' | 'mapping'>;

/** When a binding starts its process. */
export type BindingTerms = Pick<
  Binding,
  'waitMinutes' | 'waitsInHours' | 'reaction' | 'conditions' | 'policy' | 'policyMinutes' | 'skipsAwaited' | 'stops'
>;

/** `id`: chosen by the caller, so that a binding that is added twice is there once. */
type NewBinding = Pick<Binding, 'liveChatId' | 'event'> &
  BoundProcess &
  Partial<BindingTerms> & { id?: string | undefined };

/**
 * Binds a process to an event, after the event's other bindings. The caller has checked that the live chat belongs to the team.
 * Returns the binding's id.
 */
export async function addBinding(db: Db, binding: NewBinding): Promise<string> {
  const { liveChatId, event, id = randomUUID() } = binding;
  const position = sql`(select coalesce(max(position) + 1, 0) from bindings
    where live_chat_id = ${liveChatId}::uuid and event = ${event})`;
  await db
    .insert(bindings)
    .values({ ...binding, id, position, armedAt: sql`now()` })
    .onConflictDoNothing();
  return id;
}

/** Replaces the bound process, or the mapping of its parameters. Returns false if the binding is gone. */
export async function changeBoundProcess(
  db: Db,
  teamId: string,
  { id, liveChatId, ...process }: Pick<Binding, 'id' | 'liveChatId'> & BoundProcess,
): Promise<boolean> {
  const { processDefinitionId, processName, parameters, mapping } = process;
  return change(db, teamId, { id, liveChatId }, { processDefinitionId, processName, parameters, mapping });
}

/** Changes when a binding starts its process. Returns false if the binding is gone. */
export async function changeTerms(
  db: Db,
  teamId: string,
  { id, liveChatId, ...terms }: Pick<Binding, 'id' | 'liveChatId'> & BindingTerms,
): Promise<boolean> {
  const { waitMinutes, waitsInHours, reaction, conditions, policy, policyMinutes, skipsAwaited, stops } = terms;
  const when = { waitMinutes, waitsInHours, reaction, conditions };
  return change(db, teamId, { id, liveChatId }, { ...when, policy, policyMinutes, skipsAwaited, stops });
}

/** Switches a binding on or off. Returns false if the binding is gone. */
export async function switchBinding(
  db: Db,
  teamId: string,
  { id, liveChatId, isOn }: Pick<Binding, 'id' | 'liveChatId' | 'isOn'>,
): Promise<boolean> {
  return change(db, teamId, { id, liveChatId }, { isOn, ...(isOn ? { armedAt: sql`now()` } : {}) });
}

/** Moves a binding to index `place` (from 0) among those of its event. */
export async function moveBinding(
  db: Db,
  { id, liveChatId, event }: Pick<Binding, 'id' | 'liveChatId' | 'event'>,
  place: number,
): Promise<void> {
  await selectRows(
    db,
    sql`update bindings set position = placed.position, revision = revision + 1
      from (select id, row_number() over (order by wanted, is_moved desc) - 1 as position
        from (select id, id = ${id}::uuid as is_moved,
            case when id = ${id}::uuid then ${place}::int else row_number() over (
              partition by id = ${id}::uuid order by position, created_at, id) - 1 end as wanted
          from bindings where live_chat_id = ${liveChatId}::uuid and event = ${event}) as ordered) as placed
      where bindings.id = placed.id and bindings.position <> placed.position
      returning bindings.id`,
  );
}

/** Returns false if the binding is gone. */
export async function deleteBinding(
  db: Db,
  teamId: string,
  { id, liveChatId }: Pick<Binding, 'id' | 'liveChatId'>,
): Promise<boolean> {
  const deleted = await db
    .delete(bindings)
    .where(isTheOne(db, teamId, { id, liveChatId }))
    .returning({ id: bindings.id });
  return deleted.length > 0;
}

/** Increments the revision of every binding of this process, so that cached copies become invalid. */
export async function outdateBindingsOf(db: Db, processDefinitionId: string): Promise<void> {
  await db
    .update(bindings)
    .set({ revision: sql`${bindings.revision} + 1` })
    .where(eq(bindings.processDefinitionId, processDefinitionId));
}

async function change(
  db: Db,
  teamId: string,
  which: Pick<Binding, 'id' | 'liveChatId'>,
  values: PgUpdateSetSource<typeof bindings>,
): Promise<boolean> {
  const changed = await db
    .update(bindings)
    .set({ ...values, revision: sql`${bindings.revision} + 1` })
    .where(isTheOne(db, teamId, which))
    .returning({ id: bindings.id });
  return changed.length > 0;
}

function isTheOne(db: Db, teamId: string, { id, liveChatId }: Pick<Binding, 'id' | 'liveChatId'>) {
  const ofTeam = db.select({ id: liveChats.id }).from(liveChats).where(eq(liveChats.teamId, teamId));
  return and(eq(bindings.id, id), eq(bindings.liveChatId, liveChatId), inArray(bindings.liveChatId, ofTeam));
}

/** The terms of a new binding for an event. */
export function presetTerms(event: BindingEvent): BindingTerms {
  const isMessage = event === 'message_received';
  const policy: BindingPolicy = isMessage ? 'not_while_running' : 'every_time';
  const reaction = event === 'reaction_added' ? presetReaction : null;
  const wait = { waitMinutes: presetWait(event), waitsInHours: false };
  return { ...wait, reaction, conditions: null, policy, policyMinutes: null, skipsAwaited: isMessage, stops: false };
}
