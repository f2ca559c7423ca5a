import type { Core } from '../core.ts';
import type { ChannelRecord } from '../state.ts';
import { isMember } from '../wire/channels.ts';
import { addNotice } from './messages.ts';
import { publish } from './publish.ts';

const kindOf = (channel: ChannelRecord): 'C' | 'G' => (channel.isPrivate ? 'G' : 'C');

/** Adds somebody (or the app) to a channel: posts the notice, and sends `member_joined_channel`. */
export function joinChannel(core: Core, channel: ChannelRecord, userId: string, inviter?: string): void {
  if (isMember(channel, userId)) return;
  channel.members.push(userId);
  const team = core.state.users[userId]?.teamId ?? core.state.team.id;
  const text = `<@${userId}> has joined the channel`;
  addNotice(core, channel, userId, 'channel_join', text, inviter ? { inviter } : {});
  void publish(
    core,
    {
      type: 'member_joined_channel',
      user: userId,
      channel: channel.id,
      channel_type: kindOf(channel),
      team,
      ...(inviter ? { inviter } : {}),
    },
    { channel, audience: 'members', actorTeam: team },
  );
}

/** Removes somebody from a channel. The app itself gets `channel_left` or `group_left`. */
export function leaveChannel(core: Core, channel: ChannelRecord, userId: string, actorId: string): void {
  if (!isMember(channel, userId)) return;
  const team = core.state.users[userId]?.teamId ?? core.state.team.id;
  channel.members = channel.members.filter((member) => member !== userId);
  if (userId === core.state.app.botUserId) {
    const type = channel.isPrivate ? 'group_left' : 'channel_left';
    void publish(core, { type, channel: channel.id, actor_id: actorId }, { channel });
    return;
  }
  const text = `<@${userId}> has left the channel`;
  addNotice(core, channel, userId, 'channel_leave', text);
  void publish(
    core,
    { type: 'member_left_channel', user: userId, channel: channel.id, channel_type: kindOf(channel), team },
    { channel, audience: 'members', actorTeam: team },
  );
}
