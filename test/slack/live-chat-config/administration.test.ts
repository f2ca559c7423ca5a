import { afterEach, expect, test } from 'vitest';
import type { ModalDriver } from '../../../sandbox/driver/modal.ts';
import { anyDeliveryMode, startWorld, type World } from '../../helpers/kickoff.ts';
import { setUpByClicking } from '../../helpers/set-up-by-clicking.ts';

let world: World;

afterEach(async () => {
  await world.close({ tolerate: true });
  expect(world.log.filter(({ level }) => level >= 50)).toEqual([]);
  // Kickoff may ask for channels that it cannot see; any other refusal by Slack is an error.
  expect(world.sandbox.violations.filter(({ error }) => error !== 'channel_not_found')).toEqual([]);
});

const anna = () => world.sandbox.people.anna;

async function openList(): Promise<ModalDriver> {
  if (anna().modal.isOpen) await anna().modal.closeAll();
  await anna().command('/livechat-config', { in: 'general' });
  return anna().modalShown('Live chats');
}

async function openNew(): Promise<ModalDriver> {
  await (await openList()).click('New live chat');
  const settings = await anna().modalShown('New live chat');
  await settings.shows('Activity channel');
  return settings;
}

test.each(anyDeliveryMode)('an administrator sets a live chat up and finds it all again (%s)', async (mode) => {
  world = await startWorld({ mode });
  await setUpByClicking(world, {
    name: 'Sales',
    prefixes: '#Client-, vip-* client-',
    operators: ['Oleg Operator'],
    operatorGroups: ['Support team'],
    activityChannel: 'team-lunch',
    bindings: { 'Session created': { process: 'Create lead', parameters: { Company: "Session's name" } } },
  });
  const list = await openList();
  await list.shows('*Sales*');
  expect(list.texts().join('\n')).toContain('Channels whose names start with `client-` or `vip-`');
  expect(list.texts().join('\n')).toContain('Session created → Create lead');
  expect(world.sandbox.channel('team-lunch').hasApp).toBe(true);

  await list.menu('Sales', 'Settings');
  const settings = await anna().modalShown('Live chat settings');
  await settings.shows('Activity channel');
  expect(settings.field('Name').value).toBe('Sales');
  expect(settings.field('Name starts with').value).toBe('client-, vip-');
  expect(settings.field('Operator groups').value).toBe('Support team (@support-team)');
  await settings.fill('Name', 'Sales and more');
  await settings.clear('Activity channel');
  expect((await settings.submit()).errors).toBeUndefined();
  expect(list.texts().join('\n')).toContain('*Sales and more*');
  await list.menu('Sales and more', 'Settings');
  await settings.shows('Activity channel');
  expect(settings.field('Activity channel').value).toBe('');
  await settings.close();

  await list.menu('Sales', 'Business processes');
  const processes = await anna().modalShown('Business processes');
  await processes.shows('Create lead');
  await processes.menu('Session created', 'Configure parameters');
  const inputs = await anna().modalShown('Input parameters');
  await inputs.shows('Create lead');
  expect(inputs.field('Company').value).toBe("Session's name");
  await inputs.close();
  await processes.menu('Session created', 'Remove');
  await processes.click('Select', { near: 'Session created' });
  const select = await anna().modalShown('Select a process');
  await select.shows('Starts on *Session created*');
  await select.close();
  await processes.close();
  expect((await anna().modalShown('Live chats')).texts().join('\n')).toContain('No event starts a process yet');
});

test('errors are shown at their fields, and typed values stay', async () => {
  world = await startWorld();
  await setUpByClicking(world, { name: 'Sales', prefixes: 'client-', activityChannel: 'team-lunch' });
  await anna().createChannel('client-acme');
  const settings = await openNew();
  await settings.fill('Name', 'sALES ');
  await settings.fill('Name starts with', 'vip-, CLIENT-');
  await settings.choose('Activity channel', 'client-acme');
  expect((await settings.submit()).errors).toEqual({
    Name: 'There is a live chat with the name “sALES” already.',
    'Name starts with': '“client-” belongs to the live chat “Sales” already.',
    Operators: 'Choose who operates the live chat: people here, or a user group or supervisors below.',
    'Activity channel': 'Clients can read #client-acme: it is a session of the live chat “Sales”.',
  });
  expect(settings.field('Name starts with').value).toBe('vip-, CLIENT-');

  await settings.fill('Name', 'Others');
  await settings.fill('Name starts with', 'a.b');
  await settings.choose('Operators', ['Oleg Operator', 'Kickoff']);
  await settings.choose('Supervisors', ['Carl Client']);
  await settings.choose('Activity channel', 'leadership');
  expect((await settings.submit()).errors).toEqual({
    'Name starts with': expect.stringContaining('“a.b”'),
    Operators: 'Kickoff is an app. Choose people.',
    Supervisors: expect.stringContaining('Carl Client belongs to another organisation'),
    'Activity channel': expect.stringContaining('/invite @Kickoff'),
  });

  await settings.fill('Name starts with', 'team-');
  await settings.choose('Operators', 'Oleg Operator');
  await settings.clear('Supervisors');
  await anna().invite('leadership', 'app');
  expect((await settings.submit()).errors).toEqual({
    'Name starts with': '#team-lunch is the activity channel of the live chat “Sales”, which clients must not read.',
  });
  await settings.fill('Name starts with', 'vip-');
  expect((await settings.submit()).errors).toBeUndefined();
  expect((await anna().modalShown('Live chats')).texts().join('\n')).toContain('*Others*');
});

test('an activity channel with a guest in it is refused, unless they serve clients', async () => {
  world = await startWorld();
  const { gina } = world.sandbox.people;
  await anna().invite('team-lunch', gina);
  const settings = await openNew();
  await settings.fill('Name', 'Sales');
  await settings.fill('Name starts with', 'client-');
  await settings.choose('Operators', 'Oleg Operator');
  await settings.choose('Activity channel', 'team-lunch');
  expect((await settings.submit()).errors).toEqual({
    'Activity channel': expect.stringContaining(`${gina.name}, who is in it`),
  });
  await settings.choose('Operators', ['Oleg Operator', gina.name]);
  expect((await settings.submit()).errors).toBeUndefined();
});

test('switching the source shows its field and keeps what the other held', async () => {
  world = await startWorld();
  const settings = await openNew();
  await settings.fill('Name', 'Projects');
  await settings.fill('Name starts with', 'client-');
  await settings.choose('Sessions', 'Chosen channels');
  await settings.choose('Channels', ['acme-project', 'leadership']);
  expect(settings.fields().map(({ label }) => label)).not.toContain('Name starts with');
  await settings.choose('Sessions', 'Slack Connect channels');
  await settings.choose('Sessions', 'Channels by name');
  await settings.shows('Name starts with');
  expect(settings.field('Name starts with').value).toBe('client-');
  expect(settings.field('Name').value).toBe('Projects');
  await settings.choose('Sessions', 'Chosen channels');
  await settings.shows('/invite @Kickoff');
  await settings.choose('Operator groups', 'Support team');
  expect((await settings.submit()).errors).toEqual({
    Channels: 'Kickoff is not in 1 of these channels. Type /invite @Kickoff there, then save again.',
  });
  await anna().invite('leadership', 'app');
  expect((await settings.submit()).errors).toBeUndefined();
  const list = await anna().modalShown('Live chats');
  expect(list.texts().join('\n')).toMatch(/Chosen channels: <#C\w+> and <#C\w+>/);

  await list.closeAll();
  await setUpByClicking(world, { name: 'Connected', connect: true });
  const another = await openNew();
  await another.fill('Name', 'Connected too');
  await another.choose('Sessions', 'Slack Connect channels');
  await another.choose('Operators', 'Oleg Operator');
  expect((await another.submit()).errors).toEqual({
    Sessions: 'Slack Connect channels belong to the live chat “Connected” already.',
  });
});

test('deleting asks for confirmation, and removes the live chat from the list', async () => {
  world = await startWorld();
  await setUpByClicking(world, { name: 'Sales', bindings: { 'Session closed': { process: 'Ask for feedback' } } });
  const list = await openList();
  await list.menu('Sales', 'Delete');
  const question = await anna().modalShown('Delete live chat');
  await question.shows('Delete the live chat *Sales*?');
  await question.close();
  await list.shows('*Sales*');
  await list.menu('Sales', 'Delete');
  await question.shows('Delete the live chat *Sales*?');
  await question.submit();
  await (await anna().modalShown('Live chats')).shows('There are no live chats yet');
});

test('a live chat that another administrator deleted meanwhile says so when it is saved', async () => {
  world = await startWorld();
  await setUpByClicking(world, { name: 'Sales' });
  const { emma } = world.sandbox.people;
  world.sandbox.workspace.changePerson(emma, { isAdmin: true });
  await world.sandbox.traffic.settled();
  await emma.command('/livechat-config', { in: 'general' });
  await (await emma.modalShown('Live chats')).menu('Sales', 'Settings');
  const theirs = await emma.modalShown('Live chat settings');
  await theirs.shows('Activity channel');

  await (await openList()).menu('Sales', 'Delete');
  const question = await anna().modalShown('Delete live chat');
  await question.shows('Sales');
  await question.submit();
  expect((await theirs.submit()).errors).toEqual({ Name: 'This live chat was deleted meanwhile.' });
});
