import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { deliveryModes, startWorld, type World } from '../../helpers/kickoff.ts';
import { setUpLiveChat } from '../../helpers/set-up-live-chat.ts';

let world: World;

afterEach(async () => {
  const { violations } = world.sandbox;
  await world.close();
  expect(violations).toEqual([]);
});

const anna = () => world.sandbox.people.anna;

async function openList() {
  await anna().command('/livechat-config', { in: 'general' });
  return anna().modalShown('Live chats');
}

describe.each(deliveryModes)('over %s', (mode) => {
  beforeEach(async () => {
    world = await startWorld({ mode });
  });

  test('an administrator creates a live chat, binds a process, and finds it all again', async () => {
    await setUpLiveChat(world, {
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

    await list.menu('Sales', 'Settings');
    const settings = await anna().modalShown('Live chat settings');
    await settings.shows('Activity channel');
    expect(settings.field('Name').value).toBe('Sales');
    expect(settings.field('Name starts with').value).toBe('client-, vip-');
    expect(settings.field('Operator groups').value).toBe('Support team (@support-team)');
    await settings.close();

    await list.menu('Sales', 'Business processes');
    const processes = await anna().modalShown('Business processes');
    await processes.shows('Create lead');
    await processes.menu('Session created', 'Configure parameters');
    const inputs = await anna().modalShown('Input parameters');
    await inputs.shows('Create lead');
    expect(inputs.field('Company').value).toBe("Session's name");
  });
});
