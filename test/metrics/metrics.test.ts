import { sql } from 'drizzle-orm';
import { afterEach, expect, test } from 'vitest';
import { startWorld, type World, type WorldOptions } from '../helpers/kickoff.ts';
import { writeNoteProcesses } from '../helpers/note-processes.ts';
import { setUpByClicking } from '../helpers/set-up-by-clicking.ts';
import { readSamples, type Sample } from './read-samples.ts';

let world: World;
afterEach(() => world.close({ tolerate: true }));

const token = 'metrics-token-0123456789';

async function startWatched(options: WorldOptions = {}): Promise<void> {
  world = await startWorld({
    ...options,
    environment: { PROCESSES_DIR: await writeNoteProcesses(), METRICS_TOKEN: token },
  });
}

const ask = (headers: Record<string, string> = { authorization: `Bearer ${token}` }) =>
  fetch(`http://127.0.0.1:${world.kickoff.port}/metrics`, { headers });

async function samples(): Promise<Sample[]> {
  const response = await ask();
  expect(response.status).toBe(200);
  return readSamples(await response.text());
}

/** The value of the sample with these labels; 0 if there is none. */
function valueIn(found: Sample[], name: string, labels: Record<string, string> = {}): number {
  const isIt = (sample: Sample) =>
    sample.name === name && Object.entries(labels).every(([label, value]) => sample.labels[label] === value);
  return found.filter(isIt).reduce((sum, { value }) => sum + value, 0);
}

test('a client’s message is counted from its delivery to the job of its process, without any text', async () => {
  await startWatched();
  await setUpByClicking(world, { bindings: { 'Message received': { process: 'Note message' } } });
  const { anna, carl } = world.sandbox.people;
  const channel = await anna.createChannel('support-acme', { sharedWith: 'Acme' });
  await anna.invite(channel, carl);
  await world.quiet();
  const before = await samples();
  await carl.post(channel, 'My password is Secretive');
  await world.quiet();
  const after = await samples();
  const grown = (name: string, labels?: Record<string, string>) =>
    valueIn(after, name, labels) - valueIn(before, name, labels);
  expect(grown('kickoff_deliveries_total', { kind: 'event_callback', outcome: 'done' })).toBeGreaterThanOrEqual(1);
  expect(grown('kickoff_delivery_duration_seconds_count', { kind: 'event_callback' })).toBe(
    grown('kickoff_deliveries_total', { kind: 'event_callback' }),
  );
  expect(grown('kickoff_starts_total', { outcome: 'running' })).toBe(1);
  expect(grown('kickoff_start_latency_seconds_count')).toBe(1);
  expect(grown('kickoff_jobs_total', { type: 'io.camunda:http-json:1', outcome: 'completed' })).toBe(1);
  expect(grown('kickoff_database_query_duration_seconds_count')).toBeGreaterThan(5);
  expect(valueIn(after, 'kickoff_slack_calls_total', { method: 'auth.test', outcome: 'ok' })).toBeGreaterThan(0);
  expect(valueIn(after, 'kickoff_deliveries_total', { kind: 'view_submission', outcome: 'done' })).toBeGreaterThan(1);
  expect(valueIn(after, 'kickoff_ready')).toBe(1);
  expect(valueIn(after, 'kickoff_queue_due')).toBe(0);
  const labels = JSON.stringify(after.map((sample) => sample.labels));
  expect(labels).not.toMatch(/Secretive|acme|[UCTD]0[A-Z]|carl|support/i);
});

test('a job that fails and its incident are counted', async () => {
  await startWatched();
  await setUpByClicking(world, { bindings: { 'Session created': { process: 'Note created' } } });
  const before = await samples();
  world.crm.failNext(400, 10);
  await world.sandbox.people.anna.createChannel('support-acme');
  await world.quiet();
  const after = await samples();
  const grown = (name: string, labels?: Record<string, string>) =>
    valueIn(after, name, labels) - valueIn(before, name, labels);
  expect(grown('kickoff_starts_total', { outcome: 'running' })).toBe(1);
  expect(grown('kickoff_jobs_total', { outcome: 'failed' })).toBeGreaterThanOrEqual(1);
  expect(grown('kickoff_incidents_total')).toBe(1);
});

test('every queue is shown, with what was set aside', async () => {
  await startWatched();
  const { db } = world.database;
  const body = JSON.stringify({ type: 'event_callback', event_id: 'E', team_id: 'T', event: {} });
  await db.execute(
    sql`insert into deferred_deliveries (event_id, body, due_at) values ('E', ${body}::jsonb, 'infinity')`,
  );
  const found = await samples();
  expect(valueIn(found, 'kickoff_queue_set_aside', { queue: 'deferred_deliveries' })).toBe(1);
  const queues = found.filter(({ name }) => name === 'kickoff_queue_due').map((sample) => sample.labels.queue);
  expect(queues).toEqual(
    expect.arrayContaining(['starts', 'starts_activity', 'engine_jobs', 'engine_timers', 'homes_refresh']),
  );
  expect(new Set(queues).size).toBe(queues.length);
});

test('metrics need a token, and without a configured token there are none', async () => {
  await startWatched();
  const refused = await ask({});
  expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
  expect((await ask({ authorization: 'Bearer metrics-token-9876543210' })).status).toBe(401);
  expect((await ask({ authorization: `Basic ${token}` })).status).toBe(401);
  await world.close({ tolerate: true });
  world = await startWorld();
  const closed = await ask();
  expect([closed.status, await closed.text()]).toEqual([403, 'Set METRICS_TOKEN, and show it as a bearer token\n']);
});
