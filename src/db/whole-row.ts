import { getTableColumns, type SQL, sql } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';

/** All columns of a table in a statement that is written by hand. */
export interface WholeRow<Table extends PgTable> {
  /** A list of expressions with names that no other column of the statement has. */
  columns: SQL;
  /** The table's row among what the statement returned, as the builder returns it. */
  of(returned: object): Table['$inferSelect'];
}

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
