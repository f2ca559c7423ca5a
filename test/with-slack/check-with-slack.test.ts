import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import { checkWithSlack } from '../../with-slack/check-with-slack.ts';
import { keepSurfaces, readSurfaces } from '../../with-slack/surfaces.ts';

let sandbox: Sandbox;
let directory: string;
beforeEach(async () => {
  sandbox = await startSandbox({ manifest: await readFile('manifest.yml', 'utf8') });
  directory = await mkdtemp(join(tmpdir(), 'kickoff-surfaces-'));
});
afterEach(() => sandbox.close());

const text = (words: string) => ({ type: 'plain_text', text: words });
const section = (words: string) => ({ type: 'section', text: text(words) });
const modal = { type: 'modal', callback_id: 'live_chats', title: text('Live chats'), blocks: [section('Sales')] };

async function call(method: string, args: object): Promise<void> {
  const headers = { authorization: `Bearer ${sandbox.botToken}`, 'content-type': 'application/json' };
  await fetch(`${sandbox.apiUrl}${method}`, { method: 'POST', headers, body: JSON.stringify(args) });
}

async function check(configToken?: string): Promise<{ isGood: boolean; printed: string }> {
  const lines: string[] = [];
  const { botToken, apiUrl } = sandbox;
  const isGood = await checkWithSlack({
    botToken,
    configToken,
    apiUrl,
    directory: () => directory,
    print: (line) => lines.push(line),
  });
  return { isGood, printed: lines.join('\n') };
}

test('views and messages that were shown are stored once each, and checked', async () => {
  const { anna } = sandbox.people;
  await call('views.publish', { user_id: anna.id, view: { type: 'home', blocks: [section('Tasks')] } });
  for (const words of ['Hello', 'Hello', 'Bye']) {
    await call('chat.postMessage', { channel: anna.id, text: words, blocks: [section(words)] });
  }
  await call('chat.postMessage', { channel: anna.id, text: 'no blocks' });
  await keepSurfaces(directory, sandbox.traffic);
  expect((await readSurfaces(directory)).map(({ name }) => name.split(' ').slice(0, -1).join(' '))).toEqual([
    'message',
    'message',
    'view home',
  ]);
  const { isGood, printed } = await check(sandbox.configToken);
  expect(isGood).toBe(true);
  expect(printed).toContain('auth.test: @kickoff of');
  expect(printed).toContain('blocks.validate: 3 views and messages, 0 mistakes');
  expect(printed).toContain('apps.manifest.validate: manifest.yml, 0 mistakes');
  expect(printed).toContain('apps.manifest.validate: manifest.http.yml, 0 mistakes');
  expect(printed).toContain('What only a real workspace shows');
  expect(sandbox.traffic.callsOf('blocks.validate')).toHaveLength(3);
});

test('a mistake is printed with its place, and all others are checked nevertheless', async () => {
  const long = { ...modal, title: text('A title that is longer than Slack takes') };
  await writeFile(join(directory, '1.json'), JSON.stringify({ view: long }));
  await writeFile(join(directory, '2.json'), JSON.stringify({ view: modal }));
  const { isGood, printed } = await check();
  expect(isGood).toBe(false);
  expect(printed).toMatch(/✗ view live_chats \w+ \/view\/title\S*: must be less than 25 characters/);
  expect(printed).toContain('apps.manifest.validate: not asked, for SLACK_CONFIG_TOKEN is not set');
  expect(sandbox.traffic.callsOf('blocks.validate')).toHaveLength(2);
});

describe('before any test runs', () => {
  const checkWith = (options: { configToken?: string; apiUrl?: string }) =>
    checkWithSlack({
      botToken: sandbox.botToken,
      apiUrl: sandbox.apiUrl,
      directory: () => expect.fail('the tests ran'),
      print: () => undefined,
      ...options,
    });

  test('a bot token that Slack refuses is named with the reason', async () => {
    await sandbox.workspace.revokeToken({ isTold: false });
    await expect(checkWith({})).rejects.toThrow('Slack does not take SLACK_BOT_TOKEN: token_revoked');
  });

  test('a configuration token that Slack refuses is named with the reason', async () => {
    await expect(checkWith({ configToken: 'xoxe.xoxp-wrong' })).rejects.toThrow(
      'Slack does not take SLACK_CONFIG_TOKEN: invalid_auth',
    );
  });

  test('if Slack cannot be reached, the error says so, with the reason', { timeout: 60_000 }, async () => {
    const other = await startSandbox({ manifest: await readFile('manifest.yml', 'utf8') });
    await other.close();
    await expect(checkWith({ apiUrl: other.apiUrl })).rejects.toThrow(/^Slack cannot be reached: .*ECONNREFUSED/);
  });
});
