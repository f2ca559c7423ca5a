import { afterEach, expect, test } from 'vitest';
import { startWorld, type World } from '../../helpers/kickoff.ts';
import { setUpLiveChat } from '../../helpers/set-up-live-chat.ts';

let world: World;
afterEach(() => world.close({ tolerate: true }));

test('the thread of a line lists the steps by name, in one growing reply, and shows where the process hangs', async () => {
  // The process hangs at its first call.
  world = await startWorld({ environment: { SECRET_CRM_URL: 'nowhere' } });
  const { sandbox } = world;
  const { anna, carl, sam } = sandbox.people;
  const activity = await anna.createChannel('kickoff-activity', { invite: [sam] });
  await anna.invite(activity, 'app');
  await setUpLiveChat(world, {
    activityChannel: 'kickoff-activity',
    bindings: { 'Message received': { process: 'Create lead' } },
  });
  const channel = await anna.createChannel('support-acme', { sharedWith: 'Acme' });
  await anna.invite(channel, carl);
  await world.quiet();
  const replies = () => sam.sees(activity).filter(({ ts, thread_ts }) => thread_ts !== undefined && thread_ts !== ts);
  await carl.post(channel, 'We need chairs');
  await sandbox.traffic.until(() => Object.values(sandbox.state.files).length > 0, { timeoutMs: 30_000 });
  const [picture] = Object.values(sandbox.state.files);
  const shown = () => replies().find(({ record }) => JSON.stringify(record.blocks).includes(picture?.id ?? '?'));
  const steps = /✅ <!date\^\d+\^[\s\S]*⚠️ <!date\^\d+\^[^>]*> Post lead to the CRM: the input/;
  await sandbox.traffic.until(() => steps.test(shown()?.texts().join('\n') ?? ''));
  expect(replies()).toHaveLength(1);
  expect(picture).toMatchObject({ mimetype: 'image/png', channels: [] });
  expect(channel.messagesOfApp()).toEqual([]);
}, 90_000);
