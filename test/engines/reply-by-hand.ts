import { expect } from 'vitest';
import { clientChannel } from '../helpers/client-channel.ts';
import type { World } from '../helpers/kickoff.ts';
import { setUpLiveChat } from '../helpers/set-up-live-chat.ts';

/**
 * An operator starts the process *Reply* by hand and fills in its first form in the same modal. It hangs on an empty answer, goes
 * on once a supervisor retries it, and another one is cancelled.
 *
 * @param giveText gives the step that hangs the text `We have`, at the engine
 */
export async function replyByHand(world: World, giveText: () => Promise<unknown>): Promise<void> {
  const { anna, oleg, sam, gina } = world.sandbox.people;
  const activity = await anna.createChannel('kickoff-activity', { invite: [sam, oleg] });
  await setUpLiveChat(world, { activityChannel: 'kickoff-activity' });
  const channel = await clientChannel(world, 'support-acme');
  await anna.invite(channel, oleg);
  const question = await gina.post(channel, 'Have you chairs?');
  const startReply = async (answer: string) => {
    await oleg.shortcut('start_process', question);
    const modal = await oleg.modalShown('Start business process');
    await modal.choose('Business process', 'Reply');
    await modal.submit();
    await modal.fill('Answer', answer);
    await modal.submit();
    await modal.shows('Check the answer');
    return modal;
  };

  const modal = await startReply('We have');
  await modal.fill('Answer', ' ');
  await modal.submit();
  const line = await sam.receives('⚠️ Stuck', { in: activity });
  await line.shows('“text” is empty');
  await giveText();
  await line.click('Retry');
  await line.shows('✅ Completed');
  expect(channel.messagesOfApp().map(({ text }) => text)).toEqual(['We have']);

  await startReply('Twelve');
  const second = await sam.receives('“Check the answer” waits for', { in: activity });
  await second.click('Cancel');
  await second.shows('🚫 Cancelled');
  expect(channel.messagesOfApp()).toHaveLength(1);
}
