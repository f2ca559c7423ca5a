import { expect } from 'vitest';
import { clientChannel } from '../helpers/client-channel.ts';
import type { World } from '../helpers/kickoff.ts';
import { setUpLiveChat } from '../helpers/set-up-live-chat.ts';
import * as b from './diagram-builder.ts';

export const helpFile = b.process(
  [
    b.start(),
    b.userTask('look', { name: 'Look into it', assignee: 'oleg.operator@northwind.example' }),
    b.end(),
    b.flow('start -> look -> end'),
  ],
  { id: 'help', name: 'Help a client' },
);

interface Outage {
  /** Refuses connections to the engine. */
  leave(): Promise<void>;
  comeBack(): Promise<void>;
  countInstances(): Promise<number>;
  /** The reason in the activity line; absent: that of refused connections. */
  reason?: string;
}

/** Retries are paused for longer and longer while the engine is away. */
const patience = { timeout: 60_000, interval: 100 };

/**
 * A client writes while the engine is away. The activity line of {@link helpFile} says so, and the process starts once the
 * engine is back.
 */
export async function startAfterOutage(
  world: World,
  { leave, comeBack, countInstances, reason = 'does not answer: ECONNREFUSED' }: Outage,
): Promise<void> {
  const { anna, oleg, sam, gina } = world.sandbox.people;
  const activity = await anna.createChannel('kickoff-activity', { invite: [sam, oleg] });
  await setUpLiveChat(world, {
    clients: 'Guests and people from other organisations',
    activityChannel: 'kickoff-activity',
    bindings: { "Client's first message": { process: 'Help a client' } },
  });
  const channel = await clientChannel(world, 'support-acme');
  await leave();
  await gina.post(channel, 'Is anybody there?');
  // The first message is the line; what happened to the process may follow in its thread.
  const line = () => activity.messagesOfApp()[0]?.texts().join(' ');
  await expect.poll(line, patience).toContain(reason);
  await comeBack();
  await expect.poll(line, patience).toContain('“Look into it” waits for');
  expect(await countInstances()).toBe(1);
}

/** A client writes, and the start of the process fails with a reason of the process itself. */
export async function failToStart(world: World, process: string, reason: string): Promise<void> {
  const { anna, oleg, sam, gina } = world.sandbox.people;
  const activity = await anna.createChannel('kickoff-activity', { invite: [sam, oleg] });
  await setUpLiveChat(world, {
    clients: 'Guests and people from other organisations',
    activityChannel: 'kickoff-activity',
    bindings: { "Client's first message": { process } },
  });
  await gina.post(await clientChannel(world, 'support-acme'), 'Is anybody there?');
  const line = () => activity.messagesOfApp()[0]?.texts().join(' ');
  await expect.poll(line, patience).toContain(`Failed: ${reason}`);
}
