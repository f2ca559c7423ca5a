import { afterEach, describe, expect, test } from 'vitest';
import type { SandboxOptions } from '../../sandbox/sandbox.ts';
import { type Answer, type BareApp, type Received, startBareApp } from './helpers.ts';
import { PageClient } from './page-client.ts';

let bare: BareApp;
const clients: PageClient[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await bare.stop();
});

/** A sandbox whose app gives these answers. */
async function start(
  answer: (body: Received['body']) => Answer = () => ({}),
  options: Partial<SandboxOptions> = {},
): Promise<void> {
  bare = await startBareApp((received) => answer(received.body), options);
}

async function page(handle: string): Promise<PageClient> {
  const client = await PageClient.open(bare.sandbox.url, bare.sandbox.person(handle).id);
  clients.push(client);
  return client;
}

const names = (client: PageClient) => [...client.seen.conversations.values()].map(({ name }) => name).sort();

describe('what each person sees', () => {
  test('everybody may act; conversations are those that the person could find in Slack', async () => {
    await start();
    const [anna, oleg, gina, carl] = await Promise.all(['anna', 'oleg', 'gina', 'carl'].map(page));
    expect(anna?.seen.people).toContain('Carl Client');
    expect(anna && names(anna)).toEqual(['acme-project', 'general', 'leadership', 'team-lunch']);
    expect(oleg && names(oleg)).toEqual(['acme-project', 'general', 'team-lunch']);
    expect(gina && names(gina)).toEqual([]);
    expect(carl && names(carl)).toEqual(['acme-project']);
    expect(anna?.conversation('acme-project').sharedWith).toEqual(['Acme']);
    expect(carl?.conversation('acme-project').sharedWith).toEqual(['Northwind']);
    const { id } = anna?.conversation('leadership') ?? { id: '' };
    await expect(oleg?.request('open_conversation', { conversation: id })).rejects.toThrow('no such conversation');
    await expect(anna?.request('act_as', { userId: bare.sandbox.botUserId })).rejects.toThrow('nobody like that');
  });

  test('messages, unread counts and what is only visible to one, as they come', async () => {
    await start();
    const anna = await page('anna');
    const oleg = await page('oleg');
    await anna.open('general');
    const { conversation, ts } = {
      conversation: oleg.conversation('general').id,
      ...(await oleg.request('post', { conversation: oleg.conversation('general').id, text: 'Hello @anna & all' })),
    };
    const shown = await anna.message('Hello');
    expect(shown).toMatchObject({
      text: `Hello <@${bare.sandbox.people.anna.id}> &amp; all`,
      authorName: 'Oleg Operator',
    });
    expect(shown.source).toBeUndefined();
    await anna.until(() => anna.conversation('general').unread === 1);
    expect(oleg.conversation('general').unread).toBe(0);
    await anna.request('mark_read', { conversation, ts });
    expect(anna.conversation('general').unread).toBe(0);

    await anna.request('invite', { conversation, userIds: [bare.sandbox.botUserId] });
    await bare.call('chat.postEphemeral', { channel: conversation, user: bare.sandbox.people.anna.id, text: 'psst' });
    const secret = await anna.message('psst');
    expect(secret).toMatchObject({ isEphemeral: true, isByApp: true, may: { dismiss: true, reply: false } });
    expect((await oleg.open('general')).map(({ text }) => text)).not.toContain('psst');
    await expect(oleg.request('dismiss', { conversation, ts: secret.ts })).rejects.toThrow('not there any more');
    await anna.request('dismiss', { conversation, ts: secret.ts });
    expect(anna.seen.messages.has(secret.ts)).toBe(false);

    await anna.request('react', { conversation, ts, name: 'tada', on: true });
    expect(anna.seen.messages.get(ts)?.reactions).toEqual([{ name: 'tada', users: [bare.sandbox.people.anna.id] }]);
    await anna.request('react', { conversation, ts, name: 'tada', on: false });
    expect(anna.seen.messages.get(ts)?.reactions).toEqual([]);
    await anna.request('post', { conversation, text: 'in a thread', threadTs: ts });
    await anna.until(() => anna.seen.messages.get(ts)?.replyCount === 1);
    const thread = await oleg.request('load_messages', { conversation, threadTs: ts });
    expect(thread.messages.map(({ text, isInChannel }) => [text.slice(0, 5), isInChannel])).toEqual([
      ['Hello', true],
      ['in a ', false],
    ]);
    const mine = (await oleg.open('general')).find((message) => message.ts === ts);
    expect(mine?.source).toBe('Hello @anna & all');
    await oleg.request('edit', { conversation, ts, text: '*Good* morning' });
    const edited = await anna.message('morning');
    expect(edited).toMatchObject({
      isEdited: true,
      blocks: [{ elements: [{ elements: [{ style: { bold: true } }, {}] }] }],
    });
    await expect(anna.request('edit', { conversation, ts, text: 'no' })).rejects.toThrow("is not Anna Admin's");
    await oleg.request('delete', { conversation, ts });
    await anna.until(() => anna.seen.messages.get(ts)?.subtype === 'tombstone');
  });

  test('a person removed from a private channel receives nothing more of it', async () => {
    await start();
    const anna = await page('anna');
    const sam = await page('sam');
    await sam.open('leadership');
    const conversation = anna.conversation('leadership').id;
    await anna.request('remove', { conversation, userId: bare.sandbox.people.sam.id });
    await sam.until(() => !sam.seen.conversations.has(conversation));
    await anna.request('post', { conversation, text: 'about Sam' });
    await anna.request('create_channel', { name: 'after' });
    await sam.until(() => names(sam).includes('after'));
    expect([...sam.seen.messages.values()].map(({ text }) => text)).not.toContain('about Sam');
  });

  test('5,000 messages a page at a time, 200 channels, and the newest at once', async () => {
    await start();
    const { sandbox } = bare;
    const { anna } = sandbox.people;
    sandbox.workspace.seedChannels(
      Array.from({ length: 200 }, (_, index) => `room-${index}`),
      { creator: anna },
    );
    for (let index = 0; index < 5000; index += 1) await anna.post('room-7', `line ${index}`);
    const client = await page('anna');
    const first = await client.open('room-7');
    expect(first).toHaveLength(client.seen.hello?.pageSize ?? 0);
    expect(first.at(-1)?.text).toBe('line 4999');
    const conversation = client.conversation('room-7').id;
    const older = await client.request('load_messages', { conversation, before: first[0]?.ts });
    expect(older.messages.at(-1)?.text).toBe('line 4949');
    expect(older.hasOlder).toBe(true);
    const before = client.pushes.length;
    await anna.post('room-7', 'the newest');
    await client.message('the newest');
    const told = client.pushes.slice(before).filter(({ push }) => push !== 'wire');
    expect(told.map(({ push }) => push).sort()).toEqual(['conversations', 'messages']);
    expect(told).toContainEqual(
      expect.objectContaining({ changed: [expect.objectContaining({ text: 'the newest' })] }),
    );
  });
});

describe('what people do', () => {
  test('channels through their life, with Slack’s rules', async () => {
    await start();
    const anna = await page('anna');
    const gina = await page('gina');
    const { people, botUserId } = bare.sandbox;
    await expect(gina.request('create_channel', { name: 'mine' })).rejects.toThrow('no full member');
    await expect(anna.request('create_channel', { name: 'No Name' })).rejects.toThrow('no channel name');
    await expect(anna.request('create_channel', { name: 'general' })).rejects.toThrow('already');
    await expect(anna.request('create_channel', { name: 'x', invite: [people.carl.id] })).rejects.toThrow('shared');
    const { conversation } = await anna.request('create_channel', {
      name: 'roses',
      isPrivate: true,
      sharedWith: 'T0ACMECORP',
      topic: 'Flowers',
      invite: [people.carl.id, people.gina.id, botUserId],
    });
    expect(anna.conversation('roses')).toMatchObject({ isPrivate: true, hasApp: true, topic: 'Flowers' });
    await gina.until(() => names(gina).includes('roses'));
    await anna.request('rename_channel', { conversation, name: 'tulips' });
    await expect(anna.request('rename_channel', { conversation, name: 'general' })).rejects.toThrow('already');
    await anna.request('run_command', { conversation, text: '/topic Tulips' });
    expect(anna.conversation('tulips').topic).toBe('Tulips');
    await anna.request('run_command', { conversation, text: `/invite @oleg` });
    expect(anna.conversation('tulips').members).toContain(people.oleg.id);
    await anna.request('archive_channel', { conversation });
    expect(anna.conversation('tulips')).toMatchObject({ isArchived: true, hasApp: false, may: { post: false } });
    await expect(anna.request('post', { conversation, text: 'hello?' })).rejects.toThrow('is archived');
    await anna.request('unarchive_channel', { conversation });
    await gina.request('leave', { conversation });
    expect(names(gina)).toEqual([]);
    const general = anna.conversation('general').id;
    await expect(anna.request('archive_channel', { conversation: general })).rejects.toThrow('nobody archive');
    await expect(anna.request('leave', { conversation: general })).rejects.toThrow('nobody leave');
    await anna.request('delete_channel', { conversation });
    expect(names(anna)).not.toContain('tulips');
  });

  test('a file in parts, shown to those who can see it, and to the app', async () => {
    await start();
    const anna = await page('anna');
    const conversation = anna.conversation('general').id;
    const content = Buffer.from('<script>alert(1)</script>');
    const file = { name: 'naïve 🌹.html', mimetype: 'text/html', size: content.length };
    await expect(anna.request('begin_upload', { ...file, size: 10 ** 9 })).rejects.toThrow('too large');
    const { upload } = await anna.request('begin_upload', file);
    await anna.request('upload_part', { upload, data: content.subarray(0, 10).toString('base64') });
    await expect(anna.request('post', { conversation, text: '', uploads: [upload] })).rejects.toThrow('completely');
    await anna.request('upload_part', { upload, data: content.subarray(10).toString('base64') });
    await anna.open('general');
    await anna.request('post', { conversation, text: 'look', uploads: [upload] });
    const [shown] = (await anna.message('look')).files;
    expect(shown).toMatchObject({ name: file.name, size: content.length });
    const response = await fetch(new URL(shown?.url ?? '', bare.sandbox.url));
    expect(Buffer.from(await response.arrayBuffer())).toEqual(content);
    // The browser must not run it as a page of the sandbox.
    expect(response.headers.get('content-type')).toBe('application/octet-stream');
    expect(response.headers.get('content-disposition')).toMatch(/^attachment/);
    await expect(anna.request('post', { conversation, text: '', uploads: [upload] })).rejects.toThrow(
      'choose it again',
    );
  });

  test('commands and shortcuts of the app; Slack’s own words where it does not answer', async () => {
    const seen: unknown[] = [];
    await start((body) => {
      seen.push(body.command ?? body.callback_id ?? body.type);
      return body.command ? { body: { text: 'Fresh *flowers*' } } : { status: 500 };
    });
    const anna = await page('anna');
    const carl = await page('carl');
    const conversation = anna.conversation('acme-project').id;
    expect(anna.seen.hello?.commands).toContainEqual(
      expect.objectContaining({ command: '/flowers', description: 'Shows flowers', isOfApp: true }),
    );
    await anna.open('acme-project');
    await anna.request('run_command', { conversation, text: '/flowers red' });
    expect(await anna.message('flowers')).toMatchObject({ isEphemeral: true });
    await expect(anna.request('run_command', { conversation, text: '/trees' })).rejects.toThrow('not a valid command');
    await expect(carl.request('run_command', { conversation, text: '/flowers' })).rejects.toThrow('own workspace');
    const { ts } = await carl.request('post', { conversation, text: 'roses, please' });
    await anna.request('use_shortcut', { callbackId: 'order', message: { conversation, ts } });
    expect(anna.seen.notices).toEqual(['message_action order failed with the error "dispatch_failed"']);
    await expect(anna.request('use_shortcut', { callbackId: 'order' })).rejects.toThrow('no global shortcut');
    expect(seen).toEqual(['/flowers', 'order']);
  });
});

test('invalid requests are refused, and do no harm', async () => {
  await start();
  const client = await PageClient.open(bare.sandbox.url);
  clients.push(client);
  await expect(client.request('post', { conversation: 'C1', text: 'x' })).rejects.toThrow('Nobody acts here yet');
  await client.request('act_as', { userId: bare.sandbox.people.anna.id });
  await expect(client.request('toString' as 'leave', { conversation: 'C1' })).rejects.toThrow('no request "toString"');
  await expect(client.request('post', { conversation: 1 } as never)).rejects.toThrow('post: conversation');
  for (const conversation of ['__proto__', 'constructor', 'C1']) {
    await expect(client.request('post', { conversation, text: 'x' })).rejects.toThrow('no such');
  }
  client.sendRaw('{"no":"request"}');
  expect(await client.closed()).toBe(1007);
  expect((await page('anna')).seen.conversations.size).toBe(4);
});
