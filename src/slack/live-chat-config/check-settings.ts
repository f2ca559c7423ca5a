import type { LiveChat, LiveChatSettings } from '../../live-chats/live-chat.ts';
import { matchConversation, sourceClash } from '../../live-chats/match-conversation.ts';
import { operatorsOf } from '../../live-chats/staff.ts';
import type { Directory } from '../directory.ts';
import type { Channel } from '../read-profile.ts';
import { type SettingsDraft, settingsBlocks } from './settings-draft.ts';
import { settingsLimits } from './settings-view.ts';

/** What is wrong, by the block id of the field to say it at. */
export type FieldErrors = Record<string, string>;

export interface CheckDependencies {
  directory: Directory;
  teamId: string;
  /** Of the same workspace, but not the one that is edited. */
  others: LiveChat[];
  /** The live chat as it was before; undefined for a new one. */
  before: LiveChat | undefined;
}

const prefixPattern = /^[\p{L}\p{M}\p{N}_-]{1,80}$/u;

/** Beginnings of channel names as they are compared: lower case, without what people put around them. */
export function readPrefixes(text: string): string[] {
  const parts = text
    .toLowerCase()
    .split(/[\s,;]+/)
    .map((part) => part.replace(/^#/, '').replace(/\*$/, ''));
  return [...new Set(parts.filter((part) => part !== ''))];
}

/** The settings that the fields ask for, without those that their source has no use for. */
export function settingsFrom(draft: SettingsDraft): LiveChatSettings {
  const { source, clients, operators, supervisors, activityChannel } = draft;
  return {
    name: draft.name.trim().replace(/\s+/g, ' '),
    source,
    prefixes: source === 'prefix' ? readPrefixes(draft.prefixes) : [],
    channels: source === 'channels' ? draft.channels : [],
    clients,
    operators,
    operatorGroups: [...new Set(draft.operatorGroups.map(({ id }) => id))],
    supervisors,
    supervisorGroups: [...new Set(draft.supervisorGroups.map(({ id }) => id))],
    activityChannel,
  };
}

/** Everything that is wrong with the settings but a taken name, which the database decides. Throws UnavailableError. */
export async function checkSettings(dependencies: CheckDependencies, settings: LiveChatSettings): Promise<FieldErrors> {
  const [source, operators, supervisors, operatorGroups, supervisorGroups, activity] = await Promise.all([
    checkSource(dependencies, settings),
    checkOperators(dependencies, settings),
    checkPeople(dependencies, settings.supervisors),
    checkGroups(dependencies, settings.operatorGroups),
    checkGroups(dependencies, settings.supervisorGroups),
    checkActivityChannel(dependencies, settings),
  ]);
  const found: [string, string | undefined][] = [
    [settingsBlocks.name, checkName(settings.name)],
    [sourceField(settings.source), source],
    [settingsBlocks.operators, operators],
    [settingsBlocks.supervisors, supervisors],
    [settingsBlocks.operatorGroups, operatorGroups],
    [settingsBlocks.supervisorGroups, supervisorGroups],
    [settingsBlocks.activityChannel, activity],
  ];
  return Object.fromEntries(found.flatMap(([block, text]) => (text === undefined ? [] : [[block, text]])));
}

/** Where a mistake of the source is shown: Slack Connect has no field of its own. */
function sourceField(source: LiveChat['source']): string {
  const fields = { prefix: settingsBlocks.prefixes, channels: settingsBlocks.channels, connect: settingsBlocks.source };
  return fields[source];
}

function checkName(name: string): string | undefined {
  if (name === '') return 'Give the live chat a name.';
  return name.length > settingsLimits.name ? `The name can have ${settingsLimits.name} characters at most.` : undefined;
}

async function checkSource(dependencies: CheckDependencies, settings: LiveChatSettings): Promise<string | undefined> {
  const { directory, before } = dependencies;
  if (settings.source === 'prefix') {
    if (settings.prefixes.length === 0) return 'Say how the names of the channels start.';
    const wrong = settings.prefixes.find((prefix) => !prefixPattern.test(prefix));
    if (wrong !== undefined) {
      return `No channel’s name starts with “${wrong.slice(0, 80)}”: it has letters, digits, hyphens and underscores only.`;
    }
  }
  if (settings.source === 'channels') {
    if (settings.channels.length === 0) return 'Choose at least one channel.';
    if (settings.channels.length > settingsLimits.channels) {
      return `Choose ${settingsLimits.channels} channels at most.`;
    }
    const added = settings.channels.filter((id) => !before?.channels.includes(id));
    const seen = await Promise.all(added.map((id) => currentChannel(directory, id)));
    const unseen = seen.filter((channel) => channel === undefined).length;
    if (unseen > 0) {
      const which = added.length === 1 ? 'this channel' : `${unseen} of these channels`;
      return `Kickoff is not in ${which}. Type /invite @Kickoff there, then save again.`;
    }
  }
  return (await clashWithOther(dependencies, settings)) ?? (await clashWithActivityChannel(dependencies, settings));
}

async function clashWithOther(
  { directory, others }: CheckDependencies,
  settings: LiveChatSettings,
): Promise<string | undefined> {
  for (const other of others) {
    const clash = sourceClash(settings, other);
    if (!clash) continue;
    switch (settings.source) {
      case 'prefix':
        return `“${clash.what}” belongs to the live chat “${other.name}” already.`;
      case 'channels':
        return `${await channelName(directory, clash.what)} belongs to the live chat “${other.name}” already.`;
      case 'connect':
        return `Slack Connect channels belong to the live chat “${other.name}” already.`;
    }
  }
  return undefined;
}

/** Another live chat's activity channel must not become a session, where clients would read it. */
async function clashWithActivityChannel(
  { directory, others }: CheckDependencies,
  settings: LiveChatSettings,
): Promise<string | undefined> {
  const owners = new Map(others.flatMap((other) => (other.activityChannel ? [[other.activityChannel, other]] : [])));
  const known = await Promise.all([...owners.keys()].map((id) => directory.channel(id)));
  for (const channel of known) {
    if (!channel || !matchConversation(conversation(channel), [settings])) continue;
    return `#${channel.name} is the activity channel of the live chat “${owners.get(channel.id)?.name}”, which clients must not read.`;
  }
  return undefined;
}

async function checkOperators(
  dependencies: CheckDependencies,
  settings: LiveChatSettings,
): Promise<string | undefined> {
  if (settings.operators.length === 0 && settings.operatorGroups.length === 0) {
    return 'Choose who operates the live chat: people here, or a user group below.';
  }
  const operators = await operatorsOf(settings, dependencies.directory.groupMembers);
  if (operators.length === 0) return 'Nobody is in these operator groups. Choose people here, or another group.';
  return checkPeople(dependencies, settings.operators);
}

async function checkPeople({ directory, teamId }: CheckDependencies, users: string[]): Promise<string | undefined> {
  if (users.length > settingsLimits.people) return `Choose ${settingsLimits.people} people at most, or a user group.`;
  const people = await Promise.all(users.map(async (id) => ({ id, person: await directory.person(id) })));
  for (const { id, person } of people) {
    if (!person) return `Slack does not know the person ${id}. Remove them.`;
    if (person.isBot) return `${person.name} is an app. Choose people.`;
    if (person.isDeleted) return `${person.name}’s account is deactivated. Remove them.`;
    if (person.teamId !== teamId) return `${person.name} belongs to another organisation. Choose people of your own.`;
  }
  return undefined;
}

async function checkGroups({ directory, before }: CheckDependencies, groups: string[]): Promise<string | undefined> {
  const kept = [...(before?.operatorGroups ?? []), ...(before?.supervisorGroups ?? [])];
  const added = groups.filter((id) => !kept.includes(id));
  if (added.length === 0) return undefined;
  const known = await directory.userGroups();
  return added.every((id) => known.some((group) => group.id === id))
    ? undefined
    : 'One of these user groups is gone. Choose again.';
}

/** How many members of an activity channel are looked at for guests: one request to Slack, and one a person. */
const membersLookedAt = 100;

async function checkActivityChannel(
  { directory, others }: CheckDependencies,
  settings: LiveChatSettings,
): Promise<string | undefined> {
  if (settings.activityChannel === null) return undefined;
  const channel = await currentChannel(directory, settings.activityChannel);
  if (!channel) return 'Kickoff is not in this channel. Type /invite @Kickoff there, then save again.';
  if (channel.isArchived) return `#${channel.name} is archived. Choose another channel.`;
  if (channel.isShared) return `Clients can read #${channel.name}: it is shared with another organisation.`;
  const owner = matchConversation(conversation(channel), [...others, settings]);
  if (owner) return `Clients can read #${channel.name}: it is a session of the live chat “${owner.name}”.`;
  const members = await directory.members(channel.id, membersLookedAt);
  const people = await Promise.all(members.map((id) => directory.person(id)));
  const outsider = people.find((person) => person?.isExternal && !person.isBot);
  return outsider && `Clients can read #${channel.name}: ${outsider.name}, who is in it, is not of your company.`;
}

/** A channel that we believe not to see may have become visible since: whoever gets the error invites the app. */
async function currentChannel(directory: Directory, channelId: string): Promise<Channel | undefined> {
  const channel = await directory.channel(channelId);
  if (channel && (channel.isMember || !channel.isPrivate)) return channel;
  directory.forgetChannel(channelId);
  const now = await directory.channel(channelId);
  return now && (now.isMember || !now.isPrivate) ? now : undefined;
}

async function channelName(directory: Directory, channelId: string): Promise<string> {
  const channel = await directory.channel(channelId);
  return channel ? `#${channel.name}` : 'One of these channels';
}

function conversation({ id, name, isShared }: Channel) {
  return { channelId: id, name, isShared };
}
