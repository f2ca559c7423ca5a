import type { Channel } from '../../sandbox/driver/channel.ts';
import type { World } from './kickoff.ts';

/** A channel in which Gina the guest can write. */
export async function clientChannel(world: World, name: string): Promise<Channel> {
  const { anna, gina } = world.sandbox.people;
  const channel = await anna.createChannel(name);
  await anna.invite(channel, gina);
  await world.quiet();
  return channel;
}
