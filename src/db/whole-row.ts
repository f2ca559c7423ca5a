import { getTableColumns, type SQL, sql } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';

/** All columns of a table, for use in a hand-written statement. */
export interface WholeRow<Table extends PgTable> {
  /** Named SQL expressions whose names no other column of the statement has. */
  columns: SQL;
  /** Extracts the table's row from a row that the statement returned, in the query builder's form. */
  of(returned: object): Table['$inferSelect'];
}

/** Lists all columns of a table for a hand-written statement, and reads them from its result. */
export function wholeRow<Table extends PgTable>(table: Table): WholeRow<Table> {
  const columns = Object.entries(getTableColumns(table)).map(([name, column]) => ({
    name,
    column,
    alias: `row.${name}`,
  }));
  return {
    columns: sql.join(
      columns.map(({ column, alias }) => sql`${column} as ${sql.identifier(alias)}`),
      sql`, `,
    ),
    of(returned) {
      const values = returned as Readonly<Record<string, unknown>>;
      return Object.fromEntries(
        columns.map(({ name, column, alias }) => {
          const value = values[alias] ?? null;
          return [name, value === null ? null : column.mapFromDriverValue(value)];
        }),
      ) as Table['$inferSelect'];
    },
  };
}
