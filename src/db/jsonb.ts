import { customType } from 'drizzle-orm/pg-core';
import { storableJson } from '../storable.ts';

/** A `jsonb` column. What is read was parsed by the driver already, with its numbers exact (client.ts, pglite.ts). */
export const jsonb = customType<{ data: unknown; driverData: unknown }>({
  dataType: () => 'jsonb',
  toDriver: storableJson,
});
