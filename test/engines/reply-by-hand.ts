import { expect } from 'vitest';
import { clientChannel } from '../helpers/client-channel.ts';
import type { World } from '../helpers/kickoff.ts';
import { setUpLiveChat } from '../helpers/set-up-live-chat.ts';

const places = { start: 100, check: 200, say: 340, end: 480 };

/** The diagram layout of *Reply*, for its file. */
export const replyLayout = `<bpmndi:BPMNDiagram xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"
    xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" id="diagram"><bpmndi:BPMNPlane id="plane" bpmnElement="reply">${Object.entries(
      places,
    )
      .map(
        ([id, x]) => `<bpmndi:BPMNShape id="${id}_shape" bpmnElement="${id}">
      <dc:Bounds x="${x}" y="100" width="${id.length === 3 ? 100 : 36}" height="80"/></bpmndi:BPMNShape>`,
      )
      .join('')}</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>`;

/**
 * An operator starts the process *Reply* manually and fills in its first form in the same modal. An empty answer makes it fail;
 * it continues after a supervisor retries it. The task of a second one, whose picture shows the current position, is reassigned
 * to a colleague, who completes it. A third one is cancelled.
 *
 * @param giveText sets the text of the failed step to `We have`, in the engine
 */
export async function replyByHand(world: World, giveText: () => Promise<unknown>): Promise<void> {
  const { anna, oleg, olga, sam, gina } = world.sandbox.people;
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

  await (await startReply('Twelve')).closeAll();
  await oleg.shortcut('session', question);
  const card = await oleg.modalShown('Live-chat session');
  await card.click('Diagram', { near: 'waits for' });
  const diagram = await oleg.modalShown('Diagram');
  await diagram.shows('where it stands');
  await diagram.closeAll();
  const second = await sam.receives('“Check the answer” waits for', { in: activity });
  const mine = await oleg.receives('Check the answer');
  await mine.click('Reassign');
  const reassign = await oleg.modalShown('Reassign task');
  await reassign.choose('Colleague', olga.id);
  await reassign.submit();
  const given = await olga.receives('Check the answer');
  await given.click('Open task');
  const task = await olga.modalShown('Check the answer');
  await task.fill('Answer', 'Twelve of them');
  await task.submit();
  await task.shows('The process has completed.');
  expect(channel.messagesOfApp().map(({ text }) => text)).toEqual(['We have', 'Twelve of them']);
  await second.shows('✅ Completed');

  await startReply('None');
  const third = await sam.receives('“Check the answer” waits for', { in: activity });
  await third.click('Cancel');
  await third.shows('🚫 Cancelled');
  expect(channel.messagesOfApp()).toHaveLength(2);
}
