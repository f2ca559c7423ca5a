import { customType } from 'drizzle-orm/pg-core';
import { storableJson } from '../storable.ts';

/** A `jsonb` column. The driver has already parsed the value, with exact numbers (client.ts, pglite.ts). */
export const jsonb = customType<{ data: unknown; driverData: unknown }>({
  dataType: () => 'jsonb',
  toDriver: storableJson,
});
