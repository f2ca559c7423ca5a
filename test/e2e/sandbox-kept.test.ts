import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sql } from 'drizzle-orm';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDatabase } from '../../src/db/client.ts';
import { selectRows } from '../../src/db/query.ts';
import { sessions } from '../../src/sessions/tables.ts';
import { makeDataDirectory } from '../helpers/data-directory.ts';
import { type KickoffProcess, killProcesses, ProcessLog, startKickoffProcess } from '../helpers/process.ts';
import { PageClient } from '../sandbox/page-client.ts';

let dataDir: string;
let log: ProcessLog;
const clients: PageClient[] = [];
beforeEach(async () => {
  dataDir = await makeDataDirectory({ inSandbox: true });
  log = new ProcessLog();
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await killProcesses();
  await rm(dataDir, { recursive: true, force: true });
});

async function start(environment: Record<string, string> = {}): Promise<KickoffProcess> {
  const from = log.lines.length;
  const started = await startKickoffProcess({ DATA_DIR: dataDir, PORT: '0', ...environment }, log);
  await log.says('in your browser', { from, timeoutMs: 30_000 });
  return started;
}

async function page({ port }: KickoffProcess, userId: string): Promise<PageClient> {
  const client = await PageClient.open(`http://127.0.0.1:${port}`, userId);
  clients.push(client);
  return client;
}

const workspacePath = () => join(dataDir, 'sandbox/workspace/workspace.json');

/** Waits until this text is stored. */
const stored = (text: string) =>
  expect.poll(async () => (await readFile(workspacePath(), 'utf8').catch(() => '')).includes(text)).toBe(true);

test('kill -9 loses at most the last moment; messages, files and ids are kept, for one process at a time', async () => {
  const first = await start();
  const carl = await page(first, 'U0CARL00001');
  const conversation = carl.conversation('support-acme').id;
  const content = Buffer.from('Where is my order?');
  const file = { name: 'order.txt', mimetype: 'text/plain', size: content.length };
  const { upload } = await carl.request('begin_upload', file);
  await carl.request('upload_part', { upload, data: content.toString('base64') });
  await carl.request('post', { conversation, text: 'see the file', uploads: [upload] });
  await carl.until(() => carl.seen.checklist.find(({ id }) => id === 'lead')?.isDone);
  await stored('see the file');
  await stored('"lead"');
  // It may not be stored any more, but its ids must not be used again.
  const anna = await page(first, 'U0ANNA00001');
  const { conversation: lost } = await anna.request('create_channel', { name: 'support-lost' });
  await first.kill();

  const second = await start();
  const again = await page(second, 'U0CARL00001');
  await again.open('support-acme');
  const [shown] = (await again.message('see the file')).files;
  const response = await fetch(`http://127.0.0.1:${second.port}${shown?.url}`);
  expect(await response.text()).toBe(content.toString());
  expect(again.seen.checklist.filter(({ isDone }) => isDone).map(({ id }) => id)).toEqual(['write', 'lead']);
  const leads = await (await fetch(`http://127.0.0.1:${second.port}/crm/leads`)).json();
  expect(leads).toMatchObject({ leads: expect.arrayContaining([expect.objectContaining({ name: 'Carl Client' })]) });
  const administrator = await page(second, 'U0ANNA00001');
  const { conversation: next } = await administrator.request('create_channel', { name: 'support-next' });
  expect(next > lost).toBe(true);

  await expect(start()).rejects.toThrow('is in use by another Kickoff');
  await administrator.request('create_channel', { name: 'still-there' });
  await stored('still-there');
  expect(await second.terminate()).toBe(0);
}, 120_000);

const database = () => join(dataDir, 'sandbox/db');
/** Marks the database that is there, so that another can be told from it. */
const mark = () => writeFile(join(database(), 'marked'), '');
const isMarked = async () => (await readdir(database())).includes('marked');

test('a new workspace empties the database of an earlier one, and does not create another', async () => {
  await mark();
  for (const _ of ['the first workspace', 'the second workspace']) {
    const kickoff = await start();
    const carl = await page(kickoff, 'U0CARL00001');
    const conversation = carl.conversation('support-acme').id;
    await carl.request('post', { conversation, text: 'Where is my order?' });
    // A process starts for the first message of a session alone.
    await carl.until(() => carl.seen.checklist.find(({ id }) => id === 'lead')?.isDone);
    await kickoff.kill();
    await rm(dirname(workspacePath()), { recursive: true });
  }
  expect(await isMarked()).toBe(true);
  const { db, close } = await openDatabase({ dataDir: dirname(database()), logger: pino({ level: 'silent' }) });
  expect(await db.select({ channel: sessions.channelId }).from(sessions)).toHaveLength(1);
  await close();
}, 120_000);

/** The file of a table of Kickoff, below the database's directory. */
async function tableFile(): Promise<string> {
  const { db, close } = await openDatabase({ dataDir: join(dataDir, 'sandbox'), logger: pino({ level: 'silent' }) });
  const [row] = await selectRows<{ path: string }>(db, sql`select pg_relation_filepath('sessions') as path`);
  await close();
  return row?.path ?? '';
}

test('a new workspace creates another database if that of an earlier one cannot be opened', async () => {
  await mark();
  await rm(join(database(), 'global/pg_control'));
  const kickoff = await start();
  const carl = await page(kickoff, 'U0CARL00001');
  await carl.request('post', { conversation: carl.conversation('support-acme').id, text: 'Where is my order?' });
  await carl.until(() => carl.seen.checklist.find(({ id }) => id === 'lead')?.isDone);
  expect(await isMarked()).toBe(false);
}, 120_000);

test('a new workspace begins to create another database if that of an earlier one cannot be emptied', async () => {
  await rm(join(database(), await tableFile()));
  const kickoff = await startKickoffProcess({ DATA_DIR: dataDir, PORT: '0' }, log, { untilReady: false });
  await expect.poll(() => readdir(join(dataDir, 'sandbox')), { timeout: 30_000 }).toContain(`db.new-${kickoff.pid}`);
  expect(await readdir(join(dataDir, 'sandbox'))).not.toContain('db');
  expect(await kickoff.terminate()).toBe(0);
}, 120_000);

test('a broken file is named and not overwritten', async () => {
  await mkdir(dirname(workspacePath()), { recursive: true });
  await writeFile(workspacePath(), '{"version":1,');
  await expect(start()).rejects.toThrow('workspace.json is no JSON');
  expect(await readFile(workspacePath(), 'utf8')).toBe('{"version":1,');
}, 120_000);
