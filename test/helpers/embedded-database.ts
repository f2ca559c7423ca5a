import { readFile } from 'node:fs/promises';
import { sql } from 'drizzle-orm';
import { pino } from 'pino';
import type { Run } from '../../demo/empty-tables.ts';
import { type Database, type Db, openDatabase } from '../../src/db/client.ts';
import { selectRows } from '../../src/db/query.ts';
import { createSignals } from '../../src/db/signals.ts';
import { createTurn } from '../../src/db/turn.ts';
import { searchPath } from './postgres.ts';
import { type EmptyState, readEmptyState, restoreDatabase } from './restore-database.ts';

interface EmbeddedDatabase extends Database {
  empty: EmptyState;
}

const logger = pino({ level: 'silent' });

/** Databases of finished tests for reuse. */
const idle: EmbeddedDatabase[] = [];

/** Opens an empty embedded database in memory, a copy of the snapshot (a file). Using it after `close` throws. */
export async function openEmbeddedDatabase(snapshot: string): Promise<Database> {
  const database = idle.pop() ?? (await makeDatabase(snapshot));
  // New signals, without the listeners of an earlier test.
  const signals = createSignals({ subscribe: async () => {}, publish: async () => {}, logger });
  let isClosed = false;
  const db = new Proxy(database.db, {
    get(target, name) {
      // The same error as PGlite's own.
      if (isClosed) throw new Error('PGlite is closed');
      return Reflect.get(target, name);
    },
  });
  return {
    db,
    listen: signals.listen,
    signal: signals.signal,
    signalOthers: signals.signalOthers,
    suspects: createTurn(),
    pollEveryMs: database.pollEveryMs,
    metrics: database.metrics,
    async checkHealth() {
      await db.execute(sql`select 1`);
    },
    async close() {
      await signals.stop();
      isClosed = true;
      if (await restoreDatabase(runOn(database.db), database.empty)) idle.push(database);
      else await database.close();
    },
  };
}

async function makeDatabase(snapshot: string): Promise<EmbeddedDatabase> {
  const database = await openDatabase({ dataDir: ':memory:', snapshot: new Blob([await readFile(snapshot)]), logger });
  await database.db.execute(sql.raw(`set search_path = ${searchPath}`));
  return { ...database, empty: await readEmptyState(runOn(database.db)) };
}

const runOn =
  (db: Db): Run =>
  (statement) =>
    selectRows(db, sql.raw(statement));
