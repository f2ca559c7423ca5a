import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Channel } from '../../sandbox/driver/channel.ts';
import { deliveryModes, startWorld, type World } from '../helpers/kickoff.ts';
import { writeNoteProcesses } from '../helpers/note-processes.ts';
import { setUpLiveChat } from '../helpers/set-up-live-chat.ts';

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
const directory = 'test/fixtures/slack-payloads';

/** The starts that a delivery of each shape makes, in an open session or (`isNew`) a new conversation; others start nothing. */
const effects: Record<string, { isNew?: true; starts: string[] }> = {
  ChannelArchive: { starts: ['closed'] },
  ChannelCreated: { isNew: true, starts: ['created'] },
  ChannelDeleted: { starts: ['closed'] },
  ChannelRename: { isNew: true, starts: ['created'] },
  GroupArchive: { starts: ['closed'] },
  GroupDeleted: { starts: ['closed'] },
  GroupRename: { isNew: true, starts: ['created'] },
  MemberJoinedChannel: { isNew: true, starts: ['created'] },
  Message: { starts: ['message'] },
  MessageFileShare: { starts: ['message'] },
  MessageMe: { starts: ['message'] },
  MessageThreadBroadcast: { starts: ['message'] },
};

describe.each(deliveryModes)('%s', (mode) => {
  let world: World;
  let count = 0;
  beforeAll(async () => {
    world = await startWorld({ mode, environment: { PROCESSES_DIR: await writeNoteProcesses() } });
    await setUpLiveChat(world, {
      bindings: {
        'Session created': { process: 'Note created' },
        'Message received': { process: 'Note message' },
        'Session closed': { process: 'Note closed' },
      },
    });
  });
  afterAll(() => world.close());

  const files = readdirSync(`${directory}/events`).map((file) => file.replace('.json', ''));
  test.each(files)('%s', async (file) => {
    count += 1;
    const { starts, isNew = false } = effects[file] ?? { starts: [] };
    const { sandbox, crm } = world;
    const { anna, gina } = sandbox.people;
    const [channel] = sandbox.workspace.seedChannels([`support-${count}`], { creator: anna, withApp: true });
    if (!channel) throw new Error('no channel');
    if (!isNew) {
      await anna.invite(channel, gina);
      await gina.post(channel, 'the session is open');
    }
    await world.quiet();
    const before = crm.requests.length;
    const shape = JSON.parse(readFileSync(`${directory}/events/${file}.json`, 'utf8')) as { [key: string]: Json };
    const outcome = await sandbox.faults.deliver(plausible(shape, channel, file) as Record<string, Json>);
    expect(outcome.acknowledged).toBe(true);
    await world.quiet();
    expect(crm.requests.slice(before).map(({ path }) => path.slice(1))).toEqual(starts);
  });

  /** The shape with plausible ids. Fields that mark a message as an app's stay only in apps' messages. */
  function plausible(shape: Json, channel: Channel, file: string): Json {
    const { sandbox } = world;
    const ts = `${1800000000 + count}.000100`;
    const ids: Record<string, Json> = {
      channel: channel.id,
      old_channel_id: channel.id,
      new_channel_id: `C0NEW${count}`,
      user: file === 'MemberJoinedChannel' ? sandbox.botUserId : sandbox.people.gina.id,
      team: sandbox.teamId,
      team_id: sandbox.teamId,
      channel_type: 'channel',
      name: channel.name,
      name_normalized: channel.name,
      ts,
      event_ts: ts,
      deleted_ts: ts,
      created: 1700000000,
    };
    const fill = (value: Json, key: string): Json => {
      if (Array.isArray(value)) return value.map((item) => fill(item, ''));
      if (typeof value === 'object' && value !== null) {
        const entries = Object.entries(value).filter(
          ([name]) => !(['bot_id', 'bot_profile', 'thread_ts'].includes(name) && !file.startsWith('MessageBot')),
        );
        const filled = Object.fromEntries(entries.map(([name, item]) => [name, fill(item, name)]));
        return key === 'channel' ? { ...filled, id: channel.id } : filled;
      }
      if (key === 'bot_id') return 'B0ANOTHER01';
      return (value === '' || typeof value === 'number' || key.endsWith('ts')) && key in ids
        ? (ids[key] ?? value)
        : value;
    };
    const filled = fill(shape, '') as { [key: string]: Json };
    return {
      ...filled,
      type: file === 'AppRateLimited' ? 'app_rate_limited' : 'event_callback',
      event_id: `Ev${mode}${count}`,
    };
  }
});
