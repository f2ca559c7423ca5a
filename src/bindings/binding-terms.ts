import { inArray, sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import type { Binding } from './queries.ts';
import { bindingTerms } from './tables.ts';

/** A revision of a binding, as it is kept. */
export type BindingTerms = typeof bindingTerms.$inferSelect;

/** Keeps what bindings say now, where it is not kept already. Returns its ids by those of the bindings. */
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
      // Changes nothing: it has the row returned.
      set: { revision: sql`excluded.revision` },
    })
    .returning({ id: bindingTerms.id, bindingId: bindingTerms.bindingId });
  return new Map(kept.map(({ id, bindingId }) => [bindingId, id]));
}

/** By id. */
export async function readTerms(db: Db, ids: readonly number[]): Promise<Map<number, BindingTerms>> {
  if (ids.length === 0) return new Map();
  const kept = await db
    .select()
    .from(bindingTerms)
    .where(inArray(bindingTerms.id, [...ids]));
  return new Map(kept.map((terms) => [terms.id, terms]));
}
