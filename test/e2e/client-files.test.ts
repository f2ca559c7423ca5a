import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Channel } from '../../sandbox/driver/channel.ts';
import type { Message } from '../../sandbox/driver/message.ts';
import type { FileStub } from '../../sandbox/state.ts';
import * as b from '../engines/diagram-builder.ts';
import { writeFolder } from '../engines/embedded-world.ts';
import { clientChannel } from '../helpers/client-channel.ts';
import { startWorld, type World } from '../helpers/kickoff.ts';
import { setUpLiveChat } from '../helpers/set-up-live-chat.ts';
import { whyOf } from '../helpers/why.ts';

const form = (id: string, filepicker: object) =>
  JSON.stringify({
    type: 'default',
    id,
    schemaVersion: 18,
    components: [{ type: 'filepicker', id: 'Field_files', key: 'messageFiles', label: 'Documents', ...filepicker }],
  });

/** A process that posts the files it was started with to the CRM, with its own name. */
const reporting = (id: string, name: string) =>
  b.process(
    [
      b.start('start', { form: id }),
      b.job('report', {
        type: 'io.camunda:http-json:1',
        inputs: {
          method: 'POST',
          url: '{{secrets.CRM_URL}}/files',
          body: `={process: "${name}", files: get or else(messageFiles, [])}`,
        },
      }),
      b.end(),
      b.flow('start -> report -> end'),
    ],
    { id, name },
  );

const processes = {
  'any.form': form('any', { multiple: true }),
  'one.form': form('one', {}),
  'images.form': form('images', { multiple: true, accept: '.png' }),
  'any.bpmn': reporting('any', 'Take files'),
  'one.bpmn': reporting('one', 'Take one file'),
  'images.bpmn': reporting('images', 'Take images'),
};

let world: World;
let channel: Channel;
let tolerate = false;
afterEach(() => world.close({ tolerate }));

const file = (name: string, stub?: FileStub) => ({
  name,
  mimetype: 'text/plain',
  content: name,
  ...(stub && { stub }),
});

/** Names of the files that processes were started with, one list per start. */
async function given(): Promise<(string | undefined)[][]> {
  await world.quiet();
  return world.crm.requests
    .map(({ body }) => body as { files: { name: string; link: string }[] })
    .map(({ files }) => files.map(({ name, link }) => (link.startsWith('https://') ? name : `${name} without a link`)));
}

const why = (message: Pick<Message, 'channel' | 'ts'>) => whyOf(world.sandbox.people.oleg, message);

async function openForm(message: Pick<Message, 'channel' | 'ts'>, process: string) {
  const { oleg } = world.sandbox.people;
  await oleg.shortcut('start_process', message);
  const modal = await oleg.modalShown('Start business process');
  await modal.choose('Business process', process);
  await modal.submit();
  return oleg.modalShown(process);
}

const withheld: [FileStub, string][] = [
  ['deleted', 'a file that was deleted'],
  ['hidden_by_limit', 'a file that Slack hides because of its plan’s limits'],
  ['refused', 'a file that Slack does not show to Kickoff'],
];

beforeEach(async () => {
  tolerate = false;
  world = await startWorld({ environment: { PROCESSES_DIR: await writeFolder(processes) } });
});

const bind = async (process: string) => {
  await setUpLiveChat(world, { bindings: { 'Message received': { process } } });
  channel = await clientChannel(world, 'support-acme');
};

test('a process gets the files that a message names by their ids', async () => {
  await bind('Take files');
  const { gina } = world.sandbox.people;
  await gina.post(channel, 'The contract', { files: [file('contract.pdf', 'id_only'), file('plan.pdf')] });
  expect(await given()).toEqual([['contract.pdf', 'plan.pdf']]);
});

test('a process gets the files of a Slack Connect channel', async () => {
  await bind('Take files');
  const { anna, carl } = world.sandbox.people;
  const shared = await anna.createChannel('support-globex', { sharedWith: 'Acme' });
  await anna.invite(shared, carl);
  await world.quiet();
  await carl.post(shared, 'The contract', { files: [file('contract.pdf')] });
  expect(await given()).toEqual([['contract.pdf']]);
});

test.each(withheld)('a file that is %s is left out, and Why says so', async (stub, said) => {
  await bind('Take files');
  const { gina } = world.sandbox.people;
  const message = await gina.post(channel, 'The contract', { files: [file('contract.pdf', stub), file('plan.pdf')] });
  expect(await given()).toEqual([['plan.pdf']]);
  expect(await why(message)).toContain(`Left out: ${said}`);
});

test('a process gets a file once its upload is finished', async () => {
  await bind('Take files');
  const { gina } = world.sandbox.people;
  await gina.post(channel, 'The contract', { files: [file('contract.pdf', 'uploading')] });
  await world.sandbox.traffic.until(() => world.sandbox.traffic.callsOf('files.info').length > 0);
  world.sandbox.workspace.withholdFile('contract.pdf', undefined);
  expect(await given()).toEqual([['contract.pdf']]);
});

test.each(withheld)('the form says that a file that is %s was left out', async (stub, said) => {
  await setUpLiveChat(world);
  channel = await clientChannel(world, 'support-acme');
  const { gina } = world.sandbox.people;
  const message = await gina.post(channel, 'The contract', { files: [file('contract.pdf', stub), file('plan.pdf')] });
  const start = await openForm(message, 'Take files');
  expect(start.texts()).toContain(`Attached already: plan.pdf. What you upload takes their place.\nLeft out: ${said}.`);
  await start.submit();
  expect(await given()).toEqual([['plan.pdf']]);
  expect(await why(message)).toContain(`Left out: ${said}`);
});

test('a form does not wait for an upload that is not finished', async () => {
  await setUpLiveChat(world);
  channel = await clientChannel(world, 'support-acme');
  const { gina } = world.sandbox.people;
  const message = await gina.post(channel, 'The contract', { files: [file('contract.pdf', 'uploading')] });
  const start = await openForm(message, 'Take files');
  expect(start.texts()).toContain('Left out: a file whose upload is not finished.');
  world.sandbox.workspace.withholdFile('contract.pdf', undefined);
});

test('a parameter that takes one file gets the first of two, and Why names the other', async () => {
  await bind('Take one file');
  const { gina } = world.sandbox.people;
  const message = await gina.post(channel, 'Both', { files: [file('contract.pdf'), file('plan.pdf')] });
  expect(await given()).toEqual([['contract.pdf']]);
  expect(await why(message)).toContain('Left out: plan.pdf, because the field takes one file.');
});

test('a form that takes one file has the first of two, and names the other', async () => {
  await setUpLiveChat(world);
  channel = await clientChannel(world, 'support-acme');
  const { gina } = world.sandbox.people;
  const message = await gina.post(channel, 'Both', { files: [file('contract.pdf'), file('plan.pdf')] });
  const start = await openForm(message, 'Take one file');
  expect(start.texts()).toContain(
    'Attached already: contract.pdf. What you upload takes their place.\nLeft out: plan.pdf, because the field takes one file.',
  );
  await start.submit();
  expect(await given()).toEqual([['contract.pdf']]);
});

test('Input parameters says what happens to two files for a parameter that takes one', async () => {
  await setUpLiveChat(world);
  const { anna } = world.sandbox.people;
  await anna.command('/livechat-config', { in: 'general' });
  await (await anna.modalShown('Live chats')).menu('Support', 'Business processes');
  await (await anna.modalShown('Business processes')).click('Select', { near: 'Message received' });
  const select = await anna.modalShown('Select a process');
  await select.choose('Business process', 'Take one file');
  await select.submit();
  const inputs = await anna.modalShown('Input parameters');
  expect(inputs.texts()).toContain(
    'It takes one file. If the message has more, the first is passed on, and Why (not) a process? names the others.',
  );
});

test('files of a type that the field does not accept are left out, and named', async () => {
  await setUpLiveChat(world, { bindings: { 'Message received': { process: 'Take images' } } });
  channel = await clientChannel(world, 'support-acme');
  const { gina } = world.sandbox.people;
  const message = await gina.post(channel, 'Both', { files: [file('pump.png'), file('plan.pdf')] });
  expect(await given()).toEqual([['pump.png']]);
  expect(await why(message)).toContain('Left out: plan.pdf, because the field takes only .png.');
  const start = await openForm(message, 'Take images');
  expect(start.texts().join('\n')).toContain('Left out: plan.pdf, because the field takes only .png.');
});

test('without the scope files:read a process starts without the files, and Why says what is missing', async () => {
  await setUpLiveChat(world, { bindings: { 'Message received': { process: 'Take files' } } });
  channel = await clientChannel(world, 'support-acme');
  world.sandbox.workspace.removeScope('files:read');
  const { gina } = world.sandbox.people;
  const message = await gina.post(channel, 'The contract', { files: [file('contract.pdf', 'id_only')] });
  expect(await given()).toEqual([[]]);
  expect(await why(message)).toContain('files:read');
  // The missing scope is logged as an error.
  tolerate = true;
});

test('the session card names the files that were left out', async () => {
  await setUpLiveChat(world);
  channel = await clientChannel(world, 'support-acme');
  const { gina, oleg } = world.sandbox.people;
  const message = await gina.post(channel, 'Both', { files: [file('contract.pdf', 'deleted'), file('plan.pdf')] });
  await world.quiet();
  await oleg.shortcut('session', message);
  const card = await oleg.modalShown('Live-chat session');
  await card.shows("Message's files");
  expect(card.texts().join('\n')).toContain("*Message's files:* plan.pdf · Left out: a file that was deleted.");
});

test('a condition does not see a file that was deleted', async () => {
  await setUpLiveChat(world, { bindings: { 'Message received': { process: 'Take files' } } });
  channel = await clientChannel(world, 'support-acme');
  const { anna, gina } = world.sandbox.people;
  await anna.command('/livechat-config', { in: 'general' });
  await (await anna.modalShown('Live chats')).menu('Support', 'Business processes');
  const bound = await anna.modalShown('Business processes');
  await bound.menu('Message received', 'When it starts');
  const terms = await anna.modalShown('When it starts');
  await terms.choose('Conditions', 'If all of these hold');
  await terms.choose('Property 1', "Message's files");
  await terms.choose('Comparison 1', 'is not empty');
  expect((await terms.submit()).errors).toBeUndefined();
  await gina.post(channel, 'Gone', { files: [file('gone.pdf', 'deleted')] });
  await gina.post(channel, 'Here', { files: [file('here.pdf', 'id_only')] });
  expect(await given()).toEqual([['here.pdf']]);
});
