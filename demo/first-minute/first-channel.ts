import { setTimeout } from 'node:timers/promises';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import type { SeedChannel } from '../../sandbox/seed.ts';

/** Where a client waits to be written as. */
export const firstChannel: SeedChannel = {
  name: 'support-acme',
  members: ['anna', 'oleg', 'olga', 'sam', 'carl'],
  sharedWith: ['T0ACMECORP'],
  topic: 'Acme: questions and orders',
  withApp: true,
};

/** How long Kickoff may take to look through the channels, in milliseconds. */
const listingMs = 15_000;

/** It looks more than once, for new live chats and for what it missed: it is done when it has not asked for so long. */
const quietMs = 1000;

function untouched({ state }: Sandbox) {
  return Object.values(state.channels).find((one) => one.name === firstChannel.name && one.messages.length === 0);
}

/**
 * The client's first message is to open the session, for then it is known who the client is. Kickoff would come across the
 * channel before that, for it looks through all channels as it starts. So while nobody has written there, it is not
 * there when Kickoff starts …
 */
export function withholdFirstChannel(sandbox: Sandbox): void {
  const channel = untouched(sandbox);
  if (channel) sandbox.workspace.unseedChannel(sandbox.channel(channel.id));
}

/** … and appears once Kickoff has looked, until somebody has written as the client: then it is a channel like others. */
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
