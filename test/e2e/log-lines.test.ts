import { afterEach, expect, test } from 'vitest';
import { end, flow, job, process, start } from '../engines/diagram-builder.ts';
import { writeFolder } from '../engines/embedded-world.ts';
import { startWorld, type World } from '../helpers/kickoff.ts';
import { setUpLiveChat } from '../helpers/set-up-live-chat.ts';

let world: World;
afterEach(() => world.close({ tolerate: true }));

const one = (id: string, step: string) =>
  process([start('start', { form: 'message' }), step, end(), flow('start -> step -> end')], { id, name: id });

const writeFailingProcesses = () =>
  writeFolder({
    'message.form': JSON.stringify({
      id: 'message',
      type: 'default',
      components: [{ type: 'textfield', key: 'messageText', label: 'Text' }],
    }),
    'tell.bpmn': one(
      'Tell',
      job('step', {
        type: 'live-chat:send-message',
        inputs: { text: '="Hi"', user: '="nobody@elsewhere.example"' },
      }),
    ),
    'post.bpmn': one(
      'Post',
      job('step', {
        type: 'io.camunda:http-json:1',
        retries: '1',
        inputs: { method: 'POST', url: '{{secrets.CRM_URL}}/x?who=Secretive', body: '={text: messageText}' },
      }),
    ),
    'count.bpmn': one('Count', job('step', { type: 'live-chat:send-response', inputs: { text: '=messageText * 2' } })),
  });

test('what people and services said, and who they are, is in no log line when something fails', async () => {
  world = await startWorld({ environment: { PROCESSES_DIR: await writeFailingProcesses() } });
  const { sandbox, crm, log } = world;
  await setUpLiveChat(world);
  const { anna, oleg, carl } = sandbox.people;
  const channel = await anna.createChannel('support-acme', { sharedWith: 'Acme' });
  for (const person of [oleg, carl]) await anna.invite(channel, person);
  const question = await carl.post(channel, 'My password is Secretive');
  await world.quiet();
  crm.answer('{"error": "Secretive is no valid name"}');
  for (const name of ['Tell', 'Post', 'Count']) {
    crm.failNext(500, 1);
    await oleg.shortcut('start_process', question);
    const modal = await oleg.modalShown('Start business process');
    await modal.choose('Business process', name);
    await modal.submit();
    await modal.shows('Text');
    await modal.fill('Text', 'Secretive');
    await modal.submit();
    await world.quiet();
    await oleg.modal.closeAll();
  }
  const long = 'x'.repeat(50_000);
  await sandbox.faults.deliver({ type: long, team_id: 'T0OTHER', team: { id: 'T0OTHER' } });
  const lines = log.map((line) => JSON.stringify(line));
  expect(log.filter(({ msg }) => msg === 'incident')).toHaveLength(3);
  expect(lines.filter((line) => /Secretive|@elsewhere|Carl/.test(line))).toEqual([]);
  expect(lines.filter((line) => line.length > 2000)).toEqual([]);
  expect(lines.join()).toContain('/x: 500');
});
