import { type SQL, sql } from 'drizzle-orm';
import type { Db } from './client.ts';
import { encodeSignal, notifyChannel, type Signal } from './signals.ts';

/** Runs raw SQL and returns its rows; drizzle's `execute` answers differently on each driver. */
export async function selectRows<Row>(db: Db, query: SQL): Promise<Row[]> {
  const result: unknown = await db.execute(query);
  if (Array.isArray(result)) return result as Row[];
  return (result as { rows: Row[] }).rows;
}

/** Wakes the listeners of a signal on all replicas; inside a transaction, once it commits. */
export async function notify(db: Db, signal: Signal, payload = ''): Promise<void> {
  await db.execute(sql`select pg_notify(${notifyChannel}, ${encodeSignal(signal, payload)})`);
}
