import type { Core } from '../core.ts';
import { nowSeconds } from '../core.ts';
import type { DeliveryOutcome } from '../delivery/deliverer.ts';
import type { JsonObject } from '../json.ts';
import { type ChannelRecord, newId, newTs } from '../state.ts';
import { appIsIn, channelType } from '../wire/channels.ts';

type SlackEvent = JsonObject & { type: string };

/** The scope that each event type needs; event types that are not listed need none. */
const eventScopes: Record<string, string> = {
  channel_archive: 'channels:read',
  channel_created: 'channels:read',
  channel_deleted: 'channels:read',
  channel_left: 'channels:read',
  channel_rename: 'channels:read',
  channel_unarchive: 'channels:read',
  reaction_added: 'reactions:read',
  reaction_removed: 'reactions:read',
  group_archive: 'groups:read',
  group_deleted: 'groups:read',
  group_left: 'groups:read',
  group_rename: 'groups:read',
  group_unarchive: 'groups:read',
  subteam_created: 'usergroups:read',
  subteam_members_changed: 'usergroups:read',
  subteam_updated: 'usergroups:read',
  team_join: 'users:read',
  user_change: 'users:read',
  'message.channels': 'channels:history',
  'message.groups': 'groups:history',
  'message.im': 'im:history',
};

/** Whether the app gets events of this subscription (`message.channels`, `channel_created` …). */
function isSubscribed(core: Core, subscription: string, channel: ChannelRecord | undefined): boolean {
  const byChannel = channel?.isPrivate ? 'groups:read' : 'channels:read';
  const needed = eventScopes[subscription] ?? (channel && !subscription.startsWith('message') ? byChannel : undefined);
  return (
    core.manifest.botEvents.includes(subscription) && (needed === undefined || core.manifest.botScopes.includes(needed))
  );
}

/** Wraps an event in the Events API envelope, for the app's installation. */
export function eventEnvelope(
  core: Core,
  event: JsonObject,
  context: { teamId?: string | undefined; isExtShared?: boolean } = {},
): JsonObject {
  const { state, tokens } = core;
  return {
    token: tokens.verification,
    team_id: context.teamId ?? state.team.id,
    context_team_id: state.team.id,
    context_enterprise_id: null,
    api_app_id: state.app.id,
    event,
    type: 'event_callback',
    event_id: newId(state, 'Ev'),
    event_time: nowSeconds(core),
    authorizations: [
      {
        enterprise_id: null,
        team_id: state.team.id,
        user_id: state.app.botUserId,
        is_bot: true,
        is_enterprise_install: false,
      },
    ],
    is_ext_shared_channel: context.isExtShared ?? false,
    event_context: `4-${newId(state, 'Ec')}`,
  };
}

/**
 * Sends an event to the app if its manifest subscribes to it; with `audience: 'members'`, only if the app is in the channel.
 * `actorTeam` is the team of the acting person: in shared channels it is the envelope's `team_id`.
 */
export function publish(
  core: Core,
  event: SlackEvent,
  options: { channel?: ChannelRecord; audience?: 'members' | 'everyone'; actorTeam?: string | undefined } = {},
): Promise<DeliveryOutcome> | undefined {
  const { channel } = options;
  core.traffic.changed();
  const subscriptions = { channel: 'message.channels', group: 'message.groups', im: 'message.im' };
  const subscription = event.type === 'message' && channel ? subscriptions[channelType(channel)] : event.type;
  if (!isSubscribed(core, subscription, channel)) return undefined;
  if (channel && options.audience === 'members' && !appIsIn(core, channel)) return undefined;
  const isExtShared = channel !== undefined && channel.connectedTeamIds.length > 0;
  const complete = 'event_ts' in event ? event : { ...event, event_ts: newTs(core.state, core.now()) };
  const envelope = eventEnvelope(core, complete, { teamId: isExtShared ? options.actorTeam : undefined, isExtShared });
  return core.deliverer.event(envelope, event.type);
}
