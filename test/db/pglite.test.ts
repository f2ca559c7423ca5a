import { expect, it } from 'vitest';
import { openPgliteClient } from '../../src/db/pglite.ts';
import { createMetrics } from '../../src/metrics/metrics.ts';

it('does not starve timers and sockets, however closely queries follow each other', async () => {
  const client = await openPgliteClient({ snapshot: undefined }, createMetrics());
  let ticks = 0;
  const timer = setInterval(() => ticks++, 1);
  const end = performance.now() + 1000;
  while (performance.now() < end) {
    await client.query('select 1');
    await client.transaction((tx) => tx.query('select 1'));
  }
  clearInterval(timer);
  await client.close();
  expect(ticks).toBeGreaterThan(5);
});
