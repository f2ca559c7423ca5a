import type { LiveChatSettings } from '../../live-chats/live-chat.ts';
import { matchConversation } from '../../live-chats/match-conversation.ts';
import { roleOf } from '../../live-chats/staff.ts';
import { type Message, message } from '../../words/message.ts';
import { platformError } from '../platform-error.ts';
import type { SlackContext } from '../slack-context.ts';
import type { CheckDependencies } from './check-dependencies.ts';
import { asConversation, currentChannel } from './current-channel.ts';

/** Maximum number of members of an activity channel checked for guests: one request to Slack, and one per person. */
const membersLookedAt = 100;

/** Why a channel cannot be a live chat's activity channel: the app cannot post there, or clients can read it. */
export async function checkActivityChannel(
  { directory, others }: CheckDependencies,
  settings: LiveChatSettings,
): Promise<Message | undefined> {
  if (settings.activityChannel === null) return undefined;
  const channel = await currentChannel(directory, settings.activityChannel);
  if (!channel) return message('settings.notInChannel');
  if (channel.isArchived) return message('settings.activityArchived', { channel: channel.name });
  if (channel.isShared) return message('settings.activityShared', { channel: channel.name });
  const owner = matchConversation(asConversation(channel), [...others, settings]);
  if (owner) return message('settings.activityIsSession', { channel: channel.name, liveChat: owner.name });
  const members = await directory.members(channel.id, membersLookedAt);
  for (const person of await Promise.all(members.map((id) => directory.person(id)))) {
    if (!person?.isExternal || person.isBot || (await roleOf(settings, person.id, directory.groupMembers))) continue;
    return message('settings.activityHasOutsider', { channel: channel.name, person: person.name });
  }
  return undefined;
}

/** Makes the app a member of the channel, so that it can post there. Returns why it cannot, if so. */
export async function joinActivityChannel(
  { client, directory }: SlackContext,
  channelId: string | null,
): Promise<Message | undefined> {
  const channel = channelId === null ? undefined : await directory.channel(channelId);
  if (!channel || channel.isMember) return undefined;
  try {
    await client.conversations.join({ channel: channel.id });
  } catch (error) {
    const reason = platformError(error);
    if (reason === undefined) throw error;
    return message('settings.cannotJoin', { channel: channel.name, error: reason });
  }
  return undefined;
}
