import { afterEach, expect, test } from 'vitest';
import { deliveryModes, startWorld, type World } from '../helpers/kickoff.ts';
import { setUpLiveChat } from '../helpers/set-up-live-chat.ts';

let world: World;
afterEach(() => world.close());

test.each(deliveryModes)(
  'an operator starts a process and does its first task in the same modal (%s)',
  async (mode) => {
    world = await startWorld({ mode });
    await setUpLiveChat(world);
    const { anna, carl, oleg, olga } = world.sandbox.people;
    const channel = await anna.createChannel('support-acme', { sharedWith: 'Acme' });
    await anna.invite(channel, carl);
    await anna.invite(channel, oleg);
    const question = await carl.post(channel, 'We need *five* chairs & a <table>');
    await world.quiet();
    await oleg.shortcut('start_process', question);
    const modal = await oleg.modalShown('Start business process');
    await modal.shows('#support-acme');
    expect(modal.describe()).toContain('(Carl Client, Acme)');
    await modal.choose('Business process', 'Handle request', { typed: 'handle', group: 'Service desk / Requests' });
    await modal.submit();
    await modal.shows('Register request');
    expect((await modal.submit()).errors).toMatchObject({ Subject: expect.any(String) });
    await modal.fill('Subject', 'Five chairs');
    await modal.choose('Who works on it first', 'Olga Operator');
    await modal.submit();
    await modal.shows(`The next task, *Work on request*, is with <@${olga.id}>.`);
    const message = await olga.receives('Work on request');
    expect(oleg.inbox()).toEqual([]);
    await message.click('Open task');
    const task = await olga.modalShown('Work on request');
    await task.fill('Findings', 'In stock');
    await task.submit();
    await world.quiet();
    expect(message.texts().join('\n')).toContain('Done by');
    expect(message.buttons()).toEqual([]);
    expect(channel.messagesOfApp()).toEqual([]);
  },
);
