import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type Claim,
  claimRequests,
  type RequestId,
  releaseRequest,
  settleRequests,
} from '../../../src/engines/remote/requests.ts';
import { openTestDatabase, type TestDatabase } from '../../helpers/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

const newRequest = (): RequestId => ({ engine: 'operaton', kind: 'start', key: randomUUID() });
const claim = async (id: RequestId, asking?: Claim['asking']) =>
  (await claimRequests(database.db, [{ id, leaseMs: 60_000, asking }]))[0];

test('several requests are claimed together: new ones, but none that is claimed or done', async () => {
  const [fresh, held, done, given] = [newRequest(), newRequest(), newRequest(), newRequest()];
  for (const id of [held, done, given]) await claim(id);
  await settleRequests(database.db, [{ id: done, result: 'instance-1' }]);
  await releaseRequest(database.db, given, 1, { inDoubt: false });
  const claims = [fresh, held, done, given].map((id): Claim => ({ id, leaseMs: 60_000 }));
  expect(await claimRequests(database.db, claims)).toEqual([
    { state: 'claimed', attempts: 1, doubtMs: undefined, isAsked: false },
    { state: 'busy' },
    { state: 'done', result: 'instance-1' },
    { state: 'claimed', attempts: 2, doubtMs: undefined, isAsked: false },
  ]);
});

test('claiming a new request marks it as sent, so that it is in doubt after a crash', async () => {
  const id = newRequest();
  expect(await claim(id, { correlationKey: 'session-1', hearsAfter: 1 })).toMatchObject({
    isAsked: true,
    doubtMs: undefined,
  });
  await database.db.execute(
    sql`update remote_requests set leased_until = now() - interval '1 second' where key = ${id.key}`,
  );
  const again = await claim(id, {});
  expect(again).toMatchObject({ state: 'claimed', isAsked: false, doubtMs: expect.any(Number) });
});

test('claiming a released request does not mark it as sent', async () => {
  const id = newRequest();
  await claim(id);
  await releaseRequest(database.db, id, 1, { inDoubt: false });
  expect(await claim(id, {})).toMatchObject({ state: 'claimed', isAsked: false, doubtMs: undefined });
  await releaseRequest(database.db, id, 2, { inDoubt: true });
  expect(await claim(id)).toMatchObject({ doubtMs: undefined });
});
