import { afterEach, describe, expect, test } from 'vitest';
import type { Channel } from '../../sandbox/driver/channel.ts';
import type { SurfaceDriver } from '../../sandbox/driver/surface-driver.ts';
import { engineInstances, engineTasks } from '../../src/engines/embedded/tables.ts';
import { absences } from '../../src/live-chats/tables.ts';
import { taskReminders } from '../../src/slack/notices/tables.ts';
import { starts } from '../../src/starts/tables.ts';
import { anyDeliveryMode, type DeliveryMode, startWorld, type World, type WorldOptions } from '../helpers/kickoff.ts';
import { type LiveChatSetUp, setUpLiveChat } from '../helpers/set-up-live-chat.ts';
import { writeTaskProcesses } from '../helpers/task-processes.ts';

let world: World;
afterEach(() => world.close());

let channel: Channel;

/** A live chat with operators Oleg and Olga and supervisor Sam, and a channel in which Gina the guest can write. */
async function startSupport(
  options: WorldOptions & { schedule?: { followUp: string; due: string } } = {},
  setUp: LiveChatSetUp = {},
): Promise<void> {
  const { schedule, ...others } = options;
  const environment = { PROCESSES_DIR: await writeTaskProcesses(schedule) };
  world = await startWorld({ environment, sandbox: { timings: { patienceMs: 8000 } }, ...others });
  const { workspace, people } = world.sandbox;
  workspace.setUserGroupMembers('support-team', [people.oleg, people.olga, people.rita]);
  await setUpLiveChat(world, setUp);
  const { anna, oleg, olga, rita, sam, gina } = people;
  channel = await anna.createChannel('support-globex', { invite: [oleg, olga, rita, sam, gina] });
  await world.quiet();
}

const withMessage = (process: string): LiveChatSetUp => ({
  operators: ['Oleg Operator', 'Olga Operator', 'Рита Смирнова'],
  bindings: { 'Message received': { process } },
});

const text = (home: SurfaceDriver) => home.texts().join('\n');

describe.each(anyDeliveryMode)('%s', (mode: DeliveryMode) => {
  test('a group task is offered to three, claimed by one and completed, and the others see who', async () => {
    await startSupport({ mode }, withMessage('Answer together'));
    const { oleg, olga, rita, gina } = world.sandbox.people;
    const homes = await Promise.all([oleg, olga, rita].map((one) => one.openHome()));
    await gina.post(channel, 'Is *anybody* there?');
    const messages = await Promise.all([oleg, olga, rita].map((one) => one.receives('Answer it')));
    expect(messages.map((message) => message.buttons())).toEqual([
      ['Claim', 'Open task'],
      ['Claim', 'Open task'],
      ['Взять', 'Открыть задачу'],
    ]);
    for (const message of messages) {
      expect(message.texts().join('\n')).toContain('Gina Guest');
      expect(message.texts().join('\n')).toContain('\nIs anybody there?');
    }
    for (const home of homes) await home.shows('Answer it');

    await homes[1]?.click('Claim', { near: 'Answer it' });
    await oleg.receives(`<@${olga.id}> has it now`);
    await rita.receives(`Теперь она у <@${olga.id}>`);
    expect(messages[0]?.buttons()).toEqual([]);
    await world.sandbox.traffic.until(() => messages[1]?.buttons().join() === 'Open task,Reassign');
    await homes[0]?.shows('Nothing to do');
    await homes[2]?.shows('Задач для вас сейчас нет');

    await homes[1]?.click('Open', { near: 'Answer it' });
    const task = await olga.modalShown('Answer it');
    await task.fill('Answer', 'Yes, we are');
    await task.submit();
    await task.shows('The process has completed.');
    for (const one of [oleg, olga]) await one.receives(`✅ Done by <@${olga.id}>`);
    await rita.receives(`✅ Выполнил(а) <@${olga.id}>`);
    await homes[1]?.shows('Nothing to do');
    expect([oleg, olga, rita].map((one) => one.inbox().length)).toEqual([1, 1, 1]);
  });

  test('a failed automatic start is shown in Home, corrected, retried from there, and runs once', async () => {
    await startSupport(
      { mode },
      {
        bindings: {
          'Message received': { process: 'Call the client', parameters: { Title: "Client's title" } },
        },
      },
    );
    const { anna, sam, gina, oleg } = world.sandbox.people;
    world.sandbox.workspace.changePerson(gina, { title: '' });
    const home = await sam.openHome();
    await home.shows('No process has been started yet.');
    await gina.post(channel, 'Call me');
    await home.shows('“Title” is required');
    expect(home.buttons()).toContain('Retry');

    await anna.command('/livechat-config', { in: 'general' });
    await (await anna.modalShown('Live chats')).menu('Support', 'Business processes');
    await (await anna.modalShown('Business processes')).menu('Message received', 'Configure parameters');
    const parameters = await anna.modalShown('Input parameters');
    await parameters.choose('Title', "Message's text");
    await parameters.submit();
    await anna.modalShown('Business processes');

    await Promise.all([home.click('Retry'), home.click('Retry')]);
    await home.shows('“Call” waits for somebody to claim it');
    await sam.modalShown('Kickoff');
    await sam.modal.shows('being retried already');
    const [start, ...others] = await world.database.db.select().from(starts);
    expect(others).toEqual([]);
    expect(start?.status).toBe('running');

    await (await oleg.openHome()).click('Open', { near: 'Call' });
    await (await oleg.modalShown('Call')).submit();
    await home.shows('✅ Completed');
    const instances = await world.database.db.select().from(engineInstances);
    expect(instances.map(({ status }) => status)).toEqual(['completed']);
  });
});

test('a task is completed in Home while its message is open elsewhere', async () => {
  await startSupport({}, withMessage('Answer together'));
  const { oleg, olga, gina } = world.sandbox.people;
  await gina.post(channel, 'Hello');
  const message = await oleg.receives('Answer it');
  await message.click('Open task');
  const elsewhere = await oleg.modalShown('Answer it');
  await elsewhere.fill('Answer', 'Too late');
  const home = await olga.openHome();
  await home.click('Open', { near: 'Answer it' });
  const task = await olga.modalShown('Answer it');
  await task.fill('Answer', 'Here I am');
  await task.submit();
  await task.shows('The process has completed.');
  await elsewhere.submit();
  await elsewhere.shows(`already completed by <@${olga.id}>`);
  await oleg.receives(`✅ Done by <@${olga.id}>`);
  expect(message.buttons()).toEqual([]);
});

test.each([
  ['offered to', 'Answer together'],
  ['assigned to', 'Answer as a team'],
])('of two people who claim a task %s their group at once, one gets it and the other reads who', async (_, process) => {
  await startSupport({}, withMessage(process));
  const { oleg, olga, gina } = world.sandbox.people;
  await gina.post(channel, 'Hello');
  const [toOleg, toOlga] = await Promise.all([oleg.receives('Answer it'), olga.receives('Answer it')]);
  await Promise.all([toOleg.click('Claim'), toOlga.click('Claim')]);
  const task = await world.sandbox.traffic.until(async () =>
    (await world.database.db.select().from(engineTasks)).find(({ assignee }) => assignee?.startsWith('U')),
  );
  const [winner, loser] = task?.assignee === oleg.id ? [oleg, olga] : [olga, oleg];
  expect(task?.assignee).toBe(winner.id);
  await loser.receives(`<@${winner.id}> has this task already.`);
  await world.quiet();
  expect(loser.modal.isOpen).toBe(false);
});

test('a task is given to a colleague, who is told, and back again', async () => {
  await startSupport({}, withMessage('Answer together'));
  const { oleg, olga, emma, sam, gina, carl } = world.sandbox.people;
  await gina.post(channel, 'Hello');
  await (await oleg.receives('Answer it')).click('Claim');
  const mine = await oleg.receives('You have a task');
  await world.quiet();

  await mine.click('Reassign');
  const reassign = await oleg.modalShown('Reassign task');
  await reassign.choose('Colleague', gina.name);
  expect((await reassign.submit()).errors).toEqual({ Colleague: expect.stringContaining('cannot have the task') });
  await reassign.choose('Colleague', emma.name);
  await reassign.submit();
  await reassign.shows(`<@${emma.id}> has *Answer it* now.`);
  await oleg.receives(`<@${emma.id}> has it now`);
  await emma.receives('You have a task');
  await olga.receives(`<@${emma.id}> has it now`);

  // A supervisor can take it from anybody.
  const home = await sam.openHome();
  await home.shows(`“Answer it” is with <@${emma.id}>`);
  await home.click('Reassign');
  const back = await sam.modalShown('Reassign task');
  await back.choose('Colleague', oleg.name);
  await back.submit();
  await emma.receives(`<@${oleg.id}> has it now`);
  await world.sandbox.traffic.until(() => oleg.inbox().at(-1)?.buttons().includes('Open task'));
  // The notification is a new message, because an update is easily missed.
  expect(oleg.inbox()).toHaveLength(1);
  expect(oleg.inbox()[0]?.ts).not.toBe(mine.ts);
  expect(carl.inbox()).toEqual([]);
});

test('a person who is away gets no group tasks, cannot start anything, and is told how to come back', async () => {
  await startSupport({}, withMessage('Answer together'));
  const { oleg, olga, rita, gina } = world.sandbox.people;
  const home = await oleg.openHome();
  await home.shows('You are available in *Support*.');
  await home.click('I am away');
  await home.shows('You are away in *Support*');

  const hello = await gina.post(channel, 'Hello');
  await olga.receives('Answer it');
  await rita.receives('Answer it');
  await world.quiet();
  expect(oleg.inbox()).toEqual([]);
  expect(text(home)).toContain('Nothing to do');

  await oleg.shortcut('start_process', hello);
  const refused = await oleg.modalShown('Start business process');
  await refused.shows('You are away in the live chat “Support”');
  await refused.shows('Press *I am back* in Kickoff');
  await refused.close();
  await home.click('I am back');
  await home.shows('You are available in *Support*.');
  await home.shows('Answer it');
  await oleg.shortcut('start_process', hello);
  await (await oleg.modalShown('Start business process')).shows('Business process');
});

test('a task is offered to its people even if all of them are away', async () => {
  await startSupport({}, withMessage('Answer together'));
  const { oleg, olga, rita, gina } = world.sandbox.people;
  for (const [one, button, said] of [
    [oleg, 'I am away', 'You are away in *Support*'],
    [olga, 'I am away', 'You are away in *Support*'],
    [rita, 'Меня нет', 'Вас нет на месте в «Support»'],
  ] as const) {
    const home = await one.openHome();
    await home.click(button);
    await home.shows(said);
  }
  await gina.post(channel, 'Hello');
  for (const one of [oleg, olga, rita]) {
    const message = await one.receives('Answer it');
    const said = one === rita ? 'Никого из тех, для кого она, нет на месте.' : 'Everybody whom it is for is away.';
    expect(message.texts().join('\n')).toContain(said);
    await one.home.shows('Answer it');
  }
});

test('people are reminded at the follow-up and the due date, once each', async () => {
  await startSupport(
    { schedule: { followUp: 'PT2S', due: 'PT4S' } },
    { bindings: { 'Message received': { process: 'Look twice' } } },
  );
  const { oleg, olga, gina } = world.sandbox.people;
  await gina.post(channel, 'Hello');
  await (await oleg.receives('Look again')).click('Claim');
  await oleg.receives('You have a task');
  await oleg.receives('Time to come back to this task', { timeoutMs: 15_000 });
  const due = await oleg.receives('This task is due', { timeoutMs: 15_000 });
  await world.quiet();
  expect(oleg.inbox()).toHaveLength(3);
  expect(olga.inbox()).toHaveLength(1);
  await due.click('Open task');
  await (await oleg.modalShown('Look again')).submit();
  await world.sandbox.traffic.until(() => oleg.inbox().every((one) => one.texts().join().includes('✅ Done by')));
  expect(await world.database.db.select().from(taskReminders)).toEqual([]);
});

test('nobody is reminded of a task that is done', async () => {
  await startSupport(
    { schedule: { followUp: 'PT1H', due: 'PT2H' } },
    { bindings: { 'Message received': { process: 'Look twice' } } },
  );
  const { oleg, gina } = world.sandbox.people;
  const { db } = world.database;
  await gina.post(channel, 'Hello');
  const message = await oleg.receives('Look again');
  await world.quiet();
  expect(await db.select().from(taskReminders)).toHaveLength(2);
  await message.click('Open task');
  await (await oleg.modalShown('Look again')).submit();
  await oleg.receives('✅ Done by');
  await world.sandbox.traffic.until(async () => (await db.select().from(taskReminders)).length === 0);
  expect(oleg.inbox()).toHaveLength(1);
});

test('a stranger’s forged clicks do nothing', async () => {
  await startSupport({}, withMessage('Answer together'));
  const { oleg, olga, emma, sam, gina } = world.sandbox.people;
  await gina.post(channel, 'Hello');
  await oleg.receives('Answer it');
  const home = await sam.openHome();
  await home.shows('“Answer it” waits for somebody');
  await home.click('Cancel', { confirm: false });
  const [start] = await world.database.db.select().from(starts);
  const [task] = await world.database.db.select().from(engineTasks);
  const strangersHome = await emma.openHome();
  await strangersHome.shows('Nothing to do');
  expect(text(strangersHome)).not.toContain('Starts');
  const taskKey = `${task?.instanceKey}-${task?.token}`;
  for (const [action_id, value, said] of [
    ['claim_task', taskKey, 'This task is not yours'],
    ['home_cancel', start?.id, 'Only supervisors'],
    ['home_retry', start?.id, 'Only supervisors'],
    ['home_away', start?.liveChatId, 'You are neither operator nor supervisor'],
    ['reassign_task', taskKey, 'Only who has the task'],
    ['home_cancel', 'no id', 'This start is no longer there'],
  ] as const) {
    await forge(emma, action_id, value ?? '');
    await emma.modalShown();
    await emma.modal.shows(said);
    await emma.modal.close();
  }
  await forge(oleg, 'home_cancel', start?.id ?? '');
  await (await oleg.modalShown()).shows('Only supervisors');
  await world.quiet();
  expect(await world.database.db.select().from(starts)).toMatchObject([{ status: 'running' }]);
  expect(await world.database.db.select().from(engineTasks)).toMatchObject([{ status: 'open', assignee: null }]);
  expect(await world.database.db.select().from(absences)).toEqual([]);
  expect(olga.inbox()).toHaveLength(1);
});

test('a supervisor cancels a running process after confirming', async () => {
  await startSupport({}, withMessage('Answer together'));
  const { oleg, sam, gina } = world.sandbox.people;
  await gina.post(channel, 'Hello');
  await oleg.receives('Answer it');
  const home = await sam.openHome();
  await home.shows('“Answer it” waits for somebody');
  await home.click('Cancel', { confirm: false });
  expect(await world.database.db.select().from(starts)).toMatchObject([{ status: 'running' }]);
  await Promise.all([home.click('Cancel'), home.click('Cancel')]);
  await home.shows('🚫 Cancelled');
  await oleg.receives('No longer needed');
  await world.quiet();
  expect(await world.database.db.select().from(engineInstances)).toMatchObject([{ status: 'terminated' }]);
});

test('My sessions keeps the session where an operator started a process that has completed', async () => {
  await startSupport();
  const { oleg, gina } = world.sandbox.people;
  const question = await gina.post(channel, 'Hello');
  await world.quiet();
  await oleg.shortcut('start_process', question);
  const modal = await oleg.modalShown('Start business process');
  await modal.choose('Business process', 'Look twice');
  await modal.submit();
  await (await oleg.modalShown('Look again')).submit();
  await modal.shows('The process has completed.');
  await modal.closeAll();
  await world.quiet();
  const home = await oleg.openHome();
  await home.shows('#support-globex');
  await home.shows('No process is running.');
});

test('in a live chat without operators, supervisors get the tasks', async () => {
  await startSupport({}, { operators: [], bindings: { 'Message received': { process: 'Look twice' } } });
  const { sam, gina } = world.sandbox.people;
  await gina.post(channel, 'Hello');
  await sam.receives('Look again');
});

test('Home opens with open tasks, and has a readable text if there are none', async () => {
  await startSupport();
  const { anna, oleg, emma, sam } = world.sandbox.people;
  expect(text(await emma.openHome())).toBe('My tasks\nNothing to do: there is no task for you.');
  const operator = await oleg.openHome();
  expect(text(operator)).toContain('My sessions');
  expect(text(operator)).toContain('There is no open session that you serve.');
  expect(text(operator)).not.toContain('Starts');
  await oleg.post(channel, 'How can I help?');
  await world.quiet();
  await oleg.openApp('home');
  await operator.shows('#support-globex');
  await operator.shows('No process is running.');
  expect(text(await sam.openHome())).toContain('No process has been started yet.');
  expect(text(await anna.openHome())).toContain('No process has been started yet.');
});

/** Sends a click on the person's Home tab that Slack did not offer. */
async function forge(person: { id: string; home: SurfaceDriver }, actionId: string, value: string): Promise<void> {
  const { sandbox } = world;
  const { state } = sandbox;
  const record = state.views[state.homes[person.id] ?? ''];
  const trigger = `${Date.now()}.forged.${Math.random()}`;
  state.triggers[trigger] = { id: trigger, userId: person.id, at: Date.now(), used: false };
  await sandbox.faults.deliverInteraction({
    type: 'block_actions',
    user: { id: person.id, username: 'x', name: 'x', team_id: sandbox.teamId },
    trigger_id: trigger,
    container: { type: 'view', view_id: record?.id ?? 'V0' },
    view: { id: record?.id ?? 'V0', type: 'home', callback_id: 'home', private_metadata: '', blocks: [] },
    actions: [{ type: 'button', action_id: actionId, block_id: 'b', value, action_ts: '1.0' }],
  });
}
