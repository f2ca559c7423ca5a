import { isDeepStrictEqual } from 'node:util';
import type { LiveChatSettings } from '../../live-chats/live-chat.ts';
import { matchConversation, sourceClash } from '../../live-chats/match-conversation.ts';
import type { CheckDependencies } from './check-settings.ts';
import { asConversation, currentChannel } from './current-channel.ts';
import { settingsLimits } from './settings-draft.ts';

const prefixPattern = /^[\p{L}\p{M}\p{N}_-]{1,80}$/u;

/** What is wrong with where a live chat takes its sessions from, for the person who chose it. */
export async function checkSource(
  dependencies: CheckDependencies,
  settings: LiveChatSettings,
): Promise<string | undefined> {
  const mistake =
    settings.source === 'prefix'
      ? checkPrefixes(settings.prefixes)
      : settings.source === 'channels'
        ? await checkChannels(dependencies, settings.channels)
        : undefined;
  return (
    mistake ??
    (await clashWithOther(dependencies, settings)) ??
    (await clashWithActivityChannel(dependencies, settings))
  );
}

function checkPrefixes(prefixes: string[]): string | undefined {
  if (prefixes.length === 0) return 'Say how the names of the channels start.';
  const wrong = prefixes.find((prefix) => !prefixPattern.test(prefix));
  return (
    wrong &&
    `No channel’s name starts with “${wrong.slice(0, 80)}”: it has letters, digits, hyphens and underscores only.`
  );
}

async function checkChannels(
  { directory, before }: CheckDependencies,
  channels: string[],
): Promise<string | undefined> {
  if (channels.length === 0) return 'Choose at least one channel.';
  if (channels.length > settingsLimits.channels) return `Choose ${settingsLimits.channels} channels at most.`;
  const added = channels.filter((id) => !before?.channels.includes(id));
  const seen = await Promise.all(added.map((id) => currentChannel(directory, id)));
  const unseen = seen.filter((channel) => channel === undefined).length;
  if (unseen === 0) return undefined;
  const which = added.length === 1 ? 'this channel' : `${unseen} of these channels`;
  return `Kickoff is not in ${which}. Type /invite @Kickoff there, then save again.`;
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
      case 'channels': {
        const channel = await directory.channel(clash.what);
        const which = channel ? `#${channel.name}` : 'One of these channels';
        return `${which} belongs to the live chat “${other.name}” already.`;
      }
      case 'connect':
        return `Slack Connect channels belong to the live chat “${other.name}” already.`;
    }
  }
  return undefined;
}

/**
 * How many activity channels are looked up at most: there may be hundreds, and Slack answers about 50 such questions in a
 * minute. Of the others nothing is said here, but nothing is written to one that became a session either.
 */
const channelsLookedAt = 20;

/** Another live chat's activity channel must not become a session, where clients would read it. */
async function clashWithActivityChannel(
  { directory, others, before }: CheckDependencies,
  settings: LiveChatSettings,
): Promise<string | undefined> {
  const owners = new Map(others.flatMap((other) => (other.activityChannel ? [[other.activityChannel, other]] : [])));
  const { source, prefixes, channels } = settings;
  const isAsBefore = before && isDeepStrictEqual([source, prefixes], [before.source, before.prefixes]);
  const suspects =
    source === 'channels' ? channels.filter((id) => owners.has(id)) : isAsBefore ? [] : [...owners.keys()];
  const found = await Promise.all(suspects.slice(0, channelsLookedAt).map((id) => directory.channel(id)));
  for (const channel of found) {
    if (!channel || !matchConversation(asConversation(channel), [settings])) continue;
    return `#${channel.name} is the activity channel of the live chat “${owners.get(channel.id)?.name}”, which clients must not read.`;
  }
  return undefined;
}
