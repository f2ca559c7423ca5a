import { afterEach, expect, test, vi } from 'vitest';
import { clientChannel } from '../../helpers/client-channel.ts';
import { startWorld, type World } from '../../helpers/kickoff.ts';
import { setUpLiveChat } from '../../helpers/set-up-live-chat.ts';
import { type ElmaStandIn, startElmaStandIn } from './stand-in.ts';

let world: World;
let elma: ElmaStandIn;
afterEach(async () => {
  await world.close({ tolerate: true });
  await elma.close();
});

const patience = { timeout: 30_000, interval: 100 };

test('a process of ELMA365 is found, started manually and by an event, and followed in Slack', async () => {
  elma = await startElmaStandIn();
  world = await startWorld({ environment: { ENGINES: 'embedded,elma365', ...elma.environment } });
  const { anna, oleg, gina } = world.sandbox.people;
  const activity = await anna.createChannel('activity');
  await anna.invite(activity, oleg);
  await setUpLiveChat(world, {
    clients: 'Guests and people from other organisations',
    activityChannel: 'activity',
    bindings: { "Client's first message": { process: 'Create lead in ELMA365' } },
  });
  const lines = () =>
    activity
      .messagesOfApp()
      .map((message) => message.texts().join(' '))
      .filter((text) => text.includes('ELMA365'));

  const channel = await clientChannel(world, 'support-acme');
  await elma.leave();
  await gina.post(channel, 'Two tables, please');
  await vi.waitFor(() => expect(lines()).toEqual([expect.stringContaining('ELMA365 does not answer')]), patience);
  await elma.comeBack();
  await vi.waitFor(
    () => expect(elma.instances).toMatchObject([{ context: { words: 'Two tables, please' } }]),
    patience,
  );
  const [lead] = elma.instances;
  await vi.waitFor(() => expect(lines()).toEqual([expect.stringContaining('Open in ELMA365')]), patience);
  expect(lines()[0]).toContain(`${elma.url}/(p:history/${lead?.id})`);
  elma.setState(lead?.id ?? '', 'done');
  await vi.waitFor(() => expect(lines()[0]).toContain('Completed'), patience);

  const question = channel.messages().find(({ text }) => text.includes('Two tables'));
  if (!question) throw new Error('the question is gone');
  await oleg.shortcut('start_process', question);
  const modal = await oleg.modalShown('Start business process');
  await modal.choose('Business process', 'Create lead in ELMA365', { typed: 'lead elma', group: 'CRM / Leads' });
  await modal.submit();
  await modal.shows("Client's name");
  await modal.submit();
  await modal.shows('The process goes on in ELMA365.');
  expect(elma.instances).toHaveLength(2);
  expect(elma.instances[1]?.context).toMatchObject({ client_name: 'Gina Guest', words: 'Two tables, please' });
  expect(modal.describe()).toContain('Open in ELMA365');
  await vi.waitFor(() => expect(lines()[1]).toContain('Running'), patience);
  elma.setState(elma.instances[1]?.id ?? '', 'error');
  await vi.waitFor(() => expect(lines()[1]).toContain('Stuck'), patience);
  elma.setState(elma.instances[1]?.id ?? '', 'cancel');
  await vi.waitFor(() => expect(lines()[1]).toContain('Cancelled'), patience);
  expect(channel.messagesOfApp()).toEqual([]);
}, 90_000);
