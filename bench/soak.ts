/**
 * A day's work in an hour: a million deliveries, most of them irrelevant, some of which start processes; people complete tasks;
 * conversations are archived and unarchived. Prints a line every minute, and a verdict at the end.
 */
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import postgres, { type Sql } from 'postgres';
import { archiveDelivery } from './deliveries.ts';
import { type RawRequest, sendLoad } from './load.ts';
import { mixedDeliveries } from './mixed-deliveries.ts';
import type { NodeProcess } from './node-process.ts';
import { readOptions } from './options.ts';
import { benchProcess, processFile } from './process-files.ts';
import { describeMinute, judge, type Minute } from './soak-report.ts';
import { quantile } from './statistics.ts';
import { metricsToken, openWorld, type World } from './world.ts';

/** One in this many deliveries is a client's and starts a process; this share of the processes has a task. */
const clientShare = 10;
const taskShare = 0.1;
/** How often deliveries are sent, a few at once, and how often a conversation is archived or unarchived, in milliseconds. */
const tickMs = 100;
/** Deliveries per set of connections: a machine that is behind catches up over many. */
const atOnce = 30;
const archiveMs = 5000;

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '60' }, 'per-second': { type: 'string', default: '278' } },
});
const minutes = Number(values.minutes);
const perSecond = Number(values['per-second']);
if (!(minutes > 0 && perSecond > 0)) throw new Error('npm run soak -- [--minutes 60] [--per-second 278]');

const world = await openWorld(readOptions([], process.env));
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void world.close().finally(() => process.exit(1)));
}
try {
  console.log(`${minutes} minutes, ${perSecond} deliveries a second; ${world.postgres.description}`);
  const verdicts = judge(await soak(world));
  for (const { what, reached, isMet } of verdicts) console.log(`${isMet ? 'met   ' : 'MISSED'} ${what}: ${reached}`);
  if (!verdicts.every(({ isMet }) => isMet)) process.exitCode = 1;
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  await world.close();
}
// A failed measurement may leave timers and connections open.
process.exit();

async function soak({ workspace, ...world }: World): Promise<Minute[]> {
  const databaseUrl = await world.createLiveChatDatabase();
  const watch = postgres(databaseUrl, { max: 1 });
  const kickoff = await world.startKickoff({
    databaseUrl,
    processesDir: await world.processesDirectory([
      processFile({ ...benchProcess, assignees: workspace.staff, taskShare }),
    ]),
    isUnlimited: true,
  });
  const { port } = kickoff;
  const latencies: number[] = [];
  let refused = 0;
  let closings = 0;
  const send = (requests: RawRequest[]) =>
    sendLoad({ port, requests, concurrency: Math.min(4, requests.length) }).then(
      (load) => void latencies.push(...load.latencies),
      () => {
        refused += 1;
      },
    );

  const report: Minute[] = [];
  const begun = performance.now();
  const isOver = () => performance.now() - begun >= minutes * 60_000;
  const deliver = async () => {
    const sending = new Set<Promise<void>>();
    let sent = 0;
    while (!isOver()) {
      const due = () => Math.floor(((performance.now() - begun) / 1000) * perSecond) - sent;
      for (let count = due(); count > 0; count = due()) {
        const some = Math.min(count, atOnce);
        const load: Promise<void> = send(mixedDeliveries({ workspace, ...world }, some, clientShare)).finally(() =>
          sending.delete(load),
        );
        sending.add(load);
        sent += some;
      }
      await setTimeout(tickMs);
    }
    await Promise.all(sending);
  };
  const complete = async () => {
    while (!isOver()) {
      const { outcome } = await world.slack({ do: 'complete-task', kickoffPort: port, userIds: workspace.staff });
      if (outcome === 'refused') refused += 1;
      if (outcome === 'none') await setTimeout(tickMs);
    }
  };
  const archive = async () => {
    for (let turn = 0; !isOver(); turn += 1) {
      const channel = workspace.clientChannels[turn % workspace.clientChannels.length] ?? '';
      await send([archiveDelivery(workspace, channel, true)]);
      closings += 1;
      await setTimeout(archiveMs);
      await send([archiveDelivery(workspace, channel, false)]);
    }
  };
  const watchOver = async () => {
    for (let number = 1; number <= minutes; number += 1) {
      await setTimeout(begun + number * 60_000 - performance.now());
      const minute: Minute = {
        deliveries: latencies.length,
        refused,
        p99Ms: quantile(latencies, 0.99),
        closings,
        ...(await readDatabase(watch)),
        ...(await readKickoff(kickoff)),
      };
      latencies.length = 0;
      refused = 0;
      report.push(minute);
      console.log(describeMinute(number, minute));
    }
  };
  await Promise.all([deliver(), complete(), archive(), watchOver()]);
  await watch.end();
  await kickoff.stop();
  return report;
}

async function readDatabase(
  watch: Sql,
): Promise<Pick<Minute, 'starts' | 'tasks' | 'completed' | 'liveRows' | 'deadRows' | 'databaseMb'>> {
  const [row] = await watch<Pick<Minute, 'starts' | 'tasks' | 'completed' | 'liveRows' | 'deadRows' | 'databaseMb'>[]>`
    select (select count(*)::int from starts) as starts, (select count(*)::int from engine_tasks) as tasks,
      (select count(*)::int from engine_tasks where status = 'completed') as completed,
      sum(n_live_tup)::int as "liveRows", sum(n_dead_tup)::int as "deadRows",
      (pg_database_size(current_database()) / 1048576)::int as "databaseMb" from pg_stat_user_tables`;
  if (!row) throw new Error('the database could not be looked at');
  return row;
}

async function readKickoff(
  kickoff: NodeProcess,
): Promise<Pick<Minute, 'residentMb' | 'queueAgeSeconds' | 'oldestQueue'>> {
  const headers = { authorization: `Bearer ${metricsToken}` };
  const text = await (await fetch(`http://127.0.0.1:${kickoff.port}/metrics`, { headers })).text();
  const ages = [...text.matchAll(/^kickoff_queue_age_seconds\{queue="(\w+)"\} (\S+)/gm)].map(([, queue = '', age]) => ({
    queueAgeSeconds: Number(age),
    oldestQueue: queue,
  }));
  const oldest = ages.reduce((a, b) => (b.queueAgeSeconds > a.queueAgeSeconds ? b : a), {
    queueAgeSeconds: 0,
    oldestQueue: '',
  });
  return { residentMb: await kickoff.residentMb(), ...oldest };
}
