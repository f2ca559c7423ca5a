import type { Core } from '../core.ts';
import type { JsonObject } from '../json.ts';
import type { ChannelRecord } from '../state.ts';

export function isMember(channel: ChannelRecord, userId: string): boolean {
  return channel.members.includes(userId);
}

/** Whether the app is a member of the conversation. */
export function appIsIn(core: Core, channel: ChannelRecord): boolean {
  return isMember(channel, core.state.app.botUserId);
}

/** Slack's `channel_type` of a message event. */
export function channelType(channel: ChannelRecord): 'channel' | 'group' | 'im' {
  if (channel.kind === 'im') return 'im';
  return channel.isPrivate ? 'group' : 'channel';
}

/** The name in interactive payloads, which hide the names of private channels. */
export function channelNameInPayload(channel: ChannelRecord): string {
  if (channel.kind === 'im') return 'directmessage';
  return channel.isPrivate ? 'privategroup' : channel.name;
}

/** A conversation as in the `conversations.*` methods and `channel_created`. */
export function channelObject(core: Core, channel: ChannelRecord): JsonObject {
  const { team } = core.state;
  if (channel.kind === 'im') {
    return {
      id: channel.id,
      created: channel.created,
      is_archived: false,
      is_im: true,
      is_org_shared: false,
      context_team_id: team.id,
      updated: channel.updated,
      user: channel.imUser,
      is_user_deleted: false,
      priority: 0,
    };
  }
  const shared = channel.connectedTeamIds.length > 0;
  return {
    id: channel.id,
    name: channel.name,
    is_channel: !channel.isPrivate,
    is_group: channel.isPrivate,
    is_im: false,
    is_mpim: false,
    is_private: channel.isPrivate,
    created: channel.created,
    is_archived: channel.isArchived,
    is_general: channel.isGeneral,
    unlinked: 0,
    name_normalized: channel.name,
    is_shared: shared,
    is_org_shared: false,
    is_pending_ext_shared: false,
    pending_shared: [],
    context_team_id: team.id,
    updated: channel.updated,
    parent_conversation: null,
    creator: channel.creator,
    is_ext_shared: shared,
    shared_team_ids: [team.id, ...channel.connectedTeamIds],
    pending_connected_team_ids: [],
    ...(shared
      ? { conversation_host_id: team.id, connected_team_ids: channel.connectedTeamIds, internal_team_ids: [team.id] }
      : {}),
    is_member: appIsIn(core, channel),
    topic: channel.topic,
    purpose: channel.purpose,
    properties: { tabs: [], tabz: [] },
    previous_names: channel.previousNames,
  };
}

/** A conversation as in `channel_rename`. */
export function renamedChannelObject(channel: ChannelRecord): JsonObject {
  return {
    id: channel.id,
    is_channel: !channel.isPrivate,
    is_mpim: false,
    name: channel.name,
    name_normalized: channel.name,
    created: channel.created,
  };
}
