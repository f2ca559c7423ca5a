import { afterEach, describe, expect, test } from 'vitest';
import { anyDeliveryMode, type DeliveryMode, deliveryModes, startWorld, type World } from '../helpers/kickoff.ts';
import { writeNoteProcesses } from '../helpers/note-processes.ts';
import { setUpByClicking } from '../helpers/set-up-by-clicking.ts';
import type { LiveChatSetUp } from '../helpers/set-up-live-chat.ts';

let world: World;
afterEach(() => world.close());

const noteAll = {
  'Session created': { process: 'Note created' },
  'Message received': { process: 'Note message' },
  'Session closed': { process: 'Note closed' },
} satisfies LiveChatSetUp['bindings'];

/** Creates a live chat whose every event is reported to the CRM. */
async function startNoting(mode: DeliveryMode, setUp: LiveChatSetUp = {}): Promise<World> {
  world = await startWorld({ mode, environment: { PROCESSES_DIR: await writeNoteProcesses() } });
  await setUpByClicking(world, { bindings: noteAll, ...setUp });
  return world;
}

type Note = Record<string, unknown>;
const notes = (kind: string): Note[] =>
  world.crm.requests.filter(({ path }) => path === `/${kind}`).map(({ body }) => body as Note);

/** Waits until everything is idle; returns the number of starts by kind of event. */
async function counts(): Promise<Record<string, number>> {
  await world.quiet();
  return Object.fromEntries(['created', 'message', 'closed'].map((kind) => [kind, notes(kind).length]));
}

const texts = () => notes('message').map(({ messageText }) => messageText);

describe.each(deliveryModes)('%s', (mode) => {
  test('a created channel is joined, and its lead reaches the CRM', async () => {
    world = await startWorld({ mode });
    await setUpByClicking(world, {
      bindings: { 'Session created': { process: 'Create lead', parameters: { Company: "Session's name" } } },
    });
    const channel = await world.sandbox.people.anna.createChannel('support-acme');
    await world.quiet();
    expect(world.crm.requests.map(({ path, body }) => ({ path, body }))).toEqual([
      {
        path: '/leads',
        body: {
          company: 'support-acme',
          session: `https://northwind.slack.com/archives/${channel.id}`,
          source: 'Slack',
        },
      },
    ]);
    expect(channel.hasApp).toBe(true);
  });

  test('a client’s message starts its process with the session’s data', async () => {
    await startNoting(mode);
    const { anna, oleg, carl } = world.sandbox.people;
    const channel = await anna.createChannel('support-acme', { sharedWith: 'Acme' });
    await anna.invite(channel, carl);
    await anna.invite(channel, oleg);
    await world.quiet();
    await oleg.post(channel, 'How can I help?');
    await world.quiet();
    const message = await carl.post(channel, 'I need 5 & more <b>chairs</b> 🪑', {
      files: [{ name: 'chairs.png', mimetype: 'image/png', content: 'png' }],
    });
    expect(await counts()).toEqual({ created: 1, message: 1, closed: 0 });
    const link = `https://northwind.slack.com/archives/${channel.id}`;
    expect(notes('message')[0]).toMatchObject({
      liveChatName: 'Support',
      sessionName: 'support-acme',
      sessionLink: link,
      sessionStatus: 'open',
      sessionMessageCount: 2,
      sessionTranscript: expect.stringMatching(
        /^\[.* UTC\] Oleg Operator: How can I help\?\n\[.* UTC\] Carl Client: I need 5/,
      ),
      clientName: 'Carl Client',
      clientTitle: 'Purchasing manager',
      clientCompany: 'Acme',
      clientTimezone: 'America/New_York',
      clientEmail: 'carl.client@acme.example',
      clientPhone: '+1 212 555 0106',
      clientUser: carl.id,
      clientIsExternal: true,
      operatorName: 'Oleg Operator',
      operatorEmail: 'oleg.operator@northwind.example',
      operatorUser: oleg.id,
      messageText: 'I need 5 & more <b>chairs</b> 🪑',
      messageLink: `${link}/p${message.ts.replace('.', '')}`,
      messageSentAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/),
      messageFiles: [{ name: 'chairs.png', type: 'image/png', size: 3, link: expect.stringContaining('http') }],
    });
  });

  test('facts delivered three times and in the wrong order are one start each', async () => {
    await startNoting(mode);
    const { anna, gina } = world.sandbox.people;
    // Slack has these facts in order, and delivers them in reverse.
    world.sandbox.faults.holdDeliveries();
    const channel = await anna.createChannel('support-late');
    await anna.invite(channel, 'app');
    await anna.invite(channel, gina);
    await gina.post(channel, 'first words');
    await anna.archive(channel);
    await world.sandbox.faults.releaseDeliveries({ reverse: true, times: 3 });
    expect(await counts()).toEqual({ created: 1, message: 1, closed: 1 });
  });
});

describe.each(anyDeliveryMode)('%s', (mode) => {
  test('only messages that clients write count', async () => {
    await startNoting(mode);
    const { anna, oleg, olga, sam, gina, emma } = world.sandbox.people;
    const channel = await anna.createChannel('support-globex');
    for (const person of [oleg, olga, sam, gina, emma]) await anna.invite(channel, person);
    await world.quiet();
    const first = await gina.post(channel, 'from a guest');
    await emma.post(channel, 'from an employee');
    await gina.post(channel, 'a reply', { thread: first });
    await gina.post(channel, 'a reply for all', { thread: first, broadcast: true });
    await gina.post(channel, 'a file', { files: [{ name: 'a.txt', mimetype: 'text/plain', content: 'a' }] });
    await oleg.post(channel, 'from an operator');
    await sam.post(channel, 'from a supervisor');
    await gina.edit(first, 'edited');
    await gina.delete(await olga.post(channel, 'to be deleted').then(() => first));
    await anna.setTopic(channel, 'a topic');
    await emma.leave(channel);
    await emma.join(channel);
    expect(await counts()).toMatchObject({ created: 1, message: 5 });
    expect(texts().toSorted()).toEqual(['a file', 'a reply', 'a reply for all', 'from a guest', 'from an employee']);
  });

  test('an employee is not a client if only guests and outsiders are', async () => {
    await startNoting(mode, { clients: 'Guests and people from other organisations' });
    const { anna, carl, gina, emma } = world.sandbox.people;
    const channel = await anna.createChannel('support-globex', { sharedWith: 'Acme' });
    for (const person of [carl, gina, emma]) await anna.invite(channel, person);
    await world.quiet();
    await emma.post(channel, 'from an employee');
    await carl.post(channel, 'from an outsider');
    await gina.post(channel, 'from a guest');
    await world.quiet();
    expect(texts().toSorted()).toEqual(['from a guest', 'from an outsider']);
    expect(notes('message').every(({ clientIsExternal }) => clientIsExternal)).toBe(true);
  });

  test('archiving closes, unarchiving reopens without a creation, and the app comes back', async () => {
    await startNoting(mode);
    const { anna, gina } = world.sandbox.people;
    const channel = await anna.createChannel('support-globex');
    await world.quiet();
    await anna.invite(channel, gina);
    await gina.post(channel, 'hello');
    await world.quiet();
    await anna.archive(channel);
    expect(await counts()).toEqual({ created: 1, message: 1, closed: 1 });
    expect(notes('closed')[0]).toMatchObject({ sessionStatus: 'closed', clientName: 'Gina Guest' });
    expect(notes('closed')[0]?.sessionClosedAt).toMatch(/^20\d\d-/);
    await anna.unarchive(channel);
    await world.quiet();
    expect(channel.hasApp).toBe(true);
    await gina.post(channel, 'here again');
    expect(await counts()).toEqual({ created: 1, message: 2, closed: 1 });
    await anna.archive(channel);
    expect(await counts()).toEqual({ created: 1, message: 2, closed: 2 });
    await anna.unarchive(channel);
    await world.quiet();
    await anna.deleteChannel(channel);
    expect(await counts()).toEqual({ created: 1, message: 2, closed: 3 });
  });

  test('a private channel opens its session when the app is invited, and closes by its own events', async () => {
    await startNoting(mode);
    const { anna, gina } = world.sandbox.people;
    const channel = await anna.createChannel('support-secret', { isPrivate: true });
    expect(await counts()).toEqual({ created: 0, message: 0, closed: 0 });
    await anna.invite(channel, 'app');
    await anna.invite(channel, gina);
    await world.quiet();
    await gina.post(channel, 'in private');
    expect(await counts()).toEqual({ created: 1, message: 1, closed: 0 });
    await anna.archive(channel);
    expect(await counts()).toEqual({ created: 1, message: 1, closed: 1 });
  });

  test('a rename into the prefix opens a session, a rename out of it ends its events, and one back creates nothing', async () => {
    await startNoting(mode);
    const { anna, gina } = world.sandbox.people;
    const channel = await anna.createChannel('acme');
    await anna.invite(channel, gina);
    expect(await counts()).toMatchObject({ created: 0 });
    await anna.rename(channel, 'support-acme');
    expect(await counts()).toMatchObject({ created: 1 });
    expect(channel.hasApp).toBe(true);
    await gina.post(channel, 'one');
    await world.quiet();
    await anna.rename(channel, 'old-acme');
    await world.quiet();
    await gina.post(channel, 'two');
    await world.quiet();
    await anna.rename(channel, 'support-acme-2');
    await world.quiet();
    await gina.post(channel, 'three');
    await world.quiet();
    expect(texts()).toEqual(['one', 'three']);
    expect(notes('created')).toHaveLength(1);
    expect(notes('message')[1]).toMatchObject({ sessionName: 'support-acme-2' });
  });

  test('a channel that becomes shared opens a session of a Slack Connect live chat', async () => {
    await startNoting(mode, { connect: true });
    const { anna, carl } = world.sandbox.people;
    const channel = await anna.createChannel('project-x');
    expect(await counts()).toMatchObject({ created: 0 });
    await anna.share(channel, carl);
    expect(await counts()).toMatchObject({ created: 1 });
    await world.quiet();
    await carl.post(channel, 'hello from Acme');
    await world.quiet();
    expect(notes('message')[0]).toMatchObject({ clientCompany: 'Acme', messageText: 'hello from Acme' });
  });

  test('a repeated event with the channel’s old name changes nothing', async () => {
    await startNoting(mode);
    const { anna, gina } = world.sandbox.people;
    const channel = await anna.createChannel('acme', { invite: [gina] });
    await anna.rename(channel, 'support-acme');
    await world.quiet();
    const [announcement] = world.sandbox.traffic.deliveriesOf('channel_created');
    if (!announcement) throw new Error('not announced');
    await world.sandbox.faults.redeliver(announcement);
    await gina.post(channel, 'still heard');
    expect(await counts()).toEqual({ created: 1, message: 1, closed: 0 });
  });

  test('older channels become sessions without a start, whatever their first event is', async () => {
    world = await startWorld({ mode, environment: { PROCESSES_DIR: await writeNoteProcesses() } });
    const { anna, gina, oleg } = world.sandbox.people;
    const [channel] = world.sandbox.workspace.seedChannels(['support-old'], { creator: anna, withApp: true });
    if (!channel) throw new Error('no channel');
    await anna.invite(channel, gina);
    await oleg.join(channel);
    await oleg.post(channel, 'said before');
    await world.quiet();
    world.sandbox.faults.delay('conversations.list', 1500);
    await setUpByClicking(world, {
      bindings: {
        ...noteAll,
        'Message received': { process: 'Note message', parameters: { Transcript: 'Transcript' } },
      },
    });
    await gina.post(channel, 'first heard');
    expect(await counts()).toEqual({ created: 0, message: 1, closed: 0 });
    await gina.post(channel, 'second');
    await world.quiet();
    expect(notes('message')[1]?.sessionTranscript).toMatch(/said before\n.*first heard\n.*second$/);
  });
});
