import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await startSandbox({ manifest: await readFile('manifest.yml', 'utf8') });
});
afterEach(() => sandbox.close());

const inherited = ['constructor', '__proto__', 'toString', 'hasOwnProperty'];

test.each(inherited)(
  'a file, page, method, view or person called %s is answered like any unknown one',
  async (name) => {
    const page = new URL(sandbox.apiUrl).origin;
    const status = async (path: string) => (await fetch(`${page}${path}`)).status;
    expect(await status(`/sandbox/files/${name}/x`)).toBe(404);
    const call = async (method: string, args: Record<string, string>) => {
      const response = await fetch(`${sandbox.apiUrl}${method}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${sandbox.botToken}` },
        body: new URLSearchParams(args),
      });
      return ((await response.json()) as { error?: string }).error;
    };
    expect(await call(name, {})).toBe('unknown_method');
    expect(await call('users.info', { user: name })).toBe('user_not_found');
    expect(await call('conversations.info', { channel: name })).toBe('channel_not_found');
    expect(await call('chat.postMessage', { channel: name, text: 'Hi' })).toBe('channel_not_found');
    expect(await call('files.info', { file: name })).toBe('file_not_found');
    expect(await call('views.update', { view_id: name, view: '{"type":"modal"}' })).not.toBe('fatal_error');
  },
);
