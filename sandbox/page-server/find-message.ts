import type { Core } from '../core.ts';
import { personSees } from '../driver/choices.ts';
import type { ChannelRecord, MessageRecord } from '../state.ts';
import { findMessage } from '../workspace/messages.ts';
import type { MessageAddress } from './protocol.ts';
import { isShownTo } from './show-message.ts';

/** Finds a conversation. Throws if the person cannot see it. */
export function findVisible(core: Core, userId: string, conversation: string): ChannelRecord {
  const channel = core.state.channels[conversation];
  if (channel && personSees(core, userId, channel)) return channel;
  throw new Error('There is no such conversation, or you are not in it');
}

/** Finds a message. Throws if the person cannot read it. */
export function findShown(
  core: Core,
  userId: string,
  { conversation, ts }: MessageAddress,
): { channel: ChannelRecord; message: MessageRecord } {
  const channel = findVisible(core, userId, conversation);
  const message = findMessage(channel, ts);
  if (!message || !isShownTo(message, userId)) throw new Error('The message is not there any more');
  return { channel, message };
}
