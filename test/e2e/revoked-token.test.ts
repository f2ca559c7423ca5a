import { afterEach, expect, test } from 'vitest';
import { deliveryModes, startWorld, type World } from '../helpers/kickoff.ts';
import { setUpLiveChat } from '../helpers/set-up-live-chat.ts';

let world: World;
afterEach(() => world.close({ tolerate: true }));

async function readiness() {
  const response = await fetch(`http://127.0.0.1:${world.kickoff.port}/readyz`);
  return { status: response.status, reason: await response.text() };
}

const untilReadinessIs = (status: number) =>
  world.sandbox.traffic.until(async () => (await readiness()).status === status, { timeoutMs: 20_000 });

/** A live chat whose clients' messages start *Handle request*, which has a task. */
async function startSupport(mode: (typeof deliveryModes)[number], firstPauseMs: number) {
  world = await startWorld({ mode, timings: { token: { firstPauseMs } } });
  const { anna, carl } = world.sandbox.people;
  await setUpLiveChat(world, { bindings: { 'Message received': { process: 'Handle request' } } });
  const channel = await anna.createChannel('support-acme', { sharedWith: 'Acme' });
  await anna.invite(channel, carl);
  await world.quiet();
  world.sandbox.traffic.clear();
  return channel;
}

const errors = () => world.log.filter(({ level }) => level >= 40).map(({ msg, reason }) => ({ msg, reason }));

/** Kickoff's calls with its bot token. */
const calls = () => world.sandbox.traffic.calls.filter(({ method }) => method !== 'apps.connections.open');

test.each(deliveryModes)('over %s, an uninstalled app is not ready, and stops calling Slack', async (mode) => {
  await startSupport(mode, 60_000);
  const { workspace, people } = world.sandbox;
  await workspace.uninstallApp();
  await untilReadinessIs(503);
  expect((await readiness()).reason).toContain('the bot token is not accepted: account_inactive');
  const before = calls().length;
  workspace.changePerson(people.carl, { title: 'Chief buyer' });
  await people.carl.post('support-acme', 'Is anybody there?');
  await world.sandbox.traffic.settled();
  await people.anna.command('/livechat-config', { in: 'general' });
  expect(new Set(calls().map(({ method }) => method))).toEqual(new Set(['auth.test']));
  expect(calls()).toHaveLength(before);
  expect(errors()[0]).toEqual({ msg: 'Slack rejects the bot token', reason: 'account_inactive' });
  expect(errors().filter(({ reason }) => reason !== undefined)).toHaveLength(1);
});

test('a refused call also shows that the token was revoked, and work continues once it is valid again', async () => {
  const channel = await startSupport('socket', 500);
  const { workspace, people } = world.sandbox;
  await workspace.revokeToken({ isTold: false });
  await people.carl.post(channel, 'Is anybody there?');
  await untilReadinessIs(503);
  expect((await readiness()).reason).toContain('token_revoked');
  const before = calls().filter(({ method }) => method !== 'auth.test').length;
  await world.sandbox.traffic.until(() => world.sandbox.traffic.callsOf('auth.test').length >= 2);
  expect(calls().filter(({ method }) => method !== 'auth.test')).toHaveLength(before);
  workspace.restoreToken();
  await untilReadinessIs(200);
  await people.oleg.receives('Register request', { timeoutMs: 20_000 });
  expect(errors()).toEqual([{ msg: 'Slack rejects the bot token', reason: 'token_revoked' }]);
});

test('events about another token change nothing', async () => {
  await startSupport('socket', 60_000);
  await world.sandbox.faults.deliver({ event: { type: 'app_uninstalled' } });
  await world.sandbox.faults.deliver({ event: { type: 'tokens_revoked', tokens: { bot: ['U0OTHERBOT1'] } } });
  expect((await readiness()).status).toBe(200);
  expect(errors()).toEqual([]);
});
