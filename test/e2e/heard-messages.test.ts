import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Channel } from '../../sandbox/driver/channel.ts';
import * as b from '../engines/diagram-builder.ts';
import { writeFolder } from '../engines/embedded-world.ts';
import { clientChannel } from '../helpers/client-channel.ts';
import { startWorld, type World } from '../helpers/kickoff.ts';
import { type LiveChatSetUp, setUpLiveChat } from '../helpers/set-up-live-chat.ts';

const heard = b.messageDefinition('live-chat:message-received', '=sessionId');
const report = b.job('report', {
  type: 'io.camunda:http-json:1',
  inputs: {
    method: 'POST',
    url: '{{secrets.CRM_URL}}/heard',
    body: '={started: get or else(messageText, null), heard: answer}',
  },
});
const catching = b.catchEvent('hear', heard, { outputs: { answer: '=messageText' } });

/**
 * **Work, then hear** has a task first, **Hear** waits at once: both report the client's next message, and the one that started
 * them. **Note every message** is started by messages themselves.
 */
const processes = {
  'message.form': JSON.stringify({
    type: 'default',
    id: 'message',
    schemaVersion: 18,
    components: [
      { type: 'textfield', id: 'Field_text', key: 'messageText', label: 'Text' },
      { type: 'filepicker', id: 'Field_files', key: 'messageFiles', label: 'Files' },
    ],
  }),
  'work.bpmn': b.process(
    [
      b.start('start', { form: 'message' }),
      b.userTask('work', { name: 'Work' }),
      catching,
      report,
      b.end(),
      b.flow('start -> work -> hear -> report -> end'),
    ],
    { id: 'work-then-hear', name: 'Work, then hear' },
  ),
  'hear.bpmn': b.process(
    [b.start('start', { form: 'message' }), catching, report, b.end(), b.flow('start -> hear -> report -> end')],
    { id: 'hear-one', name: 'Hear' },
  ),
  'note.bpmn': b.process([b.startOn('start', heard), b.userTask('note'), b.end(), b.flow('start -> note -> end')], {
    id: 'note-every',
    name: 'Note every message',
  }),
};

let world: World;
let channel: Channel;
beforeEach(async () => {
  world = await startWorld({ environment: { PROCESSES_DIR: await writeFolder(processes) } });
});
afterEach(() => world.close());

async function serve(bindings: LiveChatSetUp['bindings'] = {}): Promise<void> {
  await setUpLiveChat(world, { clients: 'Guests and people from other organisations', bindings });
  channel = await clientChannel(world, 'support-acme');
}

const post = (text: string) => world.sandbox.people.gina.post(channel, text);
const reports = () => world.crm.requests.map(({ body }) => body);

describe('a process that is started manually', () => {
  const startFrom = async (message: Awaited<ReturnType<typeof post>>) => {
    const { oleg } = world.sandbox.people;
    await oleg.shortcut('start_process', message);
    const modal = await oleg.modalShown('Start business process');
    await modal.choose('Business process', 'Work, then hear');
    await modal.submit();
    await (await oleg.modalShown('Work, then hear')).submit();
    return oleg.modalShown('Work');
  };

  test('receives the messages written after it, also if earlier ones are buffered for another process', async () => {
    await serve();
    const earlier = await startFrom(await post('one'));
    const later = await post('two');
    await world.quiet();
    await earlier.close();
    const work = await startFrom(later);
    await work.submit();
    await world.quiet();
    expect(reports()).toEqual([]);
    await post('three');
    await world.quiet();
    expect(reports()).toEqual([{ started: 'two', heard: 'three' }]);
  });
});

describe('a process that a message starts', () => {
  const bindings = { 'Message received': { process: 'Hear' } };

  test('receives a message that was written before it began', async () => {
    const { anna, carl } = world.sandbox.people;
    await serve(bindings);
    channel = await anna.createChannel('support-globex', { sharedWith: 'Acme' });
    await anna.invite(channel, carl);
    await world.quiet();
    // Kickoff must ask Slack for the file, and starts nothing until it knows the file.
    world.sandbox.faults.fail('files.info', { times: 3 });
    const files = [{ name: 'order.txt', mimetype: 'text/plain', content: '4711' }];
    await carl.post(channel, 'one', { files });
    await carl.post(channel, 'two');
    await world.quiet();
    expect(reports()).toEqual([{ started: 'one', heard: 'two' }]);
  });

  test('receives the messages written after it, also if Slack delivers those first', async () => {
    await serve(bindings);
    world.sandbox.faults.holdDeliveries();
    for (const text of ['one', 'two', 'three']) await post(text);
    await world.sandbox.faults.releaseDeliveries({ reverse: true });
    await world.quiet();
    for (const text of ['four', 'five']) {
      await post(text);
      await world.quiet();
    }
    // Which of the late messages a process receives depends on timing; that it receives each of the later ones once does not.
    const said = ['one', 'two', 'three', 'four', 'five'];
    const heardBy = reports() as { started: string; heard: string }[];
    expect(heardBy.map(({ started }) => started)).toEqual(expect.arrayContaining(['one', 'two', 'three']));
    expect(heardBy.filter(({ started, heard: text }) => said.indexOf(text) <= said.indexOf(started))).toEqual([]);
    expect(new Set(heardBy.map(({ heard: text }) => text)).size).toBe(heardBy.length);
    expect(heardBy).toContainEqual({ started: 'one', heard: expect.stringMatching('two|three') });
  });
});
