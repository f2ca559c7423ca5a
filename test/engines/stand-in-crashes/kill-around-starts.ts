import { expect } from 'vitest';
import type { CrashWorld } from '../../helpers/crash-world.ts';
import { setUpLiveChat } from '../../helpers/set-up-live-chat.ts';

/** An engine elsewhere, as far as calls that start something go. */
export interface HeldEngine {
  /** What becomes of the next of these calls; later ones pass. */
  holding(fates: ('hold' | 'hold answer')[]): void;
  /** How many calls have no answer. */
  held(): number;
  /** How many instances there are, however they came to be. */
  instances(): Promise<number>;
  /** Kickoff runs again. */
  restarted?(): Promise<void>;
}

/** A killed process's claim ends after 40 s, and a call that may not have arrived is waited out for up to two minutes. */
const patience = { timeout: 300_000, interval: 500 };

/**
 * Two messages start the process. Kickoff is killed when the engine has one of the starts and not the other, and has
 * answered neither; started again, it makes two instances of them.
 */
export async function killAroundStarts(world: CrashWorld, process: string, engine: HeldEngine): Promise<void> {
  await setUpLiveChat(world, {
    clients: 'Guests and people from other organisations',
    bindings: { 'Message received': { process } },
  });
  const { anna, gina } = world.sandbox.people;
  const channel = await anna.createChannel('support-acme');
  await anna.invite(channel, gina);
  engine.holding(['hold', 'hold answer']);
  await gina.post(channel, 'one');
  await gina.post(channel, 'two');
  await expect.poll(() => engine.held(), { timeout: 60_000 }).toBe(2);
  expect(await engine.instances()).toBe(1);
  await world.kill();
  engine.holding([]);
  await world.start();
  await engine.restarted?.();
  await expect.poll(() => engine.instances(), patience).toBe(2);
}
