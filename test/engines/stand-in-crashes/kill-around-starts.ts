import { expect } from 'vitest';
import type { CrashWorld } from '../../helpers/crash-world.ts';
import { setUpByClicking } from '../../helpers/set-up-by-clicking.ts';

/** The calls of an external engine that start something. */
export interface HeldEngine {
  /** Sets the fates of the next of these calls; later ones pass. */
  holding(fates: ('hold' | 'hold answer')[]): void;
  /** Number of calls that were not answered. */
  held(): number;
  /** Number of instances, however they were started. */
  instances(): Promise<number>;
  /** Called after Kickoff was restarted. */
  restarted?(): Promise<void>;
}

/** A killed process's claim ends after 40 s, and Kickoff waits up to two minutes for a call that may not have arrived. */
const patience = { timeout: 300_000, interval: 500 };

/**
 * Two messages start the process. Kickoff is killed when the engine has got one of the starts and not the other, and has
 * answered neither. After a restart there must be two instances.
 */
export async function killAroundStarts(world: CrashWorld, process: string, engine: HeldEngine): Promise<void> {
  await setUpByClicking(world, {
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
