import postgres, { type Sql } from 'postgres';
import { messageDeliveries } from '../deliveries.ts';
import { benchProcess, processFile } from '../process-files.ts';
import { settled } from '../settled.ts';
import { statementsOf } from '../statements.ts';
import { quantile } from '../statistics.ts';
import { sendSteadily } from '../steady-load.ts';
import type { Line } from '../table.ts';
import type { World } from '../world.ts';
import type { Measurement } from './measurement.ts';

const perSecond = 60;

/**
 * Clients' messages at a steady pace, each of which starts a process: time until its first user task is committed, and the cost
 * of the start for the database.
 */
export const measureSteadyStarts: Measurement = async (world) => {
  const seconds = world.options.quick ? 10 : 30;
  const databaseUrl = await world.createLiveChatDatabase();
  const watch = postgres(databaseUrl, { max: 1 });
  const server = await world.startKickoff({
    databaseUrl,
    processesDir: await world.processesDirectory([processFile({ ...benchProcess, assignees: world.workspace.staff })]),
  });
  // Warms up: sessions and people exist, statements are prepared.
  await send(world, server.port, 2 * perSecond);
  await settled(watch);
  await noteCommits(watch);
  const statements = await statementsOf(server.port);
  const wal = await readWal(watch);

  const sent = await send(world, server.port, seconds * perSecond);
  await settled(watch);
  const committed = await watch<{ ts: string; at: number }[]>`
    select facts #>> '{message,ts}' as ts, extract(epoch from bench_tasks.at)::float8 * 1000 as at
    from bench_tasks join starts on process_instance_key = bench_tasks.instance_key::text`;
  const latencies = committed.flatMap(({ ts, at }) => {
    const sentAt = sent.get(ts);
    return sentAt === undefined ? [] : [at - sentAt];
  });
  if (latencies.length !== sent.size) throw new Error(`${sent.size} messages made ${latencies.length} tasks`);
  const statementsEach = ((await statementsOf(server.port)) - statements) / sent.size;
  const kilobytesEach = ((await readWal(watch)) - wal) / sent.size / 1024;
  await watch.end();
  await server.stop();

  const median = quantile(latencies, 0.5);
  return [
    {
      what: `Client message to first user task, at ${perSecond}/s`,
      reached: `p50 ${median.toFixed(0)} ms, p99 ${quantile(latencies, 0.99).toFixed(0)} ms`,
      target: 'p50 ≤ 60 ms',
      met: median <= 60,
    },
    upTo('Statements for each start', statementsEach, 6, ''),
    upTo('WAL for each start', kilobytesEach, 10, ' KB'),
  ];
};

function upTo(what: string, reached: number, target: number, unit: string): Line {
  return { what, reached: `${reached.toFixed(1)}${unit}`, target: `≤ ${target}${unit}`, met: reached <= target };
}

/** Sends messages at a steady pace. Returns the send times, in milliseconds since 1970, by Slack timestamp. */
async function send({ workspace }: World, port: number, count: number): Promise<Map<string, number>> {
  const message = { channels: workspace.clientChannels, userId: workspace.client, userTeamId: workspace.clientTeamId };
  const sent = new Map<string, number>();
  await sendSteadily(port, messageDeliveries(workspace, message, count), perSecond, (request) => {
    sent.set(/"ts":"([\d.]+)"/.exec(request.toString())?.[1] ?? '', Date.now());
  });
  return sent;
}

/** Makes Postgres record the commit time of each user task, without writing to the WAL. */
async function noteCommits(watch: Sql): Promise<void> {
  await watch.unsafe(`
    create unlogged table bench_tasks (instance_key bigint, at timestamptz);
    create function note_task() returns trigger language plpgsql as
      'begin insert into bench_tasks values (new.instance_key, clock_timestamp()); return null; end';
    create constraint trigger note_task after insert on engine_tasks deferrable initially deferred
      for each row execute function note_task()`);
}

async function readWal(watch: Sql): Promise<number> {
  const [row] = await watch`select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::float8 as bytes`;
  return Number(row?.bytes);
}
