import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { sessionEvents } from '../../src/intake/tables.ts';
import { clientChannel } from '../helpers/client-channel.ts';
import { startWorld, type World } from '../helpers/kickoff.ts';
import { setUpLiveChat } from '../helpers/set-up-live-chat.ts';

let world: World;

/** Oleg answers Gina through a process; returns the messages posted to her channel. */
async function answer(environment: Record<string, string>, hasScope: boolean) {
  const manifest = await readFile('manifest.yml', 'utf8');
  const customized = manifest.replace('- chat:write\n', '- chat:write\n      - chat:write.customize\n');
  world = await startWorld({ environment, sandbox: { manifest: hasScope ? customized : manifest } });
  await setUpLiveChat(world);
  const channel = await clientChannel(world, 'support-acme');
  const { gina, oleg } = world.sandbox.people;
  const question = await gina.post(channel, 'Do you have chairs?');
  await world.quiet();
  await oleg.shortcut('start_process', question);
  const modal = await oleg.modalShown('Start business process');
  await modal.choose('Business process', 'Handle request');
  await modal.submit();
  await modal.shows('Register request');
  await modal.fill('Subject', 'Chairs');
  await modal.submit();
  await modal.shows('Answer the client');
  await modal.fill('Answer', 'Yes, five.');
  await modal.submit();
  await world.quiet();
  expect(channel.messagesOfApp().map(({ text }) => text)).toEqual(['Yes, five.']);
  const events = await world.database.db.select().from(sessionEvents);
  expect(events.flatMap(({ author }) => author ?? [])).toEqual(['client', 'process']);
  const posts = world.sandbox.traffic.callsOf('chat.postMessage').filter(({ args }) => args.channel === channel.id);
  return posts.map(({ args: { username, icon_url }, answer: told }) => ({ username, icon_url, ok: told?.ok }));
}

const asOleg = { username: 'Oleg Operator', icon_url: expect.stringMatching(/U0OLEG00001_72\.png$/) };

test('an answer appears under the app’s name by default', async () => {
  expect(await answer({}, true)).toEqual([{ ok: true }]);
  await world.close();
});

test('an answer appears under the name and picture of the operator who answered', async () => {
  expect(await answer({ ANSWER_AS_OPERATOR: 'true' }, true)).toEqual([{ ...asOleg, ok: true }]);
  await world.close();
});

test('an answer is posted under the app’s name if the app lacks the scope', async () => {
  expect(await answer({ ANSWER_AS_OPERATOR: 'true' }, false)).toEqual([{ ...asOleg, ok: false }, { ok: true }]);
  expect(world.log.map(({ msg }) => msg)).toContainEqual(expect.stringContaining('chat:write.customize'));
  await world.close({ tolerate: true });
});
