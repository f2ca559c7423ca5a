import { sql } from 'drizzle-orm';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { selectRows } from '../../../src/db/query.ts';
import {
  type KeptMessage,
  keepMessage,
  noteWaiting,
  ReceiverFaultError,
  startMessageWorker,
} from '../../../src/engines/remote/kept-messages.ts';
import { openTestDatabase, type TestDatabase } from '../../helpers/database.ts';

const logger = pino({ level: 'silent' });
const hour = 3_600_000;

let database: TestDatabase;
let offered: unknown[];
let offer: (messages: KeptMessage[]) => Promise<void>;
let worker: Awaited<ReturnType<typeof startMessageWorker>>;

beforeEach(async () => {
  database = await openTestDatabase();
  offered = [];
  offer = async (messages) => {
    offered.push(...messages.map(({ variables }) => variables.n));
  };
  worker = await startMessageWorker({
    engine: 'operaton',
    database,
    logger,
    offerAgainMs: 50,
    offer: (messages) => offer(messages),
  });
});
afterEach(async () => {
  await worker.stop();
  await database.close();
});

const publish = (n: number, { timeToLiveMs = 0, messageId }: { timeToLiveMs?: number; messageId?: string } = {}) =>
  keepMessage(database, 'operaton', {
    name: 'paid',
    correlationKey: 'order',
    variables: { n },
    timeToLiveMs,
    ...(messageId !== undefined && { messageId }),
  });

describe('messages that are stored for an engine', () => {
  it('are offered at least once each, in their order, also those without a time to live that come while others are offered', async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const offerAtOnce = offer;
    offer = async (messages) => {
      await held;
      await offerAtOnce(messages);
    };
    for (const n of [1, 2, 3]) await publish(n);
    release();
    await vi.waitFor(() => expect(offered).toEqual([1, 2, 3]));
    await vi.waitFor(async () => expect(await selectRows(database.db, sql`select * from remote_messages`)).toEqual([]));
  });

  it.each([1, 2])('are offered when they come while %i others are', async (others) => {
    const offerAtOnce = offer;
    let isFirst = true;
    await worker.stop();
    for (let n = 1; n <= others; n += 1) await publish(n);
    offer = async (messages) => {
      await offerAtOnce(messages);
      if (isFirst) await publish(9);
      isFirst = false;
    };
    worker = await startMessageWorker({
      engine: 'operaton',
      database,
      logger,
      offerAgainMs: 50,
      offer: (messages) => offer(messages),
    });
    await vi.waitFor(() => expect(offered).toEqual([...Array.from({ length: others }, (_, index) => index + 1), 9]));
  });

  it('are offered again when an instance begins to wait, also during an offer', async () => {
    const offerAtOnce = offer;
    offer = async (messages) => {
      await offerAtOnce(messages);
      if (offered.length === 1) await noteWaiting(database, 'operaton', [{ name: 'paid', correlationKey: 'order' }]);
    };
    await publish(1, { timeToLiveMs: hour });
    await vi.waitFor(() => expect(offered).toEqual([1, 1]));
  });

  it('are offered again after a failure', async () => {
    const offerAtOnce = offer;
    let failures = 0;
    offer = async (messages) => {
      failures += 1;
      if (failures < 3) throw new Error('the engine is away');
      await offerAtOnce(messages);
    };
    await publish(1);
    await vi.waitFor(() => expect(offered).toEqual([1]));
  });

  it('are offered again after longer and longer pauses if a receiver has a fault of its own, until it takes them', async () => {
    let attempts = 0;
    let isWell = false;
    offer = async () => {
      attempts += 1;
      if (!isWell) throw new ReceiverFaultError('its database is away');
    };
    /** Makes them due; resolves with the pause after that, in milliseconds. */
    const pauseAfterNext = async () => {
      const before = attempts;
      await noteWaiting(database, 'operaton', [{ name: 'paid', correlationKey: 'order' }]);
      return vi.waitFor(async () => {
        expect(attempts).toBeGreaterThan(before);
        const [row] = await selectRows<{ ms: number }>(
          database.db,
          sql`select extract(epoch from due_at - now())::float8 * 1000 as ms from remote_messages
            where leased_until is null and due_at > now()`,
        );
        if (!row) throw new Error('they are still being offered');
        return row.ms;
      });
    };
    await publish(1, { timeToLiveMs: hour });
    for (let n = 0; n < 4; n += 1) await pauseAfterNext();
    expect(await pauseAfterNext()).toBeGreaterThan(4000);
    isWell = true;
    await pauseAfterNext();
    isWell = false;
    expect(await pauseAfterNext()).toBeLessThan(4000);
  });

  it('with one id are one message as long as the first is stored', async () => {
    await Promise.all([1, 1, 1].map((n) => publish(n, { timeToLiveMs: hour, messageId: 'm1' })));
    await publish(2, { timeToLiveMs: hour, messageId: 'm2' });
    await vi.waitFor(() => expect(new Set(offered)).toEqual(new Set([1, 2])));
    await database.db.execute(sql`update remote_messages set expires_at = now(), due_at = now()`);
    await publish(3, { timeToLiveMs: hour, messageId: 'm1' });
    await vi.waitFor(() => expect(offered).toContain(3));
  });
});
