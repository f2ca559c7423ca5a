import type { SQL } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import type { Db } from './client.ts';

/** Runs raw SQL and returns its rows. */
export async function selectRows<Row>(db: Db, query: SQL): Promise<Row[]> {
  return rowsOf(await db.execute(query));
}

/** A statement that is built already, and runs with a value for each of its `sql.placeholder`s. */
export type Statement = <Row>(db: Db, values: Readonly<Record<string, unknown>>) => Promise<Row[]>;

/**
 * Builds a statement's text once, for what runs very often: drizzle builds it anew for every run otherwise, which for a
 * statement of several parts takes longer than sending it.
 */
export function statement(query: SQL): Statement {
  const built = new PgDialect().sqlToQuery(query);
  return async <Row>(db: Db, values: Readonly<Record<string, unknown>>) =>
    rowsOf<Row>(await db._.session.prepareQuery(built, undefined, undefined, false).execute(values));
}

/** drizzle answers differently on each driver. */
function rowsOf<Row>(result: unknown): Row[] {
  return Array.isArray(result) ? (result as Row[]) : (result as { rows: Row[] }).rows;
}
