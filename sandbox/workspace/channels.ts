import { type Core, nowSeconds } from '../core.ts';
import { emptyChannel } from '../seed.ts';
import { type ChannelRecord, newId } from '../state.ts';
import { channelObject, renamedChannelObject } from '../wire/channels.ts';
import { joinChannel } from './membership.ts';
import { addNotice } from './messages.ts';
import { publish } from './publish.ts';

/** Events of a private channel go to its members only. */
const audienceOf = (channel: ChannelRecord): 'members' | 'everyone' => (channel.isPrivate ? 'members' : 'everyone');

export function createChannel(
  core: Core,
  creator: string,
  name: string,
  options: { isPrivate?: boolean | undefined } = {},
): ChannelRecord {
  const { state } = core;
  const created = nowSeconds(core);
  const channel = emptyChannel(state, { name, creator, created, isPrivate: options.isPrivate ?? false });
  state.channels[channel.id] = channel;
  if (!channel.isPrivate) {
    const { is_member: _, ...shown } = channelObject(core, channel);
    void publish(core, { type: 'channel_created', channel: shown }, { channel });
  }
  joinChannel(core, channel, creator);
  return channel;
}

export function renameChannel(core: Core, channel: ChannelRecord, userId: string, name: string): void {
  const previous = channel.name;
  channel.previousNames = [previous, ...channel.previousNames];
  channel.name = name;
  channel.updated = core.now();
  const text = `has renamed the channel from "${previous}" to "${name}"`;
  addNotice(core, channel, userId, 'channel_name', text, { old_name: previous, name });
  const type = channel.isPrivate ? 'group_rename' : 'channel_rename';
  const audience = audienceOf(channel);
  void publish(core, { type, channel: renamedChannelObject(channel) }, { channel, audience });
}

/** Archives a channel. The app gets the event, and is no longer a member. */
export function archiveChannel(core: Core, channel: ChannelRecord, userId: string): void {
  const text = `<@${userId}> archived the channel`;
  addNotice(core, channel, userId, 'channel_archive', text);
  channel.isArchived = true;
  channel.updated = core.now();
  const type = channel.isPrivate ? 'group_archive' : 'channel_archive';
  const audience = audienceOf(channel);
  void publish(core, { type, channel: channel.id, user: userId, is_moved: 0 }, { channel, audience });
  channel.members = channel.members.filter((member) => member !== core.state.app.botUserId);
}

/** Unarchives a channel. The app does not become a member again. */
export function unarchiveChannel(core: Core, channel: ChannelRecord, userId: string): void {
  channel.isArchived = false;
  channel.updated = core.now();
  addNotice(core, channel, userId, 'channel_unarchive', `<@${userId}> un-archived the channel`);
  const actor = channel.isPrivate ? { type: 'group_unarchive', actor_id: userId } : { type: 'channel_unarchive' };
  const audience = audienceOf(channel);
  void publish(core, { ...actor, channel: channel.id, user: userId }, { channel, audience });
}

/** Makes a channel private or public. Slack posts a message in the channel, and sends no other event. */
export function convertChannel(core: Core, channel: ChannelRecord, userId: string, isPrivate: boolean): void {
  channel.isPrivate = isPrivate;
  channel.updated = core.now();
  const subtype = isPrivate ? 'channel_convert_to_private' : 'channel_convert_to_public';
  const kind = isPrivate ? 'private' : 'public';
  addNotice(core, channel, userId, subtype, `<@${userId}> made this channel *${kind}*`);
}

export function deleteChannel(core: Core, channel: ChannelRecord, userId: string): void {
  const type = channel.isPrivate ? 'group_deleted' : 'channel_deleted';
  const audience = audienceOf(channel);
  const date = channel.isPrivate ? { date_deleted: nowSeconds(core) } : {};
  void publish(core, { type, channel: channel.id, ...date, actor_id: userId }, { channel, audience });
  channel.isDeleted = true;
  channel.members = [];
}

export function setTopic(core: Core, channel: ChannelRecord, userId: string, topic: string): void {
  channel.topic = { value: topic, creator: userId, last_set: nowSeconds(core) };
  const text = `<@${userId}> set the channel topic: ${topic}`;
  addNotice(core, channel, userId, 'channel_topic', text, { topic });
}

/**
 * The other organisation accepts the invitation: the channel becomes a Slack Connect channel. An old private channel gets a new
 * id.
 */
export function shareChannel(core: Core, channel: ChannelRecord, teamId: string): void {
  if (channel.connectedTeamIds.includes(teamId)) return;
  if (isOldPrivate(channel)) changeChannelId(core, channel);
  channel.connectedTeamIds.push(teamId);
  channel.updated = core.now();
  const audience = audienceOf(channel);
  void publish(core, { type: 'channel_shared', connected_team_id: teamId, channel: channel.id }, { channel, audience });
}

/** The other organisation, and its people, leave the channel. */
export function unshareChannel(core: Core, channel: ChannelRecord, teamId: string): void {
  channel.connectedTeamIds = channel.connectedTeamIds.filter((id) => id !== teamId);
  channel.members = channel.members.filter((member) => core.state.users[member]?.teamId !== teamId);
  channel.updated = core.now();
  const isExtShared = channel.connectedTeamIds.length > 0;
  const audience = audienceOf(channel);
  void publish(
    core,
    {
      type: 'channel_unshared',
      previously_connected_team_id: teamId,
      channel: channel.id,
      is_ext_shared: isExtShared,
    },
    { channel, audience },
  );
}

/** Whether it is a private channel from the time when their ids had their own prefix. */
const isOldPrivate = ({ id }: ChannelRecord): boolean => id.startsWith('G');

/**
 * Gives the channel another id. When an older private channel is shared, only the first letter of its id changes; when a
 * channel moves between organisations, its new id has nothing in common with the old one.
 */
export function changeChannelId(core: Core, channel: ChannelRecord): void {
  const oldId = channel.id;
  const id = isOldPrivate(channel) ? `C${oldId.slice(1)}` : newId(core.state, 'C');
  delete core.state.channels[oldId];
  core.state.channels[id] = channel;
  channel.id = id;
  for (const message of channel.messages) message.channel = id;
  for (const read of Object.values(core.state.lastRead)) {
    const ts = read[oldId];
    if (ts !== undefined) read[id] = ts;
    delete read[oldId];
  }
  for (const file of Object.values(core.state.files)) {
    file.channels = file.channels.map((shared) => (shared === oldId ? id : shared));
  }
  const audience = audienceOf(channel);
  void publish(core, { type: 'channel_id_changed', old_channel_id: oldId, new_channel_id: id }, { channel, audience });
}
