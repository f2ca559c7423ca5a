import { inArray, sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import type { Binding } from './queries.ts';
import { bindingTerms } from './tables.ts';

/** The conditions of one revision of a binding, as stored. */
export type BindingTerms = typeof bindingTerms.$inferSelect;

/** Stores the current conditions of bindings that are not stored yet. Returns the ids of the terms by binding id. */
export async function keepTerms(db: Db, bindings: readonly Binding[]): Promise<Map<string, number>> {
  if (bindings.length === 0) return new Map();
  const values = bindings.map(({ id: bindingId, revision, event, processName, conditions }) => ({
    bindingId,
    revision,
    event,
    processName,
    conditions,
  }));
  const kept = await db
    .insert(bindingTerms)
    .values(values)
    .onConflictDoUpdate({
      target: [bindingTerms.bindingId, bindingTerms.revision],
      // Changes nothing, but makes `returning` return the existing row.
      set: { revision: sql`excluded.revision` },
    })
    .returning({ id: bindingTerms.id, bindingId: bindingTerms.bindingId });
  return new Map(kept.map(({ id, bindingId }) => [bindingId, id]));
}

/** Reads terms by their ids. */
export async function readTerms(db: Db, ids: readonly number[]): Promise<Map<number, BindingTerms>> {
  if (ids.length === 0) return new Map();
  const kept = await db
    .select()
    .from(bindingTerms)
    .where(inArray(bindingTerms.id, [...ids]));
  return new Map(kept.map((terms) => [terms.id, terms]));
}
