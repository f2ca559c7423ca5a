import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { workspaceFolder } from '../../sandbox/keep-workspace.ts';
import { startSandbox } from '../../sandbox/sandbox.ts';
import { manifest, startApp } from './helpers.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kept-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const failed = (error: unknown) => {
  throw error;
};

test('a workspace is restored, with the events that were not delivered', async () => {
  const first = await startSandbox({ manifest });
  const keeping = workspaceFolder(folder).follow(first, failed);
  const { anna, oleg } = first.people;
  first.faults.holdDeliveries();
  const roses = await anna.createChannel('roses', { isPrivate: true, invite: ['app', oleg] });
  const message = await oleg.post(roses, 'red ones', {
    files: [{ name: 'rose 🌹.bin', mimetype: 'x/y', content: Buffer.from([0, 255, 1]) }],
  });
  await anna.react(message, 'rose');
  await first.close();
  await keeping.stop();

  const kept = await workspaceFolder(folder).read();
  const heard: string[] = [];
  const { sandbox, stop } = await startApp(
    'socket',
    (app) => {
      app.message(async ({ message }) => {
        heard.push(('text' in message && message.text) || '');
      });
    },
    { kept },
  );
  await sandbox.traffic.until(() => heard.includes('red ones'));
  const [again] = sandbox.people.oleg.sees('roses').filter(({ text }) => text === 'red ones');
  expect(again?.record).toEqual(message.record);
  const file = sandbox.state.files[again?.record.files?.[0] ?? ''];
  expect([...Buffer.from(file?.content ?? '', 'base64')]).toEqual([0, 255, 1]);
  // Whether or not it was stored, no id and no timestamp is used again.
  const next = await sandbox.people.anna.createChannel('tulips');
  expect(next.id > roses.id).toBe(true);
  expect((await sandbox.people.anna.post(next, 'hi')).ts > message.ts).toBe(true);
  await stop();
});

test('the stored file is complete at every moment while the workspace changes', async () => {
  const sandbox = await startSandbox({ manifest });
  const keeping = workspaceFolder(folder).follow(sandbox, failed);
  const { anna } = sandbox.people;
  let posted = 0;
  let read = 0;
  const texts = new Set<number>();
  while (read < 20 || texts.size < 2) {
    await anna.post('general', `line ${posted}`);
    posted += 1;
    // Gives other work its turn, because reading does not wait for anything before the first write.
    await new Promise(setImmediate);
    const kept = await workspaceFolder(folder).read();
    const general = Object.values(kept?.state.channels ?? {}).find(({ name }) => name === 'general');
    if (general) {
      read += 1;
      texts.add(general.messages.length);
    }
  }
  await keeping.stop();
  await sandbox.close();
  const kept = await workspaceFolder(folder).read();
  const general = Object.values(kept?.state.channels ?? {}).find(({ name }) => name === 'general');
  expect(general?.messages).toHaveLength(posted);
  expect((await readdir(folder)).sort()).toEqual(['files', 'workspace.json']);
});

test('an empty folder has no workspace, and one of another version is refused', async () => {
  expect(await workspaceFolder(folder).read()).toBeUndefined();
  await writeFile(join(folder, 'workspace.json'), '{"version":99,"workspace":{}}');
  await expect(workspaceFolder(folder).read()).rejects.toThrow('not written by this version');
});
