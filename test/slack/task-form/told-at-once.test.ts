import { rm } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import * as b from '../../engines/diagram-builder.ts';
import { writeFolder } from '../../engines/embedded-world.ts';
import { startWorld, type World } from '../../helpers/kickoff.ts';
import { setUpLiveChat } from '../../helpers/set-up-live-chat.ts';

const approval = b.process(
  [b.start(), b.userTask('approve', { name: 'Approve', assignee: 'U0SAM000001' }), b.flow('start -> approve')],
  { id: 'approval', name: 'Approval' },
);
const tasks = 15;
/** Duration of Slack's calls: all tasks exist before the first call is answered. */
const slackMs = 6000;

let world: World;
let folder: string;
beforeEach(async () => {
  folder = await writeFolder({ 'approval.bpmn': approval });
  world = await startWorld({ environment: { PROCESSES_DIR: folder } });
});
afterEach(async () => {
  await world.quiet();
  await world.close();
  await rm(folder, { recursive: true });
});

test('many people are notified of their tasks concurrently while Slack is slow', async () => {
  const { anna, oleg, sam, carl } = world.sandbox.people;
  await setUpLiveChat(world, { bindings: { 'Message received': { process: 'Approval', isPreset: false } } });
  const channel = await anna.createChannel('support-acme', { sharedWith: 'Acme' });
  for (const person of [oleg, carl]) await anna.invite(channel, person);
  await world.quiet();
  world.sandbox.faults.delay('chat.postMessage', slackMs, tasks);
  for (let n = 0; n < tasks; n += 1) await carl.post(channel, `Question ${n}`);
  const unanswered = () => world.sandbox.traffic.callsOf('chat.postMessage').filter(({ answer }) => !answer).length;
  await world.sandbox.traffic.until(() => unanswered() === tasks);
  await world.sandbox.traffic.until(() => unanswered() === 0, { timeoutMs: 2 * slackMs });
  expect(sam.inbox()).toHaveLength(tasks);
});
