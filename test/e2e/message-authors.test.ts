import { afterEach, describe, expect, test } from 'vitest';
import type { Channel } from '../../sandbox/driver/channel.ts';
import { clientChannel } from '../helpers/client-channel.ts';
import { anyDeliveryMode, type DeliveryMode, startWorld, type World } from '../helpers/kickoff.ts';
import { writeNoteProcesses } from '../helpers/note-processes.ts';
import { setUpLiveChat } from '../helpers/set-up-live-chat.ts';

let world: World;
let channel: Channel;
afterEach(() => world.close());

async function start(mode: DeliveryMode): Promise<void> {
  world = await startWorld({ mode, environment: { PROCESSES_DIR: await writeNoteProcesses() } });
  const bindings = { 'Message received': { process: 'Note message' }, 'Session closed': { process: 'Note closed' } };
  await setUpLiveChat(world, { bindings });
  channel = await clientChannel(world, 'support-acme');
}

async function noted(): Promise<[string, Record<string, unknown>][]> {
  await world.quiet();
  return world.crm.requests.map(({ path, body }) => [path, body as Record<string, unknown>]);
}

describe.each(anyDeliveryMode)('%s', (mode) => {
  test('a message that a tool posts with a person’s token is that person’s', async () => {
    await start(mode);
    const { gina, oleg } = world.sandbox.people;
    const { workspace } = world.sandbox;
    workspace.postWithTokenOf(oleg, channel, 'How can we help?');
    await world.quiet();
    const asked = workspace.postWithTokenOf(gina, channel, 'We need chairs');
    const [note, ...others] = await noted();
    expect(others).toEqual([]);
    expect(note).toMatchObject([
      '/message',
      { messageText: 'We need chairs', clientUser: gina.id, operatorUser: oleg.id },
    ]);
    expect(String(note?.[1].sessionTranscript).split('\n')).toEqual([
      expect.stringMatching(/Oleg Operator: How can we help\?$/),
      expect.stringMatching(/Gina Guest: We need chairs$/),
    ]);
    await oleg.shortcut('why', asked);
    const why = await oleg.modalShown('Why (not) a process?');
    await why.shows(`<@${gina.id}>: a client, being neither operator nor supervisor`);
    await why.closeAll();
    await oleg.shortcut('start_process', asked);
    await (await oleg.modalShown('Start business process')).shows(`<@${gina.id}> (Gina Guest)`);
  });

  test('an event without event_ts happened when its delivery says', async () => {
    await start(mode);
    const { gina } = world.sandbox.people;
    await gina.post(channel, 'We need chairs');
    await world.quiet();
    const event = { type: 'channel_archive', channel: channel.id, user: gina.id, event_ts: null };
    const delivery = { event, event_id: 'Ev0ARCHIVED1', event_time: 1_900_000_000 };
    // Delivered twice, like after a lost acknowledgement.
    for (const event_id of ['Ev0ARCHIVED1', 'Ev0ARCHIVED2']) {
      expect((await world.sandbox.faults.deliver({ ...delivery, event_id })).acknowledged).toBe(true);
    }
    const closed = (await noted()).filter(([path]) => path === '/closed');
    expect(closed).toMatchObject([['/closed', { sessionClosedAt: '2030-03-17T17:46:40+00:00' }]]);
  });
});
