import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { type Database, type DatabaseOptions, openDatabase } from '../src/db/client.ts';
import { lockDirectory } from '../src/db/lock-directory.ts';
import { selectRows } from '../src/db/query.ts';
import { emptyTables } from './empty-tables.ts';

/**
 * Opens the embedded database without the content that it has. One that is damaged is created again.
 *
 * @param options `dataDir`: ':memory:', or a directory of the sandbox alone
 */
export async function openEmptied(options: DatabaseOptions): Promise<Database> {
  const { dataDir, logger } = options;
  let database: Database | undefined;
  try {
    database = await openDatabase(options);
    const { db } = database;
    await emptyTables((statement) => selectRows(db, sql.raw(statement)));
    return database;
  } catch (err) {
    if (dataDir === ':memory:') throw err;
    // Throws if the database is another Kickoff's.
    await lockDirectory(dataDir);
    logger.warn({ err }, 'the database could not be emptied, and is created again');
    await database?.close().catch(() => {});
    await rm(join(dataDir, 'db'), { recursive: true, force: true });
    return openDatabase(options);
  }
}
