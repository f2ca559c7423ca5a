import type { Core } from '../core.ts';
import { personSees } from '../driver/choices.ts';
import type { ChannelRecord, UserRecord } from '../state.ts';
import { appIsIn, isMember } from '../wire/channels.ts';
import type { ShownConversation } from './protocol.ts';
import { isInChannel, isNotice, isShownTo } from './show-message.ts';

/** Unread messages are counted up to this number. */
const mostUnread = 100;

function countUnread(channel: ChannelRecord, userId: string, lastRead: string): number {
  let unread = 0;
  for (let index = channel.messages.length - 1; index >= 0 && unread < mostUnread; index -= 1) {
    const message = channel.messages[index];
    if (!message || message.ts <= lastRead) break;
    const counts = message.user !== userId && isInChannel(message) && !isNotice(message);
    if (counts && isShownTo(message, userId)) unread += 1;
  }
  return unread;
}

function mayOf(core: Core, user: UserRecord, channel: ChannelRecord): ShownConversation['may'] {
  const { manifest, state } = core;
  const within = isMember(channel, user.id);
  if (channel.kind === 'im') {
    const post = manifest.messagesTab && !manifest.messagesTabReadOnly;
    return { post, rename: false, archive: false, delete: false, invite: false, leave: false };
  }
  const full = user.teamId === state.team.id && !user.isRestricted && !user.isUltraRestricted;
  const open = !channel.isArchived;
  return {
    post: within && open,
    rename: full && within && open,
    archive: full && !channel.isGeneral && (within || !open),
    delete: (user.isAdmin || user.isOwner) && !channel.isGeneral,
    invite: within && open,
    leave: within && !channel.isGeneral,
  };
}

function showConversation(core: Core, user: UserRecord, channel: ChannelRecord): ShownConversation {
  const { state } = core;
  const within = isMember(channel, user.id);
  const lastRead = state.lastRead[user.id]?.[channel.id] ?? '';
  const sharedWith = [state.team, ...state.otherTeams]
    // For a person of another organisation, the channel is shared with this one.
    .filter((team) => team.id !== user.teamId && [state.team.id, ...channel.connectedTeamIds].includes(team.id))
    .map((team) => team.name);
  return {
    id: channel.id,
    kind: channel.kind === 'im' ? 'app' : 'channel',
    name: channel.kind === 'im' ? state.app.name : channel.name,
    isPrivate: channel.isPrivate,
    isArchived: channel.isArchived,
    isGeneral: channel.isGeneral,
    sharedWith: channel.connectedTeamIds.length > 0 ? sharedWith : [],
    topic: channel.topic.value,
    isMember: within,
    hasApp: appIsIn(core, channel),
    members: channel.members,
    creator: channel.creator,
    unread: within ? countUnread(channel, user.id, lastRead) : 0,
    lastRead,
    latestTs: channel.messages.at(-1)?.ts ?? '',
    may: mayOf(core, user, channel),
  };
}

/** Every conversation that a person can find. */
export function showConversations(core: Core, userId: string): ShownConversation[] {
  const user = core.state.users[userId];
  if (!user) return [];
  return Object.values(core.state.channels)
    .filter((channel) => personSees(core, userId, channel))
    .map((channel) => showConversation(core, user, channel));
}
