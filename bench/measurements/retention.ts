import { setTimeout } from 'node:timers/promises';
import postgres, { type Sql } from 'postgres';
import { messageDeliveries } from '../deliveries.ts';
import { multiplyStart } from '../multiply-start.ts';
import { benchProcess, processFile } from '../process-files.ts';
import { startOnce } from '../start-once.ts';
import { quantile } from '../statistics.ts';
import { sendSteadily } from '../steady-load.ts';
import type { World } from '../world.ts';
import type { Measurement } from './measurement.ts';

const keepDays = 90;
const perSession = 20;
const perSecond = 30;
/** Maximum time of a delivery while old rows are deleted, in milliseconds; less is not noticeable. */
const unnoticedMs = 100;
/** How often, and for how long, the benchmark checks whether they are gone, in milliseconds. */
const lookMs = 2000;
const patienceMs = 3_600_000;

/**
 * Many starts ended longer than `KEEP_DAYS` ago, and Kickoff deletes them while clients write. Measures the latency of the
 * clients' messages in that time, how long it takes, and whether anything old is left.
 */
export const measureRetention: Measurement = async (world, tell) => {
  const starts = world.options.quick ? 20_000 : 1_000_000;
  const seconds = world.options.quick ? 4 : 20;
  const databaseUrl = await world.createLiveChatDatabase();
  const client = postgres(databaseUrl, { max: 1, onnotice: () => {} });
  const processesDir = await world.processesDirectory([
    processFile({ ...benchProcess, assignees: world.workspace.staff }),
  ]);
  const startKickoff = (days: number) =>
    world.startKickoff({ databaseUrl, processesDir, isUnlimited: true, environment: { KEEP_DAYS: String(days) } });

  const keeping = await startKickoff(0);
  await startOnce(world, client, keeping.port);
  await multiplyStart(client, world.workspace, { starts, perSession, endedDaysAgo: keepDays + 10 });
  const { megabytes: before } = await readTables(client);
  await send(world, keeping.port, 2);
  const quiet = await send(world, keeping.port, seconds);
  await keeping.stop();

  const begun = performance.now();
  const forgetting = await startKickoff(keepDays);
  // The first deletion begins at start-up.
  await send(world, forgetting.port, 2);
  const busy = await send(world, forgetting.port, seconds);
  let left = await readTables(client);
  while (left.oldRows > 0 && performance.now() - begun < patienceMs) {
    await setTimeout(lookMs);
    left = await readTables(client);
  }
  const tookSeconds = (performance.now() - begun) / 1000;
  await client`vacuum`;
  const { megabytes: after } = await readTables(client);
  await forgetting.stop();
  await client.end();
  const p99 = quantile(busy, 0.99);
  tell(`a message took ${describe(quiet)} before, and ${describe(busy)} while old rows were forgotten`);
  return [
    {
      what: `Client message while ${starts} starts are forgotten`,
      baseline: `none forgotten p99 ${quantile(quiet, 0.99).toFixed(0)} ms`,
      reached: `p99 ${p99.toFixed(0)} ms`,
      target: `p99 < ${unnoticedMs} ms`,
      met: p99 < unnoticedMs,
    },
    {
      what: `${starts} starts of ${keepDays + 10} days ago, KEEP_DAYS=${keepDays}`,
      baseline: `${before} MB`,
      reached: `${left.oldRows} old rows after ${Math.round(tookSeconds)} s, ${after} MB`,
      target: 'no old rows',
      met: left.oldRows === 0,
    },
  ];
};

const describe = (times: number[]) =>
  `${quantile(times, 0.5).toFixed(0)} ms p50, ${quantile(times, 0.99).toFixed(0)} ms p99`;

function send({ workspace }: World, port: number, seconds: number): Promise<number[]> {
  const message = { channels: workspace.clientChannels, userId: workspace.client, userTeamId: workspace.clientTeamId };
  return sendSteadily(port, messageDeliveries(workspace, message, perSecond * seconds), perSecond);
}

/** The remaining rows of the starts that ended long ago, and the size of all tables with their indexes. */
async function readTables(client: Sql): Promise<{ oldRows: number; megabytes: number }> {
  const [row] = await client<{ oldRows: number; megabytes: number }[]>`select (
      (select count(*) from sessions where status = 'closed')
      + (select count(*) from session_messages where ts like 'copy-%')
      + (select count(*) from session_events where slack_ts like 'copy-%')
      + (select count(*) from starts where key like 'copy:%')
      + (select count(*) from engine_instances where ended_at is not null)
      + (select count(*) from engine_tasks where ended_at is not null)
      + (select count(*) from engine_history where at < now() - ${keepDays}::int * interval '1 day')
      + (select count(*) from task_messages where ts like 'copy-%'))::int as "oldRows",
    (select sum(pg_total_relation_size(oid)) / 1048576 from pg_class
      where relkind = 'r' and relnamespace = 'public'::regnamespace)::int as megabytes`;
  if (!row) throw new Error('the tables could not be read');
  return row;
}
