import { setTimeout } from 'node:timers/promises';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import type { SeedChannel } from '../../sandbox/seed.ts';

/** The channel in which people try to write as a client. */
export const firstChannel: SeedChannel = {
  name: 'support-acme',
  members: ['anna', 'oleg', 'olga', 'sam', 'carl'],
  sharedWith: ['T0ACMECORP'],
  topic: 'Acme: questions and orders',
  withApp: true,
};

/** How long Kickoff may take to list the channels, in milliseconds. */
const listingMs = 15_000;

/** Kickoff lists the channels several times. It is done when it has not listed them for this long, in milliseconds. */
const quietMs = 1000;

function untouched({ state }: Sandbox) {
  return Object.values(state.channels).find((one) => one.name === firstChannel.name && one.messages.length === 0);
}

/**
 * Removes the channel while nobody has written there. The client's first message should open the session, because that tells
 * who the client is. Otherwise Kickoff, which lists all channels when it starts, would open it before the client is known.
 */
export function withholdFirstChannel(sandbox: Sandbox): void {
  const channel = untouched(sandbox);
  if (channel) sandbox.workspace.unseedChannel(sandbox.channel(channel.id));
}

/** Adds the channel again once Kickoff has listed the channels, unless the step was done in an earlier run. */
export async function openFirstChannel(sandbox: Sandbox, isTried: () => boolean): Promise<void> {
  const isListed = () =>
    sandbox.traffic.callsOf('conversations.list').some(({ answer }) => {
      const metadata = answer?.response_metadata as { next_cursor?: string } | undefined;
      return answer?.ok === true && !metadata?.next_cursor;
    });
  await sandbox.traffic.until(isListed, { timeoutMs: listingMs }).catch(() => {});
  const listings = () => sandbox.traffic.callsOf('conversations.list').length;
  for (let known = -1; known !== listings(); ) {
    known = listings();
    await setTimeout(quietMs, undefined, { ref: false });
  }
  const isThere = Object.values(sandbox.state.channels).some(
    ({ name, isDeleted }) => name === firstChannel.name && !isDeleted,
  );
  if (!isTried() && !isThere) sandbox.workspace.seedChannel(firstChannel);
}
