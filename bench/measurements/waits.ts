import { setTimeout } from 'node:timers/promises';
import { pino } from 'pino';
import postgres from 'postgres';
import { addBinding } from '../../src/bindings/queries.ts';
import { openDatabase } from '../../src/db/client.ts';
import { startTimersWorker } from '../../src/intake/waits/timers-worker.ts';
import { usualTimings } from '../../src/timings.ts';
import { benchProcess } from '../process-files.ts';
import { until } from '../settled.ts';
import type { Measurement } from './measurement.ts';

/** How long the processor time is measured while no wait ends, in milliseconds. */
const watchedMs = 5000;
/** Maximum share of one processor in that time. */
const idleTarget = 0.02;
const targetSeconds = 60;

/** Many clients wait for an answer: the processor time used, and how fast processes start after the waiting time. */
export const measureWaits: Measurement = async (world) => {
  const [waiting, over] = world.options.quick ? [10_000, 1000] : [100_000, 10_000];
  const databaseUrl = await world.createLiveChatDatabase([]);
  const client = postgres(databaseUrl, { max: 1 });
  await waitFor(client, databaseUrl, waiting);
  const logger = pino({ level: 'silent' });
  const database = await openDatabase({ databaseUrl, dataDir: '', logger });
  const { db, signal } = database;
  const intake = { db, signal, people: { person: async () => undefined }, workspaceUrl: world.workspace.apiUrl };

  const worker = await startTimersWorker(database, intake, usualTimings.waits, logger);
  const before = process.cpuUsage();
  await setTimeout(watchedMs);
  const { user, system } = process.cpuUsage(before);
  const share = (user + system) / 1000 / watchedMs;

  // Makes some of them wait since a day ago; the process starts after half an hour.
  await client`update session_timers set since = since - interval '1 day', due_at = now()
    where session_id in (select session_id from session_timers limit ${over})`;
  await client`analyze`;
  const begun = performance.now();
  signal('timers_due');
  await until(async () => {
    const [row] = await client`select count(*)::int as started from starts`;
    return row?.started === over;
  });
  const seconds = (performance.now() - begun) / 1000;
  await worker.stop();
  await database.close();
  await client.end();
  return [
    {
      what: `${waiting} clients waiting for an answer, none for long enough`,
      reached: `${(share * 100).toFixed(1)} % of a processor`,
      target: `≤ ${idleTarget * 100} %`,
      met: share <= idleTarget,
    },
    {
      what: `${over} of them for long enough at once`,
      reached: `${seconds.toFixed(1)} s, ${Math.round(over / seconds)} starts/s`,
      target: `≤ ${targetSeconds} s`,
      met: seconds <= targetSeconds,
    },
  ];
};

/** Creates a live chat whose process starts after half an hour of waiting, and `count` clients who have just begun to wait. */
async function waitFor(client: postgres.Sql, databaseUrl: string, count: number): Promise<void> {
  const [liveChat] = await client<{ id: string }[]>`select id from live_chats`;
  const database = await openDatabase({ databaseUrl, dataDir: '', logger: pino({ level: 'silent' }) });
  await addBinding(database.db, {
    liveChatId: liveChat?.id ?? '',
    event: 'client_waiting',
    processDefinitionId: benchProcess.id,
    processName: benchProcess.name,
    parameters: [],
    mapping: {},
    waitMinutes: 30,
  });
  await database.close();
  await client`update bindings set armed_at = now() - interval '2 days'`;
  await client`insert into sessions (team_id, channel_id, live_chat_id, name, is_private, is_shared, status, client_user_id,
      message_count, last_client_message_at, opened_at)
    select team_id, 'C' || n, id, 'client-' || n, false, false, 'open', 'U0CLIENT', 1, now(), now()
    from live_chats, generate_series(1, ${count}::int) n`;
  await client`insert into session_messages (session_id, ts, user_id, text)
    select id, '1700000000.000100', 'U0CLIENT', 'Where is my order?' from sessions`;
  await client`insert into session_events (session_id, kind, slack_ts, at, author, session_status, is_bound)
    select id, 'message', '1700000000.000100', now(), 'client', 'open', true from sessions`;
  await client`insert into session_timers (session_id, event, since, ts, due_at)
    select id, 'client_waiting', now(), '1700000000.000100', now() + interval '30 minutes' from sessions`;
}
