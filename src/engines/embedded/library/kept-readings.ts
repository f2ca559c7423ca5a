import { hash } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { Db } from '../../../db/client.ts';
import { selectRows } from '../../../db/query.ts';
import { json } from '../instances/sql-values.ts';
import { type KeptReadings, readerVersion } from '../reading/readings.ts';

/** Maximum number of rows per statement. */
const batchSize = 500;

const checksum = sql`encode(sha256(convert_to(reading, 'UTF8')), 'hex')`;

/**
 * Keeps readings in the database, for the next start and for other replicas. A damaged one is not found, nor one of another
 * version of the reader.
 */
export function createKeptReadings(db: Db, version = readerVersion): KeptReadings {
  const keyOf = (text: string) => hash('sha256', version + text, 'base64url');
  return {
    async find(texts) {
      const byKey = new Map(texts.map((text) => [keyOf(text), text]));
      const found = new Map<string, Buffer>();
      const find = async (keys: string[]) => {
        const rows = await selectRows<{ key: string; reading: string }>(
          db,
          sql`select key, reading from file_readings
            where key in (select jsonb_array_elements_text(${json(keys)})) and checksum = ${checksum}`,
        );
        for (const { key, reading } of rows) found.set(byKey.get(key) ?? '', Buffer.from(reading, 'base64'));
      };
      await Promise.all(batches([...byKey.keys()]).map(find));
      return found;
    },
    async keep(readings, inUse) {
      // In one order everywhere, so that replicas do not wait for each other in a circle.
      const rows = [...readings]
        .map(([text, bytes]) => ({ key: keyOf(text), reading: bytes.toString('base64') }))
        .sort((a, b) => (a.key < b.key ? -1 : 1));
      for (const batch of batches(rows)) {
        await db.execute(sql`insert into file_readings (key, reading, checksum)
          select key, reading, ${checksum} from jsonb_to_recordset(${json(batch)}) as x(key text, reading text)
          on conflict (key) do update
          set reading = excluded.reading, checksum = excluded.checksum, kept_at = excluded.kept_at`);
      }
      // Another replica may be about to load files that this one has not seen, or run another version of Kickoff.
      await db.execute(sql`delete from file_readings where kept_at < now() - interval '1 day'
        and key not in (select jsonb_array_elements_text(${json(inUse.map(keyOf))}))`);
    },
  };
}

const batches = <Item>(items: readonly Item[]): Item[][] =>
  Array.from({ length: Math.ceil(items.length / batchSize) }, (_, n) =>
    items.slice(n * batchSize, (n + 1) * batchSize),
  );
