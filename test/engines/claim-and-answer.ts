import { expect } from 'vitest';
import type { World } from '../helpers/kickoff.ts';

/**
 * An event has started *Help a client*, whose task *Look into it* is offered to Oleg and Olga. Olga claims it in Slack, which
 * Oleg reads, and completes it with this answer, which Oleg reads too.
 *
 * @param assignee returns the task's assignee in the engine
 */
export async function claimAndAnswer(
  world: World,
  { answer, assignee }: { answer: string; assignee: () => Promise<string | undefined> },
): Promise<void> {
  const { oleg, olga } = world.sandbox.people;
  const [toOleg, toOlga] = await Promise.all([oleg, olga].map((one) => one.receives('Look into it')));
  if (!toOleg || !toOlga) throw new Error('the task was not offered');
  for (const message of [toOleg, toOlga]) expect(message.buttons()).toEqual(['Claim', 'Open task']);
  await toOlga.click('Claim');
  await toOleg.shows(`<@${olga.id}> has it now`);
  expect(toOleg.buttons()).toEqual([]);
  expect(await assignee()).toBe(olga.id);
  await world.sandbox.traffic.until(() => toOlga.buttons().join() === 'Open task,Reassign');
  await toOlga.click('Open task');
  const task = await olga.modalShown('Look into it');
  await task.fill('Answer', answer);
  await task.submit();
  await toOleg.shows(`✅ Done by <@${olga.id}>`);
}
