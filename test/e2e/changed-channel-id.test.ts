import { eq } from 'drizzle-orm';
import { afterEach, describe, expect, test } from 'vitest';
import type { Channel } from '../../sandbox/driver/channel.ts';
import { engineDefinitions, engineInstances } from '../../src/engines/embedded/tables.ts';
import { sessions } from '../../src/sessions/tables.ts';
import { starts } from '../../src/starts/tables.ts';
import * as b from '../engines/diagram-builder.ts';
import { writeFolder } from '../engines/embedded-world.ts';
import { anyDeliveryMode, startWorld, type World, type WorldOptions } from '../helpers/kickoff.ts';
import { setUpLiveChat } from '../helpers/set-up-live-chat.ts';

const heard = b.messageDefinition('live-chat:message-received', '=sessionId');
const report = b.job('report', {
  type: 'io.camunda:http-json:1',
  inputs: { method: 'POST', url: '{{secrets.CRM_URL}}/heard', body: '={heard: answer}' },
});
/** **Greet** reports the client's next two messages. **Note every message** starts with a message. */
const processes = {
  'greet.bpmn': b.process(
    [
      b.start(),
      b.catchEvent('hear', heard, { outputs: { answer: '=messageText' } }),
      report,
      b.catchEvent('hear_more', heard, { outputs: { answer: '=messageText' } }),
      report.replace('id="report"', 'id="report_more"'),
      b.end(),
      b.flow('start -> hear -> report -> hear_more -> report_more -> end'),
    ],
    { id: 'greet', name: 'Greet' },
  ),
  'note.bpmn': b.process([b.startOn('start', heard), b.userTask('note'), b.end(), b.flow('start -> note -> end')], {
    id: 'note-every',
    name: 'Note every message',
  }),
};

let world: World;
let channel: Channel;
/** Kickoff asks for an id that Slack no longer knows, which the sandbox records as a violation. */
let isIdGone = false;
afterEach(() => world.close({ tolerate: isIdGone }));

/** An old private channel with the client in it, and a process that waits for the client's message. */
async function waitForClient(options: WorldOptions, id?: string): Promise<void> {
  isIdGone = id === undefined;
  world = await startWorld({ environment: { PROCESSES_DIR: await writeFolder(processes) }, ...options });
  const { sandbox } = world;
  await setUpLiveChat(world, {
    clients: 'Guests and people from other organisations',
    bindings: { 'Session created': { process: 'Greet' } },
  });
  channel = sandbox.workspace.seedChannel({
    ...(id ? { id } : {}),
    name: 'support-acme',
    isPrivate: true,
    members: ['anna', 'oleg', 'gina'],
  });
  await sandbox.people.anna.invite(channel, 'app');
  await world.quiet();
  expect(await startedProcesses()).toEqual(['Greet running']);
}

const startedProcesses = async () =>
  (await world.database.db.select().from(starts))
    .toSorted((one, other) => +one.createdAt - +other.createdAt)
    .map(({ processName, status }) => `${processName} ${status}`);
/** Instances of the process that starts with a message. */
const notes = () =>
  world.database.db
    .select()
    .from(engineInstances)
    .innerJoin(engineDefinitions, eq(engineInstances.definitionKey, engineDefinitions.key))
    .where(eq(engineDefinitions.processId, 'note-every'));
const reports = () => world.crm.requests.map(({ body }) => body);

async function onlySession() {
  const [session, ...others] = await world.database.db.select().from(sessions);
  expect(others).toEqual([]);
  return session;
}

describe.each(anyDeliveryMode)('over %s', (mode) => {
  test('messages of a shared channel before its new id is known belong to one session, and its process receives them', async () => {
    await waitForClient({ mode }, 'G0SUPPORT01');
    const { faults, people } = world.sandbox;
    faults.holdDeliveries();
    await people.anna.share(channel, people.carl);
    expect(channel.id).toBe('C0SUPPORT01');
    await people.carl.post(channel, 'one');
    await faults.releaseDeliveries({ reverse: true, times: 2 });
    await world.quiet();
    await people.carl.post(channel, 'two');
    await world.quiet();
    expect(await onlySession()).toMatchObject({ channelId: 'C0SUPPORT01', isShared: true });
    expect(reports()).toEqual([{ heard: 'one' }, { heard: 'two' }]);
    expect(await startedProcesses()).toEqual(['Greet completed']);
  });
});

test('a channel that has moved to any other id is known by its name and age, once Slack no longer knows the old id', async () => {
  await waitForClient({});
  const { faults, people, workspace } = world.sandbox;
  faults.withholdEvents();
  workspace.changeChannelId(channel);
  await people.anna.rename(channel, 'support-globex');
  faults.resumeEvents();
  await people.gina.post(channel, 'one');
  await world.quiet();
  expect(await onlySession()).toMatchObject({ channelId: channel.id });
  expect(reports()).toEqual([{ heard: 'one' }]);
  expect(await startedProcesses()).toEqual(['Greet running']);
});

test('a channel that takes another channel’s name has its own session', async () => {
  await waitForClient({});
  const { people } = world.sandbox;
  const other = world.sandbox.workspace.seedChannel({ name: 'other', members: ['anna', 'gina'], withApp: true });
  await people.anna.rename(channel, 'support-gone');
  world.sandbox.faults.holdDeliveries();
  await people.anna.rename(other, 'support-acme');
  await people.gina.post(other, 'one');
  await world.sandbox.faults.releaseDeliveries({ reverse: true });
  await world.quiet();
  expect(await world.database.db.select().from(sessions)).toHaveLength(2);
  expect(await startedProcesses()).toEqual(['Greet running', 'Greet running']);
  expect(reports()).toEqual([]);
});

test('a slash command with the new id finds the session before any event with that id', async () => {
  await waitForClient({}, 'G0SUPPORT01');
  const { faults, people } = world.sandbox;
  faults.withholdEvents();
  await people.anna.share(channel, people.carl);
  faults.resumeEvents();
  await people.anna.command('/livechat-session', { in: channel });
  await (await people.anna.modalShown('Live-chat session')).shows('Greet');
  expect(await onlySession()).toMatchObject({ channelId: 'C0SUPPORT01' });
  await people.anna.modal.closeAll();
});

test('sessions that were split become one when Slack reports the new id, and each process receives later messages', async () => {
  await waitForClient({});
  const { faults, people, workspace } = world.sandbox;
  // Kickoff does not look for a new id of an archived channel.
  await people.anna.archive(channel);
  await world.quiet();
  faults.withholdEvents();
  const oldId = channel.id;
  await people.anna.unarchive(channel);
  workspace.changeChannelId(channel);
  faults.resumeEvents();
  await people.anna.invite(channel, 'app');
  await world.quiet();
  await people.gina.post(channel, 'one');
  await world.quiet();
  expect(await world.database.db.select().from(sessions)).toHaveLength(2);
  expect(await startedProcesses()).toEqual(['Greet running', 'Greet running']);

  const event = { type: 'channel_id_changed', old_channel_id: oldId, new_channel_id: channel.id };
  await faults.deliver({ event: { ...event, event_ts: '1700000000.000100' } });
  await world.quiet();
  expect(await notes()).toHaveLength(1);
  await people.gina.post(channel, 'two');
  await world.quiet();
  expect(await onlySession()).toMatchObject({ channelId: channel.id, status: 'open' });
  expect(
    reports()
      .map((report) => JSON.stringify(report))
      .toSorted(),
  ).toEqual(['one', 'one', 'two', 'two'].map((heard) => JSON.stringify({ heard })));
  expect(await startedProcesses()).toEqual(['Greet completed', 'Greet completed']);
});
