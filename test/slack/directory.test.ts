import { readFile } from 'node:fs/promises';
import { WebClient } from '@slack/web-api';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import { createDirectory, type Directory } from '../../src/slack/directory.ts';
import { wordsFor } from '../../src/slack/words-for.ts';

let sandbox: Sandbox;
let directory: Directory;
let now = 1000;
beforeAll(async () => {
  sandbox = await startSandbox({ manifest: await readFile('manifest.yml', 'utf8') });
});
afterAll(() => sandbox.close());
beforeEach(() => {
  sandbox.traffic.clear();
  const client = new WebClient(sandbox.botToken, {
    slackApiUrl: sandbox.apiUrl,
    retryConfig: { retries: 2, minTimeout: 1, maxTimeout: 10 },
  });
  const clients = { directoryClient: client, bulkClient: client };
  directory = createDirectory(clients, { teamId: sandbox.teamId, enterpriseId: undefined }, { now: () => now });
});

test('Slack is asked once for each person: members, guests and outsiders', async () => {
  const { carl, gina, anna, emma } = sandbox.people;
  expect(await directory.person(carl.id)).toMatchObject({ company: 'Acme', isExternal: true, isAdmin: false });
  expect(await directory.person(gina.id)).toMatchObject({ isExternal: true });
  expect(await directory.person(gina.id)).not.toHaveProperty('company');
  expect(await directory.person(anna.id)).toMatchObject({ isAdmin: true, isExternal: false });
  expect(await directory.person(emma.id)).toMatchObject({ isAdmin: false, isExternal: false });
  expect(await directory.person('U0NOBODY')).toBeUndefined();
  await Promise.all([directory.person(carl.id), directory.person('U0NOBODY')]);
  expect(sandbox.traffic.callsOf('users.info')).toHaveLength(5);
});

test('a dropped entry is requested again, and callers that were waiting get their answer', async () => {
  const { emma } = sandbox.people;
  sandbox.faults.delay('users.info', 50);
  const waiting = directory.person(emma.id);
  directory.forgetPerson(emma.id);
  expect(await waiting).toMatchObject({ name: 'Emma Employee' });
  sandbox.workspace.changePerson(emma, { realName: 'Emma Married' });
  directory.forgetPerson(emma.id);
  expect(await directory.person(emma.id)).toMatchObject({ name: 'Emma Married' });
});

test('an unknown e-mail address is looked up again once anybody joins or changes', async () => {
  const email = 'nina@kickoff.example';
  expect(await directory.personByEmail(email)).toBeUndefined();
  const nina = sandbox.workspace.addPerson({ handle: 'nina', realName: 'Nina New', email });
  expect(await directory.personByEmail(email)).toBeUndefined();
  expect(sandbox.traffic.callsOf('users.lookupByEmail')).toHaveLength(1);
  directory.forgetPerson(nina.id);
  expect(await directory.personByEmail(email)).toBe(nina.id);
});

test('nothing is remembered for longer than ten minutes', async () => {
  const { anna } = sandbox.people;
  const email = 'nora@kickoff.example';
  expect(await directory.personByEmail(email)).toBeUndefined();
  expect(await directory.person(anna.id)).toBeDefined();
  const nora = sandbox.workspace.addPerson({ handle: 'nora', realName: 'Nora Newer', email });
  now += 9 * 60_000;
  expect(await directory.personByEmail(email)).toBeUndefined();
  now += 2 * 60_000;
  expect(await directory.personByEmail(email)).toBe(nora.id);
  await directory.person(anna.id);
  expect(sandbox.traffic.callsOf('users.info')).toHaveLength(2);
});

test('people’s languages are used, and while Slack does not answer the one last known', async () => {
  const { rita, emma } = sandbox.people;
  const spoken = async (userId: string) => (await wordsFor({ directory }, userId)).language;
  expect(await spoken(rita.id)).toBe('ru');
  expect(await spoken('U0NOBODY')).toBe('en');
  sandbox.faults.fail('users.info', { times: 10 });
  directory.forgetAll();
  expect(await Promise.all([spoken(rita.id), spoken(emma.id)])).toEqual(['ru', 'en']);
  sandbox.faults.clear();
  sandbox.workspace.changePerson(rita, { locale: 'en-GB' });
  directory.forgetPerson(rita.id);
  expect((await wordsFor({ directory }, rita.id)).locale).toBe('en-GB');
  sandbox.workspace.changePerson(rita, { locale: 'ru-RU' });
});

test('user groups and their members', async () => {
  const [group] = await directory.userGroups();
  expect(group).toMatchObject({ handle: 'support-team', name: 'Support team' });
  const { oleg, olga } = sandbox.people;
  expect(await directory.groupMembers(group?.id ?? '')).toEqual([oleg.id, olga.id]);
});

test('a rate limit is waited out, and an outage is reported as such', async () => {
  const { anna, oleg } = sandbox.people;
  sandbox.faults.rateLimit('users.info', { retryAfterSeconds: 1, times: 1 });
  expect(await directory.person(anna.id)).toBeDefined();
  sandbox.faults.fail('users.info', { times: 10 });
  await expect(directory.person(oleg.id)).rejects.toThrow(/^Slack did not answer/);
  sandbox.faults.clear();
  expect(await directory.person(oleg.id)).toBeDefined();
});

test('an organisation’s name that Slack fails to tell is not taken for a hidden one', async () => {
  const { carl } = sandbox.people;
  sandbox.faults.error('team.info', 'internal_error');
  await expect(directory.person(carl.id)).rejects.toThrow(/^Slack did not answer/);
  expect(await directory.person(carl.id)).toMatchObject({ company: 'Acme' });
});

test('outsiders of a conversation', async () => {
  const { anna, carl, emma } = sandbox.people;
  const channel = await anna.createChannel('project', { sharedWith: carl, invite: [carl, emma, 'app'] });
  expect((await directory.outsiders(channel.id)).map(({ name }) => name)).toEqual(['Carl Client']);
});
