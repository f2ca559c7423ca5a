import type { Core } from '../core.ts';
import type { JsonObject } from '../json.ts';
import type { UserGroupRecord, UserRecord } from '../state.ts';
import { appIsIn } from './channels.ts';

/** Slack's `tz_label` and `tz_offset` (seconds) of an IANA time zone at a moment. */
export function timeZoneFields(timeZone: string, atMs: number): { tz: string; tz_label: string; tz_offset: number } {
  const part = (style: 'long' | 'longOffset') =>
    new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: style })
      .formatToParts(atMs)
      .find((candidate) => candidate.type === 'timeZoneName')?.value ?? '';
  const offset = /GMT([+-])(\d\d):(\d\d)/.exec(part('longOffset'));
  const seconds = offset ? (Number(offset[2]) * 60 + Number(offset[3])) * 60 : 0;
  return { tz: timeZone, tz_label: part('long'), tz_offset: offset?.[1] === '-' ? -seconds : seconds };
}

/** Whether the person is in no channel that the app can see. */
function isStranger(core: Core, user: UserRecord): boolean {
  return !Object.values(core.state.channels).some(
    (channel) =>
      !channel.isDeleted && channel.members.includes(user.id) && (!channel.isPrivate || appIsIn(core, channel)),
  );
}

/** A user as in `users.info` and the user events; the locale only if it was requested, or changed. */
export function userObject(core: Core, user: UserRecord, { withLocale = false } = {}): JsonObject {
  const { state } = core;
  const outsider = user.teamId !== state.team.id;
  const showsEmail = core.manifest.botScopes.includes('users:read.email') && !(outsider && user.hidesContact);
  const [firstName = '', ...lastNames] = user.realName.split(' ');
  const image = (size: number) => `https://avatars.slack-edge.example/${user.id}_${size}.png`;
  const profile: JsonObject = {
    title: user.title,
    phone: outsider && user.hidesContact ? '' : (user.phone ?? ''),
    skype: '',
    real_name: user.realName,
    real_name_normalized: user.realName,
    display_name: user.displayName,
    display_name_normalized: user.displayName,
    fields: null,
    status_text: '',
    status_emoji: '',
    status_emoji_display_info: [],
    status_expiration: 0,
    avatar_hash: user.id.toLowerCase(),
    first_name: firstName,
    last_name: lastNames.join(' '),
    status_text_canonical: '',
    team: user.teamId,
    ...Object.fromEntries([24, 32, 48, 72, 192, 512].map((size) => [`image_${size}`, image(size)])),
  };
  if (showsEmail && user.email) profile.email = user.email;
  if (user.isBot) {
    profile.api_app_id = state.app.id;
    profile.bot_id = state.app.botId;
    profile.always_active = true;
  }
  const base: JsonObject = {
    id: user.id,
    team_id: user.teamId,
    name: user.handle,
    deleted: user.deleted,
    color: '9f69e7',
    real_name: user.realName,
    ...timeZoneFields(user.timeZone, core.now()),
    profile,
    is_bot: user.isBot,
    is_app_user: false,
    updated: user.updated,
    who_can_share_contact_card: 'EVERYONE',
    ...(withLocale ? { locale: user.locale } : {}),
  };
  if (outsider) return { ...base, is_stranger: isStranger(core, user) };
  return {
    ...base,
    is_admin: user.isAdmin,
    is_owner: user.isOwner,
    is_primary_owner: false,
    is_restricted: user.isRestricted || user.isUltraRestricted,
    is_ultra_restricted: user.isUltraRestricted,
    is_email_confirmed: !user.isBot,
  };
}

/** A user group as in `usergroups.list` and the subteam events. */
export function userGroupObject(core: Core, group: UserGroupRecord, includeUsers: boolean): JsonObject {
  return {
    id: group.id,
    team_id: core.state.team.id,
    is_usergroup: true,
    is_subteam: true,
    name: group.name,
    description: group.description,
    handle: group.handle,
    is_external: false,
    date_create: group.created,
    date_update: group.updated,
    date_delete: group.disabledAt,
    auto_type: null,
    auto_provision: false,
    enterprise_subteam_id: '',
    created_by: group.createdBy,
    updated_by: group.createdBy,
    deleted_by: group.disabledAt > 0 ? group.createdBy : null,
    prefs: { channels: [], groups: [] },
    ...(includeUsers ? { users: group.users } : {}),
    user_count: group.users.length,
    channel_count: 0,
  };
}
