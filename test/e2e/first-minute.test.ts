import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startInSandbox } from '../../demo/start-in-sandbox.ts';
import type { ElementAddress } from '../../sandbox/page-server/protocol.ts';
import { readConfig } from '../../src/config.ts';
import type { Kickoff } from '../../src/kickoff.ts';
import { createLogger } from '../../src/logger.ts';
import { PageClient } from '../sandbox/page-client.ts';

let dataDir: string;
let kickoff: Kickoff;
const log: { level: number; msg: string }[] = [];
const clients: PageClient[] = [];

async function start(): Promise<void> {
  const logger = createLogger('info', { write: (line) => log.push(JSON.parse(line)) });
  kickoff = await startInSandbox(readConfig({ DATA_DIR: dataDir, PORT: '0' }), logger, () => {});
  await kickoff.ready;
}

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'first-minute-'));
  await start();
}, 120_000);
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});
afterAll(async () => {
  await kickoff.stop();
  await rm(dataDir, { recursive: true });
  // A test cuts the connection, and new ones are refused for a while.
  const expected = /^(WebSocket error|Failed to retrieve a new WSS URL)/;
  expect(log.filter(({ level, msg }) => level >= 50 && !expected.test(msg))).toEqual([]);
});

const url = () => `http://127.0.0.1:${kickoff.port}`;

async function page(userId: string): Promise<PageClient> {
  const client = await PageClient.open(url(), userId);
  clients.push(client);
  return client;
}

const anna = () => page('U0ANNA00001');
const oleg = () => page('U0OLEG00001');
const carl = () => page('U0CARL00001');

async function leads(): Promise<{ name: string; company: string; email: string; message: string }[]> {
  const response = await fetch(`${url()}/crm/leads`);
  return ((await response.json()) as { leads: never[] }).leads;
}

const doneSteps = (client: PageClient) => client.seen.checklist.filter(({ isDone }) => isDone).map(({ id }) => id);
const titleOf = (client: PageClient) => client.seen.modals.at(-1)?.title.text;

/** Waits for the element in the open modal whose block or own text has this label. */
async function elementAt(client: PageClient, label: string): Promise<ElementAddress> {
  const find = (): ElementAddress | undefined => {
    const { viewId, blocks = [] } = client.seen.modals.at(-1) ?? {};
    for (const block of blocks) {
      const elements = [block.element, block.accessory, ...(block.type === 'actions' ? (block.elements ?? []) : [])];
      const element = elements.find((one) =>
        [block.label?.text, one?.text?.text, block.text?.text].some((text) => one && text?.includes(label)),
      );
      if (element && viewId) return { surface: 'modal', viewId, blockId: block.block_id, actionId: element.action_id };
    }
    return undefined;
  };
  return client.until(find);
}

test('the steps of the first minute are ticked off when a page does them', async () => {
  const client = await carl();
  expect(client.seen.checklist.map(({ id }) => id)).toEqual(['write', 'lead', 'start', 'form', 'bind']);
  expect(doneSteps(client)).toEqual([]);
  expect(await leads()).toEqual([]);
  const conversation = client.conversation('support-acme').id;
  await client.open('support-acme');
  const { ts } = await client.request('post', { conversation, text: 'We need 40 licences, please' });
  await client.until(() => doneSteps(client).includes('write'));
  await client.until(() => doneSteps(client).includes('lead'));
  const [lead, ...others] = await leads();
  expect(others).toEqual([]);
  expect(lead).toMatchObject({ name: 'Carl Client', company: 'Acme', email: 'carl.client@acme.example' });
  expect(lead?.message).toBe('We need 40 licences, please');

  const operator = await oleg();
  await operator.open('support-acme');
  await operator.request('use_shortcut', { callbackId: 'start_process', message: { conversation, ts } });
  await operator.until(() => titleOf(operator) === 'Start business process');
  const search = await elementAt(operator, 'Business process');
  const { groups } = await operator.request('suggest', { ...search, typed: 'escal' });
  expect(groups.map(({ label, options }) => [label, options.map(({ text }) => text)])).toEqual([
    ['Company', ['Escalate']],
  ]);
  await operator.request('enter', { ...search, value: groups[0]?.options[0]?.value ?? '' });
  await operator.request('submit', { viewId: operator.modal.viewId });
  await operator.until(() => titleOf(operator) === 'Escalate');
  expect(doneSteps(operator)).toEqual(['write', 'lead', 'start']);
  // The form already has the client's message and e-mail address.
  const form = JSON.stringify(operator.modal.blocks);
  for (const known of ['We need 40 licences, please', 'Carl Client', 'carl.client@acme.example']) {
    expect(form).toContain(known);
  }
  await operator.request('enter', { ...(await elementAt(operator, 'Reason')), value: 'A large order' });
  await operator.request('enter', { ...(await elementAt(operator, 'Escalate to')), value: 'U0OLGA00001' });
  await operator.request('submit', { viewId: operator.modal.viewId });
  await operator.until(() => JSON.stringify(operator.modal).includes('Resolve escalation'));
  expect(doneSteps(operator)).toEqual(['write', 'lead', 'start', 'form']);
  await operator.request('close', { viewId: operator.modal.viewId });

  const admin = await anna();
  await admin.request('run_command', { conversation: admin.conversation('general').id, text: '/livechat-config' });
  await admin.until(() => titleOf(admin) === 'Live chats' && JSON.stringify(admin.modal).includes('Support'));
  const menu = await elementAt(admin, 'Support');
  const items = admin.modal.blocks.find(({ block_id }) => block_id === menu.blockId)?.accessory?.options ?? [];
  await admin.request('press', { ...menu, option: items.findIndex(({ text }) => text.text === 'Business processes') });
  await admin.until(
    () => titleOf(admin) === 'Business processes' && JSON.stringify(admin.modal).includes('Create lead'),
  );
  const entry = await elementAt(admin, "Client's first message →");
  const actions = admin.modal.blocks.find(({ block_id }) => block_id === entry.blockId)?.accessory?.options ?? [];
  await admin.request('press', {
    ...entry,
    option: actions.findIndex(({ text }) => text.text === 'Configure parameters'),
  });
  await admin.until(() => titleOf(admin) === 'Input parameters' && admin.modal.submit);
  await admin.request('submit', { viewId: admin.modal.viewId });
  await admin.until(() => doneSteps(admin).length === 5);
});

test('everything is still there after a restart', async () => {
  const before = await carl();
  const epoch = before.seen.hello?.epoch;
  await kickoff.stop();
  expect(await readFile(join(dataDir, 'sandbox/workspace/workspace.json'), 'utf8')).toContain('40 licences');
  await start();
  const after = await carl();
  expect(after.seen.hello?.epoch).toBe(epoch);
  expect(doneSteps(after)).toHaveLength(5);
  expect((await after.open('support-acme')).map(({ text }) => text)).toContain('We need 40 licences, please');
  expect(await leads()).toHaveLength(1);
  // The session exists already, so nothing starts again.
  const conversation = after.conversation('support-acme').id;
  await after.request('post', { conversation, text: 'Hello again' });
  const operator = await oleg();
  await operator.open('support-acme');
  await operator.message('Hello again');
  expect(await leads()).toHaveLength(1);
});

/** Resets the workspace with the page's button; resolves with a page of the new one, once Kickoff is ready. */
async function reset(client: PageClient): Promise<PageClient> {
  const epoch = client.seen.hello?.epoch;
  const gone = client.closed();
  const clicks = await Promise.allSettled([client.request('reset', {}), client.request('reset', {})]);
  expect(clicks.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  await gone;
  let again: PageClient | undefined;
  await expect
    .poll(
      async () => {
        again ??= await carl().catch(() => undefined);
        return again?.seen.conversations.size === 2 && again.seen.hello?.epoch !== epoch;
      },
      { timeout: 60_000 },
    )
    .toBe(true);
  if (!again) throw new Error('no page');
  return again;
}

test('a reset brings back the seed, in Kickoff as in the workspace', async () => {
  const again = await reset(await carl());
  expect(doneSteps(again)).toEqual([]);
  expect(await again.open('support-acme')).toEqual([]);
  expect(await leads()).toEqual([]);
  await again.request('post', { conversation: again.conversation('support-acme').id, text: 'A new beginning' });
  await again.until(() => doneSteps(again).includes('lead'));
  expect(await leads()).toHaveLength(1);
}, 120_000);

test('a reset while Kickoff cannot connect to Slack leaves nothing of the old Kickoff behind', async () => {
  const client = await carl();
  const method = 'apps.connections.open';
  await client.until(() => client.seen.wire?.connections === 1);
  await client.request('fault', { fault: 'answer', method, status: 500, times: 100 });
  await client.request('fault', { fault: 'drop' });
  await client.until(() => client.seen.wire?.planned.some(({ left }) => left < 100), { timeoutMs: 20_000 });
  const again = await reset(client);
  // A Kickoff of the earlier workspace would call this one, with a token that is not valid here.
  await again.request('watch_traffic', { on: true });
  await again.request('post', { conversation: again.conversation('support-acme').id, text: 'Anybody there?' });
  await again.until(() => doneSteps(again).includes('lead'));
  const refused = [...again.seen.traffic.values()].filter((entry) => JSON.stringify(entry).includes('invalid_auth'));
  expect(refused).toEqual([]);
}, 120_000);
