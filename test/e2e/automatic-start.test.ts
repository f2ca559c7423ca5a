import { afterEach, expect, test } from 'vitest';
import { waitUntil } from '../../sandbox/traffic.ts';
import { deliveryModes, startWorld, type World } from '../helpers/kickoff.ts';
import { setUpLiveChat } from '../helpers/set-up-live-chat.ts';

let world: World;
afterEach(() => world.close());

const leads = () => world.crm.requests.filter(({ path }) => path === '/leads');
const leadsToBe = (count: number) =>
  waitUntil(world.sandbox.traffic.onChange, () => leads().length >= count || undefined, {
    describe: () => `${leads().length} of ${count} leads`,
  });

test.each(deliveryModes)('a created channel is joined, and its lead reaches the CRM (%s)', async (mode) => {
  world = await startWorld({ mode });
  await setUpLiveChat(world, {
    bindings: { 'Session created': { process: 'Create lead', parameters: { Company: "Session's name" } } },
  });
  const { anna } = world.sandbox.people;
  const channel = await anna.createChannel('support-acme');
  await leadsToBe(1);
  expect(leads()[0]?.body).toEqual({
    company: 'support-acme',
    session: `https://northwind.slack.com/archives/${channel.id}`,
    source: 'Slack',
  });
  await waitUntil(world.sandbox.traffic.onChange, () => channel.hasApp || undefined);
});
