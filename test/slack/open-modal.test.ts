import { afterEach, expect, test } from 'vitest';
import { say } from '../../src/slack/block-kit/markup.ts';
import { messageModal, openModal } from '../../src/slack/open-modal.ts';
import { showIn } from '../../src/slack/update-view.ts';
import { wordsIn } from '../../src/words/words.ts';
import { type Office, prepareOffice } from '../helpers/office.ts';
import { type RunningApp, startApp } from '../sandbox/helpers.ts';

let office: Office | undefined;
let running: RunningApp | undefined;
afterEach(async () => {
  await office?.close();
  await running?.stop();
  office = undefined;
  running = undefined;
});

test('a 429 while a modal is loading is waited out, and then the modal is filled', async () => {
  office = await prepareOffice();
  await office.open();
  const { anna } = office.sandbox.people;
  office.sandbox.faults.rateLimit('views.update', { retryAfterSeconds: 3 });
  await anna.command('/livechat-config', { in: 'general' });
  await (await anna.modalShown('Live chats')).shows('New live chat', { timeoutMs: 10_000 });
  expect(office.sandbox.traffic.callsOf('views.update')).toHaveLength(2);
});

test('a person is told of a 429 with a long wait', async () => {
  office = await prepareOffice();
  await office.open();
  const { anna } = office.sandbox.people;
  office.sandbox.faults.rateLimit('views.update', { retryAfterSeconds: 90 });
  await anna.command('/livechat-config', { in: 'general' });
  await anna.receives('Please try again in a moment.');
  expect(office.sandbox.traffic.callsOf('views.update')).toHaveLength(1);
});

test('the loaded view does not replace one that was shown in the meantime', async () => {
  const words = wordsIn({});
  const view = (text: 'loading' | 'tryAgain' | 'tooSlow') => messageModal(words, 'Flowers', say(words, text));
  const shown: Promise<unknown>[] = [];
  running = await startApp('socket', (app) => {
    app.command('/flowers', async ({ ack, body, client }) => {
      await ack();
      const request = { words, triggerId: body.trigger_id, title: 'Flowers' };
      shown.push(
        openModal({ client }, request, async (viewId) => {
          await client.views.update({ view_id: viewId, view: view('tooSlow') });
          return view('tryAgain');
        }),
      );
    });
  });
  const { anna } = running.sandbox.people;
  await anna.command('/flowers', { in: 'general' });
  const modal = await anna.modalShown('Flowers');
  await modal.shows(words('tooSlow'));
  await Promise.all(shown);
  expect(modal.texts()).toEqual([words('tooSlow')]);
});

test('one view after the other is shown until another one replaces them', async () => {
  const words = wordsIn({});
  const view = (text: 'loading' | 'tryAgain' | 'tooSlow') => messageModal(words, 'Flowers', say(words, text));
  const shown: Promise<boolean[]>[] = [];
  running = await startApp('socket', (app) => {
    app.command('/flowers', async ({ ack, body, client }) => {
      await ack();
      const { view: opened } = await client.views.open({ trigger_id: body.trigger_id, view: view('loading') });
      const [viewId, show] = [opened?.id ?? '', showIn({ client }, opened?.id ?? '', opened?.hash)];
      const inTurn = async () => {
        const before = [await show(view('tryAgain')), await show(view('loading'))];
        await client.views.update({ view_id: viewId, view: view('tooSlow') });
        return [...before, await show(view('tryAgain'))];
      };
      shown.push(inTurn());
    });
  });
  const { anna } = running.sandbox.people;
  await anna.command('/flowers', { in: 'general' });
  const modal = await anna.modalShown('Flowers');
  await modal.shows(words('tooSlow'));
  expect(await Promise.all(shown)).toEqual([[true, true, false]]);
  expect(modal.texts()).toEqual([words('tooSlow')]);
});
