import { afterEach, expect, test } from 'vitest';
import { deliveryModes, startWorld, type World } from '../helpers/kickoff.ts';
import { setUpLiveChat } from '../helpers/set-up-live-chat.ts';

let world: World;
afterEach(() => world.close());

test.each(deliveryModes)('another workspace’s deliveries are acknowledged and change nothing (%s)', async (mode) => {
  world = await startWorld({ mode });
  const { faults, people } = world.sandbox;
  await setUpLiveChat(world);
  const foreign = { id: 'T0FOREIGN01', domain: 'foreign' };
  const command = await faults.deliverInteraction({
    command: '/livechat-config',
    text: '',
    user_id: people.anna.id,
    channel_id: 'C1',
    team_id: foreign.id,
    trigger_id: '1.2.3',
  });
  expect(command).toMatchObject({
    acknowledged: true,
    answer: { response_type: 'ephemeral', text: 'This Kickoff does not serve your workspace.' },
  });
  const event = await faults.deliver({
    team_id: foreign.id,
    authorizations: [{ team_id: foreign.id, user_id: 'U0FOREIGNBOT', is_bot: true }],
    event: {
      type: 'channel_created',
      channel: { id: 'C0FOREIGN', name: 'support-foreign', created: 1700000000 },
    },
  });
  expect(event.acknowledged).toBe(true);
  await world.quiet();
  expect(world.sandbox.traffic.callsOf('conversations.join')).toEqual([]);
});
