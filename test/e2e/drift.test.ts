import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { bindings } from '../../src/bindings/tables.ts';
import { starts } from '../../src/starts/tables.ts';
import { startWorld, type World } from '../helpers/kickoff.ts';
import { writeRequiringProcess } from '../helpers/requiring-process.ts';
import { setUpLiveChat } from '../helpers/set-up-live-chat.ts';

let world: World;
afterEach(() => world.close());

test('administrators are told once of a new version that does not fit; it is marked, and its starts fail with that reason', async () => {
  const directory = await writeRequiringProcess();
  world = await startWorld({ environment: { PROCESSES_DIR: directory } });
  const { anna, oleg, gina } = world.sandbox.people;
  await setUpLiveChat(world, {
    bindings: {
      'Message received': {
        process: 'Call the client',
        parameters: { Title: "Message's text", 'E-mail': "Client's e-mail" },
      },
    },
  });
  const told = () => world.sandbox.traffic.callsOf('chat.postMessage').map(({ args }) => JSON.stringify(args));
  const drifts = () => told().filter((text) => text.includes('no longer fits what is bound to it'));

  const form = join(directory, 'call.form');
  const before = await readFile(form, 'utf8');
  const components = [
    // The same label with another key, and a new required field.
    { type: 'textfield', key: 'subject', label: 'Title' },
    { type: 'number', key: 'clientEmail', label: 'E-mail' },
    { type: 'textfield', key: 'reason', label: 'Reason', validate: { required: true } },
  ];
  await writeFile(form, JSON.stringify({ ...JSON.parse(before), components }));
  await anna.receives('no longer fits what is bound to it');
  await world.quiet();
  expect(drifts()).toHaveLength(1);
  const [text] = drifts();
  expect(text).toContain('*Support*, Message received');
  expect(text).toContain('Title has another key now: subject; E-mail is now of type number; new and required: Reason');

  const channel = await anna.createChannel('support-acme', { invite: [oleg, gina] });
  await world.quiet();
  await gina.post(channel, 'Please call');
  await world.quiet();
  const [start] = await world.database.db.select().from(starts);
  expect(start).toMatchObject({ status: 'failed', reason: { key: 'mapping.changed' } });

  await anna.command('/livechat-config', { in: 'general' });
  await (await anna.modalShown('Live chats')).menu('Support', 'Business processes');
  const processes = await anna.modalShown('Business processes');
  await processes.shows(
    'Its parameters have changed (E-mail is now of type number; new: Reason; Title has another key now: subject)',
  );

  await processes.menu('Message received', 'Configure parameters');
  const parameters = await anna.modalShown('Input parameters');
  await parameters.choose('Reason', "Message's text");
  expect((await parameters.submit()).errors).toBeUndefined();
  // The mapping of Title moves to its new key.
  const [bound] = await world.database.db.select().from(bindings);
  expect(bound?.mapping).toEqual({ subject: 'message.text', reason: 'message.text' });
  await anna.modalShown('Business processes');
  await world.quiet();
  expect(drifts()).toHaveLength(1);
});
