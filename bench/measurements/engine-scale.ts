import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import postgres from 'postgres';
import { openDatabase } from '../../src/db/client.ts';
import { createEmbeddedEngine } from '../../src/engines/embedded/embedded-engine.ts';
import { engineProcess, engineVariables, timerProcess } from '../engine-process.ts';
import { until } from '../settled.ts';
import type { Measurement } from './measurement.ts';

/** Minimum ratio of the rates with many and with no waiting instances that counts as flat. */
const flat = 0.8;

/** The cost of a start with many waiting instances, and of many timers that are due in the same second. */
export const measureEngineScale: Measurement = async (world, tell) => {
  const { quick, starts } = world.options;
  const [waiting, timers] = quick ? [10_000, 1000] : [100_000, 10_000];
  const databaseUrl = await world.postgres.createDatabase();
  const logger = pino({ level: 'silent' });
  const database = await openDatabase({ databaseUrl, dataDir: '', logger });
  const processesDir = await world.processesDirectory([engineProcess('ordinary', true), timerProcess('pausing')]);
  const engine = await createEmbeddedEngine({ database, processesDir, jobHandlers: {}, logger });
  const client = postgres(databaseUrl, { max: 2 });
  const begin = async (processDefinitionId: string) =>
    (await engine.startProcessInstance({ startId: randomUUID(), processDefinitionId, variables: engineVariables }))
      .processInstanceKey;
  const startRate = async () => {
    let left = starts;
    const begun = performance.now();
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        while (left-- > 0) await begin('ordinary');
      }),
    );
    return (starts / (performance.now() - begun)) * 1000;
  };

  await startRate();
  const empty = await startRate();
  const before = residentMb();
  await multiply(client, await begin('ordinary'), waiting);
  const full = await startRate();
  const afterWaiting = residentMb();
  await multiply(client, await begin('pausing'), timers);
  await client`delete from engine_changes`;
  await client`update engine_timers set due_at = now()`;
  await client`analyze`;
  const begun = performance.now();
  let peak = 0;
  await engine.start();
  await until(async () => {
    peak = Math.max(peak, residentMb());
    return (await client`select 1 from engine_timers limit 1`).length === 0;
  });
  const seconds = (performance.now() - begun) / 1000;
  await engine.stop();
  await client.end();
  await database.close();
  tell(
    `resident memory: ${before} MB before, ${afterWaiting} with ${waiting} instances waiting, ${peak} at most while ${timers} timers fired`,
  );
  return [
    {
      what: `Starts with ${waiting} instances waiting`,
      baseline: `with none ${Math.round(empty)}/s`,
      reached: `${Math.round(full)} starts/s`,
      ratio: full / empty,
      target: `flat (≥ ${flat})`,
      met: full / empty >= flat,
    },
    {
      what: `${timers} timers due in the same second`,
      reached: `${Math.round(timers / seconds)} timers/s, +${Math.max(0, peak - before)} MB`,
    },
  ];
};

/** Copies an instance many times, with all its rows. */
async function multiply(client: postgres.Sql, key: string, count: number): Promise<void> {
  await client`create temporary table copies as
    select nextval(pg_get_serial_sequence('engine_instances', 'key')) as key from generate_series(1, ${count}::int)`;
  await client`insert into engine_instances (key, start_id, definition_key, status, revision, state)
    overriding system value select c.key, gen_random_uuid()::text, i.definition_key, i.status, i.revision, i.state
    from copies c, engine_instances i where i.key = ${key}::bigint`;
  await client`insert into engine_tasks (instance_key, token, element_id, status, assignee, candidate_users,
      candidate_groups, created_at)
    select c.key, token, element_id, status, assignee, candidate_users, candidate_groups, created_at
    from copies c, engine_tasks where instance_key = ${key}::bigint`;
  await client`insert into engine_timers (instance_key, token, element_id, due_at, repetitions)
    select c.key, token, element_id, due_at, repetitions from copies c, engine_timers where instance_key = ${key}::bigint`;
  await client`insert into engine_history (instance_key, revision, at, entries)
    select c.key, revision, at, entries from copies c, engine_history where instance_key = ${key}::bigint`;
  await client`drop table copies`;
}

const residentMb = () => Math.round(process.memoryUsage().rss / 2 ** 20);
