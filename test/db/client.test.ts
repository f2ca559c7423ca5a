import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { openDatabase } from '../../src/db/client.ts';
import { lockDirectory } from '../../src/db/lock-directory.ts';
import { selectRows } from '../../src/db/query.ts';
import { createPostgresDatabase, openTestDatabase } from '../helpers/database.ts';

test('raw rows and signals work on the driver in use', async () => {
  const database = await openTestDatabase();
  const heard = new Promise<string | undefined>(
    (resolve) => void database.listen('starts_due', resolve).then(() => database.signal('starts_due', 'x')),
  );
  expect(await heard).toBe('x');
  expect(await selectRows<{ one: number }>(database.db, sql`select 1 as one`)).toEqual([{ one: 1 }]);
  await database.close();
});

test.skipIf(!process.env.TEST_DATABASE_URL)('a database that must exist is not made of another one', async () => {
  const { url, drop } = await createPostgresDatabase();
  const options = { databaseUrl: url, dataDir: '', logger: pino({ level: 'silent' }) };
  const open = () => openDatabase({ ...options, mustExist: true });
  // Twice: the first refusal has created nothing.
  for (const _ of [1, 2]) await expect(open()).rejects.toThrow('the database at DATABASE_URL is not one of Kickoff');
  await (await openDatabase(options)).close();
  await (await open()).close();
  await drop();
});

test('a data directory has one owner, and the lock of a crashed owner is taken over', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'kickoff-'));
  await writeFile(join(directory, 'kickoff.lock'), '1');
  await expect(lockDirectory(directory)).rejects.toThrow(/in use by another Kickoff \(process 1\)/);
  await writeFile(join(directory, 'kickoff.lock'), '999999999');
  const unlock = await lockDirectory(directory);
  await unlock();
});
