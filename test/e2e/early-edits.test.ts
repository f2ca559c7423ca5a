import { afterEach, describe, expect, test } from 'vitest';
import type { Channel } from '../../sandbox/driver/channel.ts';
import { sessions } from '../../src/sessions/tables.ts';
import { readTranscript } from '../../src/sessions/transcript.ts';
import { clientChannel } from '../helpers/client-channel.ts';
import { anyDeliveryMode, type DeliveryMode, startWorld, type World } from '../helpers/kickoff.ts';
import { writePostingProcesses } from '../helpers/posting-processes.ts';
import { type LiveChatSetUp, setUpLiveChat } from '../helpers/set-up-live-chat.ts';

let world: World;
afterEach(() => world.close());

const guestsOnly = { clients: 'Guests and people from other organisations' } as const;
const posting = { bindings: { 'Message received': { process: 'Post message' } } } as const;

async function begin(mode: DeliveryMode, setUp: LiveChatSetUp = {}): Promise<void> {
  world = await startWorld({ mode, environment: { PROCESSES_DIR: await writePostingProcesses() } });
  await setUpLiveChat(world, { ...guestsOnly, ...setUp });
}

/** The texts of the transcript, the number of messages and the early edits of the only session. */
async function recorded() {
  await world.quiet();
  const { db } = world.database;
  const [session, ...others] = await db.select().from(sessions);
  expect(others).toEqual([]);
  if (!session) throw new Error('there is no session');
  const { messageCount, earlyEdits } = session;
  return { texts: (await readTranscript(db, session.id)).map(({ text }) => text), messageCount, earlyEdits };
}

/** The words with which processes were started, in alphabetical order. */
const startedWith = () => world.crm.requests.map(({ body }) => (body as { text: string }).text).sort();

/** Gina edits a message twice and deletes another. */
async function changeTheirMinds(channel: Channel): Promise<void> {
  const { gina } = world.sandbox.people;
  const edited = await gina.post(channel, 'I need ten');
  await gina.edit(edited, 'I need twenty');
  await gina.edit(edited, 'I need thirty');
  const deleted = await gina.post(channel, 'My password is 4711');
  await gina.edit(deleted, 'My password is 4712');
  await gina.delete(deleted);
}

describe.each(anyDeliveryMode)('over %s', (mode) => {
  test.each([
    ['that starts nothing', {}, []],
    ['that starts a process', posting, ['I need ten', 'My password is 4711']],
  ])(
    'an edit or a deletion before its message changes the transcript, and the message %s counts',
    async (_, setUp, started) => {
      await begin(mode, setUp);
      const { faults } = world.sandbox;
      const channel = await clientChannel(world, 'support-acme');
      faults.holdDeliveries();
      await changeTheirMinds(channel);
      await faults.releaseDeliveries({ reverse: true, times: 2 });
      expect(await recorded()).toEqual({ texts: ['I need thirty'], messageCount: 2, earlyEdits: null });
      expect(startedWith()).toEqual(started);
    },
  );

  test('a message that waits for Slack to show its author is recorded as it was edited in the meantime', async () => {
    await begin(mode, posting);
    const { faults, people } = world.sandbox;
    const channel = await clientChannel(world, 'support-acme');
    faults.rateLimit('users.info', { retryAfterSeconds: 4 });
    world.context.directory.forgetPerson(people.gina.id);
    await changeTheirMinds(channel);
    expect(await recorded()).toEqual({ texts: ['I need thirty'], messageCount: 2, earlyEdits: null });
    expect(startedWith()).toEqual(['I need ten', 'My password is 4711']);
    expect(world.log.map(({ msg }) => msg)).toContain('delivery deferred until Slack answers');
  });

  test('edits of a recorded message that Slack delivers in reverse leave the newest text', async () => {
    await begin(mode);
    const { faults, people } = world.sandbox;
    const message = await people.gina.post(await clientChannel(world, 'support-acme'), 'I need ten');
    await world.quiet();
    faults.holdDeliveries();
    await people.gina.edit(message, 'I need twenty');
    await people.gina.edit(message, 'I need thirty');
    await faults.releaseDeliveries({ reverse: true });
    expect(await recorded()).toMatchObject({ texts: ['I need thirty'], messageCount: 1 });
  });

  test('a deletion that is the first event of a conversation opens its session once, without the message', async () => {
    await begin(mode, posting);
    const { faults, people } = world.sandbox;
    faults.holdDeliveries();
    const channel = await people.anna.createChannel('support-acme', { invite: [people.gina] });
    await people.anna.invite(channel, 'app');
    await changeTheirMinds(channel);
    await faults.releaseDeliveries({ reverse: true });
    expect(await recorded()).toEqual({ texts: ['I need thirty'], messageCount: 2, earlyEdits: null });
    expect(startedWith()).toEqual(['I need ten', 'My password is 4711']);
  });

  test('an edit of an old message that is not known opens no session', async () => {
    await begin(mode);
    const { faults, people, state } = world.sandbox;
    faults.withholdEvents();
    const channel = await people.anna.createChannel('support-acme', { invite: [people.gina] });
    await people.anna.invite(channel, 'app');
    faults.resumeEvents();
    const now = Date.now() / 1000;
    const at = { channel: channel.id, channel_type: 'channel', ts: now.toFixed(6), event_ts: now.toFixed(6) };
    const ts = (now - 2 * 86_400).toFixed(6);
    const message = { type: 'message', user: people.gina.id, text: 'edited', ts };
    for (const event of [
      { ...at, type: 'message', subtype: 'message_changed', message, previous_message: message },
      { ...at, type: 'message', subtype: 'message_deleted', deleted_ts: ts, previous_message: message },
    ]) {
      await faults.deliver({ team_id: state.team.id, event });
    }
    await world.quiet();
    expect(await world.database.db.select().from(sessions)).toEqual([]);
  });

  test('edits and a deletion while the message is being recorded count all the same', async () => {
    await begin(mode);
    const channel = await clientChannel(world, 'support-acme');
    await changeTheirMinds(channel);
    expect(await recorded()).toEqual({ texts: ['I need thirty'], messageCount: 2, earlyEdits: null });
  });
});
