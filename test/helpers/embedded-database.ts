import { readFile } from 'node:fs/promises';
import { sql } from 'drizzle-orm';
import { pino } from 'pino';
import { type Database, type Db, openDatabase } from '../../src/db/client.ts';
import { selectRows } from '../../src/db/query.ts';
import { createSignals } from '../../src/db/signals.ts';
import { createTurn } from '../../src/db/turn.ts';
import { searchPath } from './postgres.ts';

interface EmbeddedDatabase extends Database {
  schema: string;
}

const logger = pino({ level: 'silent' });

/** Databases of finished tests for reuse: emptying one takes a tenth of the time of creating one. */
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
      await empty(database.db);
      if ((await schemaOf(database.db)) === database.schema) idle.push(database);
      else await database.close();
    },
  };
}

async function makeDatabase(snapshot: string): Promise<EmbeddedDatabase> {
  const database = await openDatabase({ dataDir: ':memory:', snapshot: new Blob([await readFile(snapshot)]), logger });
  await database.db.execute(sql.raw(`set search_path = ${searchPath}`));
  return { ...database, schema: await schemaOf(database.db) };
}

/** A fingerprint that changes with every table, index, function, trigger and schema that is created. */
async function schemaOf(db: Db): Promise<string> {
  const [row] = await selectRows<{ schema: string }>(
    db,
    sql`select concat_ws(' ', (select max(oid) from pg_class), (select max(oid) from pg_proc),
      (select max(oid) from pg_trigger), (select max(oid) from pg_namespace), current_setting('search_path')) as schema`,
  );
  return row?.schema ?? '';
}

async function empty(db: Db): Promise<void> {
  const tables = await selectRows<{ name: string }>(
    db,
    sql`select quote_ident(tablename) as name from pg_tables where schemaname = 'public'`,
  );
  const questions = tables.map(({ name }) => `select '${name}' as name where exists (select from ${name})`);
  const filled = await selectRows<{ name: string }>(db, sql.raw(questions.join(' union all ')));
  if (filled.length === 0) return;
  await db.execute(sql.raw(`truncate ${filled.map(({ name }) => name).join(', ')} restart identity cascade`));
}
