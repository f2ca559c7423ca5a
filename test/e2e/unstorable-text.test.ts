import { afterEach, describe, expect, test } from 'vitest';
import type { Channel } from '../../sandbox/driver/channel.ts';
import { end, flow, job, process, start, userTask } from '../engines/diagram-builder.ts';
import { writeFolder } from '../engines/embedded-world.ts';
import { deliveryModes, startWorld, type World } from '../helpers/kickoff.ts';
import { writeNoteProcesses } from '../helpers/note-processes.ts';
import { type LiveChatSetUp, setUpLiveChat } from '../helpers/set-up-live-chat.ts';

/** Postgres can store neither U+0000 nor half of a surrogate pair. */
const odd = (text: string) => `${text}\0 \ud83d`;
const kept = (text: string) => `${text} \ufffd`;

let world: World;
let channel: Channel;
afterEach(async () => {
  await world.quiet();
  await world.close();
});

async function begin(setUp: LiveChatSetUp, options: Parameters<typeof startWorld>[0]) {
  world = await startWorld(options);
  await setUpLiveChat(world, setUp);
  const { people, state, faults } = world.sandbox;
  const { anna, oleg, carl } = people;
  Object.assign(state.users[carl.id] ?? {}, { realName: odd('Carl'), title: odd('Buyer') });
  faults.holdDeliveries();
  channel = await anna.createChannel('support-acme', { sharedWith: 'Acme' });
  // People cannot give a channel such a name, but Slack does not guarantee that it never sends one.
  Object.assign(state.channels[channel.id] ?? {}, { name: odd('support-acme') });
  await faults.releaseDeliveries();
  for (const person of [oleg, carl]) await anna.invite(channel, person);
  await world.quiet();
}

describe.each(deliveryModes)('text that Postgres cannot store (%s)', (mode) => {
  test('of a client, a profile, a channel and a file starts the bound process, and Why shows it', async () => {
    await begin(
      { bindings: { 'Message received': { process: 'Note message' } } },
      { mode, environment: { PROCESSES_DIR: await writeNoteProcesses() } },
    );
    const { oleg, carl } = world.sandbox.people;
    const message = await carl.post(channel, odd('We need chairs'), {
      files: [{ name: 'chairs\0.png', mimetype: 'image/png', content: 'png' }],
    });
    await world.quiet();
    expect(world.crm.requests.map(({ body }) => body)).toEqual([
      expect.objectContaining({
        messageText: kept('We need chairs'),
        clientName: kept('Carl'),
        clientTitle: kept('Buyer'),
        sessionName: kept('support-acme'),
        sessionTranscript: expect.stringContaining(kept('We need chairs')),
        messageFiles: [expect.objectContaining({ name: 'chairs.png' })],
      }),
    ]);
    await oleg.shortcut('why', message);
    await (await oleg.modalShown('Why (not) a process?')).shows('It started *Note message*');
  });

  test('entered in forms, or returned by a service, passes through the process', async () => {
    const form = (id: string, key: string) =>
      JSON.stringify({ id, type: 'default', components: [{ type: 'textfield', key, label: 'Text' }] });
    const post = (id: string, path: string, body: string, headers = {}) =>
      job(id, {
        type: 'io.camunda:http-json:1',
        headers,
        inputs: { method: 'POST', url: `{{secrets.CRM_URL}}${path}`, body },
      });
    const directory = await writeFolder({
      'ask.form': form('ask', 'asked'),
      'check.form': form('check', 'entered'),
      'odd.bpmn': process(
        [
          start('start', { form: 'ask' }),
          post('ask', '/asked', '={text: asked}', { resultExpression: '={answer: response.body}' }),
          userTask('check', { form: 'check' }),
          post('tell', '/told', '={entered: entered, answer: answer}'),
          end(),
          flow('start -> ask -> check -> tell -> end'),
        ],
        { id: 'odd', name: 'Odd text' },
      ),
    });
    await begin({}, { mode, environment: { PROCESSES_DIR: directory } });
    const { oleg, carl } = world.sandbox.people;
    world.crm.answer('{"n\\u0000ame": "from the service\\u0000 \\ud83d"}');
    await oleg.shortcut('start_process', await carl.post(channel, 'Hello'));
    const modal = await oleg.modalShown('Start business process');
    await modal.choose('Business process', 'Odd text');
    await modal.submit();
    await modal.shows('Text');
    await modal.fill('Text', odd('at the start'));
    await modal.submit();
    await world.sandbox.traffic.until(() => modal.isOpen && modal.fields()[0]?.value === '');
    await modal.fill('Text', odd('in a task'));
    await modal.submit();
    await world.quiet();
    expect(world.crm.requests.map(({ body }) => body)).toEqual([
      { text: kept('at the start') },
      { entered: kept('in a task'), answer: { name: kept('from the service') } },
    ]);
  });
});
