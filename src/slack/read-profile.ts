import type { Person } from '../sessions/people.ts';

export interface Channel {
  id: string;
  name: string;
  previousNames: string[];
  isPrivate: boolean;
  /** With another organisation. */
  isShared: boolean;
  isMember: boolean;
  isArchived: boolean;
  createdAt: Date;
}

/** What we read of a user object (Slack: users.info). */
export interface Profile {
  id?: string;
  team_id?: string;
  name?: string;
  real_name?: string;
  deleted?: boolean;
  is_bot?: boolean;
  is_admin?: boolean;
  is_owner?: boolean;
  is_primary_owner?: boolean;
  is_restricted?: boolean;
  is_ultra_restricted?: boolean;
  is_stranger?: boolean;
  tz?: string;
  /** Only where it was asked for. */
  locale?: string;
  enterprise_user?: { enterprise_id?: string };
  profile?: {
    real_name?: string;
    display_name?: string;
    title?: string;
    email?: string;
    phone?: string;
    image_72?: string;
  };
}

/** A person of Slack's user object, seen from our workspace. What Slack leaves out or empty is absent. */
export function readPerson(
  user: Profile,
  { teamId, enterpriseId }: { teamId: string; enterpriseId: string | undefined },
): Person {
  const { profile } = user;
  // Of another workspace of our own organisation (Enterprise Grid) is from inside.
  const isColleague = enterpriseId !== undefined && user.enterprise_user?.enterprise_id === enterpriseId;
  const isElsewhere = user.team_id !== undefined && user.team_id !== teamId;
  const isOutsider = !isColleague && (isElsewhere || user.is_stranger === true);
  return {
    id: user.id ?? '',
    teamId: user.team_id ?? teamId,
    name: profile?.real_name || user.real_name || profile?.display_name || user.name || user.id || '',
    ...(profile?.title ? { title: profile.title } : {}),
    ...(user.tz ? { timezone: user.tz } : {}),
    ...(user.locale ? { locale: user.locale } : {}),
    ...(profile?.email ? { email: profile.email } : {}),
    ...(profile?.phone ? { phone: profile.phone } : {}),
    ...(profile?.image_72 ? { image: profile.image_72 } : {}),
    // Slackbot is no bot by Slack's own account of it.
    isBot: user.is_bot === true || user.id === 'USLACKBOT',
    isExternal: isOutsider || user.is_restricted === true || user.is_ultra_restricted === true,
    isAdmin: !isOutsider && (user.is_admin === true || user.is_owner === true || user.is_primary_owner === true),
    isDeleted: user.deleted === true,
  };
}

/** What we read of a conversation object (Slack: conversations.info). */
export interface ChannelObject {
  id?: string;
  name?: string;
  name_normalized?: string;
  previous_names?: string[];
  is_private?: boolean;
  is_ext_shared?: boolean;
  is_member?: boolean;
  is_archived?: boolean;
  is_im?: boolean;
  is_mpim?: boolean;
  created?: number;
}

/** A channel of Slack's conversation object; undefined for a direct message. */
export function readChannel(channel: ChannelObject): Channel | undefined {
  if (!channel.id || channel.is_im || channel.is_mpim) return undefined;
  return {
    id: channel.id,
    name: channel.name ?? channel.name_normalized ?? channel.id,
    previousNames: channel.previous_names ?? [],
    isPrivate: channel.is_private === true,
    isShared: channel.is_ext_shared === true,
    isMember: channel.is_member === true,
    isArchived: channel.is_archived === true,
    createdAt: new Date((channel.created ?? 0) * 1000),
  };
}
