import type { Person } from '../sessions/people.ts';

export interface Channel {
  id: string;
  name: string;
  previousNames: string[];
  isPrivate: boolean;
  /** Shared with another organisation. */
  isShared: boolean;
  isMember: boolean;
  isArchived: boolean;
  createdAt: Date;
}

/** The fields of a user object that are read (Slack: users.info). */
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
  /** Only if it was requested. */
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

/**
 * Converts Slack's user object to a person, as seen from this workspace. Fields that Slack omits or leaves empty are absent.
 */
export function readPerson(
  user: Profile,
  { teamId, enterpriseId }: { teamId: string; enterpriseId: string | undefined },
): Person {
  const { profile } = user;
  // A member of another workspace of the same organisation (Enterprise Grid) is not external.
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
    // Slack's data does not mark Slackbot as a bot.
    isBot: user.is_bot === true || user.id === 'USLACKBOT',
    isExternal: isOutsider || user.is_restricted === true || user.is_ultra_restricted === true,
    isAdmin: !isOutsider && (user.is_admin === true || user.is_owner === true || user.is_primary_owner === true),
    isDeleted: user.deleted === true,
  };
}

/** The fields of a conversation object that are read (Slack: conversations.info). */
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

/** Converts Slack's conversation object to a channel; undefined for a direct message. */
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
