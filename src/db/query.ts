import type { SQL } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import type { Db } from './client.ts';

/** Runs raw SQL and returns its rows. */
export async function selectRows<Row>(db: Db, query: SQL): Promise<Row[]> {
  return rowsOf(await db.execute(query));
}

/** A prebuilt statement; running it takes a value for each of its `sql.placeholder`s. */
export type Statement = <Row>(db: Db, values: Readonly<Record<string, unknown>>) => Promise<Row[]>;

/**
 * Builds a statement's text once, for statements that run very often. Otherwise drizzle builds it for every run, which takes
 * longer than sending it if it has several parts.
 */
export function statement(query: SQL): Statement {
  const built = new PgDialect().sqlToQuery(query);
  return async <Row>(db: Db, values: Readonly<Record<string, unknown>>) =>
    rowsOf<Row>(await db._.session.prepareQuery(built, undefined, undefined, false).execute(values));
}

/** drizzle returns rows differently on each driver. */
function rowsOf<Row>(result: unknown): Row[] {
  return Array.isArray(result) ? (result as Row[]) : (result as { rows: Row[] }).rows;
}
