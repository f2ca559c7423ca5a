import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { drizzle } from 'drizzle-orm/pglite';
import { migrate } from 'drizzle-orm/pglite/migrator';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import { readConfig } from '../../src/config.ts';
import { openPgliteClient } from '../../src/db/pglite.ts';
import { createKickoff, type Kickoff } from '../../src/kickoff.ts';
import { createMetrics } from '../../src/metrics/metrics.ts';
import { end, flow, job, process, start } from '../engines/diagram-builder.ts';
import { writeFolder } from '../engines/embedded-world.ts';
import { type Crm, startCrm } from '../helpers/crm.ts';

/** The newest migration of the earlier version. */
const lastRelease = '0018_decisions';

interface Journal {
  entries: { idx: number; tag: string; when: number }[];
}
const readJournal = async (): Promise<Journal> => JSON.parse(await readFile('migrations/meta/_journal.json', 'utf8'));

let directory: string;
let sandbox: Sandbox;
let crm: Crm;
let kickoff: Kickoff | undefined;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kickoff-upgrade-'));
  [sandbox, crm] = await Promise.all([startSandbox({ manifest: await readFile('manifest.yml', 'utf8') }), startCrm()]);
});
afterEach(async () => {
  await kickoff?.stop();
  await Promise.all([sandbox.close(), crm.close()]);
  await rm(directory, { recursive: true, force: true });
});

/** Creates a database of the last release, and runs these statements in it. */
async function writeOldDatabase(statements: string): Promise<void> {
  const old = join(directory, 'migrations');
  await cp('migrations', old, { recursive: true });
  const journal = await readJournal();
  const newest = journal.entries.findIndex(({ tag }) => tag === lastRelease);
  const entries = journal.entries.slice(0, newest + 1);
  await writeFile(join(old, 'meta/_journal.json'), JSON.stringify({ ...journal, entries }));
  await mkdir(join(directory, 'data'), { recursive: true });
  const client = await openPgliteClient({ directory: join(directory, 'data/db') }, createMetrics());
  await migrate(drizzle(client), { migrationsFolder: old });
  await client.exec(statements);
  await client.close();
}

const quoted = (value: unknown) => `'${JSON.stringify(value).replaceAll("'", "''")}'`;

test('the new version continues the last release’s data: a live chat, a session to join, a waiting start', async () => {
  const { anna, carl } = sandbox.people;
  const channel = await anna.createChannel('support-acme', { sharedWith: 'Acme' });
  await anna.invite(channel, carl);
  const team = sandbox.state.team.id;
  const operator = Object.values(sandbox.state.users).find(({ handle }) => handle === 'oleg')?.id;
  const facts = {
    liveChatName: 'Support',
    channelId: channel.id,
    sessionName: 'support-acme',
    status: 'open',
    messageCount: 0,
    openedAt: '2026-01-01T00:00:00.000Z',
    closedAt: null,
    clientUserId: null,
    operatorUserId: null,
    transcript: [],
    message: null,
  };
  await writeOldDatabase(`
    insert into live_chats (id, team_id, name, source, prefixes, clients, operators)
      values ('00000000-0000-4000-8000-000000000001', '${team}', 'Support', 'prefix', '{support-}', 'everyone',
        '{${operator}}');
    insert into bindings (live_chat_id, event, process_definition_id, process_name, parameters, mapping)
      select id, 'message_received', 'Post', 'Post', '[]', '{}' from live_chats;
    insert into sessions (id, team_id, channel_id, live_chat_id, name, is_private, is_shared, status, opened_at, join_due_at)
      select '00000000-0000-4000-8000-000000000002', team_id, '${channel.id}', id, 'support-acme', false, true, 'open',
        now(), now() from live_chats;
    insert into starts (team_id, key, session_id, live_chat_id, event, process_definition_id, process_name, facts, mapping,
        status, due_at)
      select team_id, 'event:old', id, live_chat_id, 'session_created', 'Post', 'Post', ${quoted(facts)}, '{}', 'waiting',
        now() from sessions;
  `);
  const step = job('step', {
    type: 'io.camunda:http-json:1',
    inputs: { method: 'POST', url: '{{secrets.CRM_URL}}/posted', body: '={}' },
  });
  const post = process([start('start'), step, end(), flow('start -> step -> end')], { id: 'Post', name: 'Post' });
  const config = readConfig({
    SLACK_BOT_TOKEN: sandbox.botToken,
    SLACK_APP_TOKEN: sandbox.appToken,
    SLACK_API_URL: sandbox.apiUrl,
    DATA_DIR: join(directory, 'data'),
    PROCESSES_DIR: await writeFolder({ 'post.bpmn': post }),
    SECRET_CRM_URL: crm.url,
    HTTP_ALLOWED_HOSTS: '127.0.0.1',
    PORT: '0',
  });
  kickoff = await createKickoff({
    config,
    logger: pino({ level: 'silent' }),
    timings: { calls: { minuteMs: 0 } },
  });
  await kickoff.ready;
  await sandbox.traffic.until(() => channel.hasApp, { timeoutMs: 20_000 });
  await expect.poll(() => crm.requests.length, { timeout: 20_000 }).toBe(1);
  await carl.post(channel, 'Where is my order?');
  await expect.poll(() => crm.requests.length, { timeout: 20_000 }).toBe(2);
}, 90_000);

test('messages and modals of the last release, and of its replicas that are still running, are known', async () => {
  const message = (taskKey: string, columns: string) =>
    `insert into task_messages (task_key, user_id, channel_id, ts, closed) values ('${taskKey}', 'U1', ${columns});`;
  const start = '00000000-0000-4000-8000-000000000003';
  await writeOldDatabase(`
    insert into sessions (id, team_id, channel_id, name, is_private, is_shared, status, opened_at)
      values ('00000000-0000-4000-8000-000000000002', 'T1', 'C1', 'support-acme', false, false, 'open', now());
    insert into starts (id, team_id, key, session_id, process_definition_id, process_name, facts, status)
      select '${start}', team_id, 'event:old', id, 'Post', 'Post', '{}', 'running' from sessions;
    ${message('7-1', "'D1', '1.1', false")}
    ${message('7-2', "'V1', null, false")}
    ${message('camunda8:9', "'', null, false")}
    ${message(`start:${start}`, "'V1', null, false")}
    ${message('start:00000000-0000-4000-8000-000000000009', "'V1', null, false")}
    ${message('reminder:due:camunda8:9', "'D1', '1.2', false")}
    ${message(`trouble:${start}:2:failed`, "'D1', '1.3', true")}
    ${message('drift:camunda8:post:abc', "'D1', '1.4', false")}
    ${message('exposed:5:C5', "'', null, false")}
  `);
  const database = await openPgliteClient({ directory: join(directory, 'data/db') }, createMetrics());
  await migrate(drizzle(database), { migrationsFolder: 'migrations' });
  await database.exec(message('job:camunda8:4', "'', null, false"));
  await database.exec(`update task_messages set channel_id = 'D1', ts = '1.5' where task_key = 'job:camunda8:4'`);
  await database.exec(message('7-3', "'V2', null, false"));
  const rows = async (query: string) => (await database.query(query, [], { rowMode: 'array' })).rows;
  expect(await rows('select kind, subject, occasion, channel_id, ts, closed from notices order by kind')).toEqual([
    ['drift', 'camunda8:post', 'abc', 'D1', '1.4', false],
    ['exposure', '5', 'C5', null, null, false],
    ['job', 'camunda8:4', '', 'D1', '1.5', false],
    ['reminder', 'camunda8:9', 'due', 'D1', '1.2', false],
    ['trouble', start, '2:failed', 'D1', '1.3', true],
  ]);
  expect(await rows('select start_id, user_id, view_id from start_holds')).toEqual([[start, 'U1', 'V1']]);
  expect(
    await rows(`select task_key, view_id, ts from task_messages where task_key ~ '^(7|camunda8)' order by task_key`),
  ).toEqual([
    ['7-1', null, '1.1'],
    ['7-2', 'V1', null],
    ['7-3', 'V2', null],
    ['camunda8:9', null, null],
  ]);
  await database.close();
}, 90_000);

test('every migration is newer than the one before, because an older one would not be run', async () => {
  const times = (await readJournal()).entries.map(({ when }) => when);
  expect(times).toEqual([...new Set(times)].toSorted((one, other) => one - other));
});

/** Schema changes that break statements of the earlier version while both run, or lose its data. */
const breaking =
  /\b(drop (table|column|type)|rename (to|column)|alter column "\w+" (set not null|set data type|drop default)|truncate)\b|add column(?![^;]*\bdefault\b)[^;]*\bnot null\b/i;

test('a migration since the last release only adds, so that the earlier version can run at the same time', async () => {
  expect('ALTER TABLE "starts" ADD COLUMN "colour" text NOT NULL').toMatch(breaking);
  expect('ALTER TABLE "starts" DROP COLUMN "facts"').toMatch(breaking);
  expect('ALTER TABLE "starts" ADD COLUMN "colour" text DEFAULT 1 NOT NULL').not.toMatch(breaking);
  const files = (await readdir('migrations')).filter((name) => name.endsWith('.sql') && name > `${lastRelease}.sql`);
  expect(files.length).toBeGreaterThan(0);
  for (const file of files) {
    const statements = (await readFile(join('migrations', file), 'utf8')).split('--> statement-breakpoint');
    expect(statements.filter((statement) => breaking.test(statement))).toEqual([]);
  }
});
