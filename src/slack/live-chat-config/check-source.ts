import { isDeepStrictEqual } from 'node:util';
import type { LiveChatSettings } from '../../live-chats/live-chat.ts';
import { matchConversation, sourceClash } from '../../live-chats/match-conversation.ts';
import { type Message, message } from '../../words/message.ts';
import type { CheckDependencies } from './check-dependencies.ts';
import { asConversation, currentChannel } from './current-channel.ts';
import { settingsLimits } from './settings-draft.ts';

const prefixPattern = /^[\p{L}\p{M}\p{N}_-]{1,80}$/u;

/** Error messages about the source of a live chat's sessions. */
export async function checkSource(
  dependencies: CheckDependencies,
  settings: LiveChatSettings,
): Promise<Message | undefined> {
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

function checkPrefixes(prefixes: string[]): Message | undefined {
  if (prefixes.length === 0) return message('settings.noPrefix');
  const wrong = prefixes.find((prefix) => !prefixPattern.test(prefix));
  return wrong === undefined ? undefined : message('settings.wrongPrefix', { prefix: wrong.slice(0, 80) });
}

async function checkChannels(
  { directory, before }: CheckDependencies,
  channels: string[],
): Promise<Message | undefined> {
  if (channels.length === 0) return message('settings.noChannel');
  if (channels.length > settingsLimits.channels)
    return message('settings.tooManyChannels', { limit: settingsLimits.channels });
  const added = channels.filter((id) => !before?.channels.includes(id));
  const seen = await Promise.all(added.map((id) => currentChannel(directory, id)));
  const unseen = seen.filter((channel) => channel === undefined).length;
  if (unseen === 0) return undefined;
  return added.length === 1 ? message('settings.notInChannel') : message('settings.notInChannels', { count: unseen });
}

async function clashWithOther(
  { directory, others }: CheckDependencies,
  settings: LiveChatSettings,
): Promise<Message | undefined> {
  for (const other of others) {
    const clash = sourceClash(settings, other);
    if (!clash) continue;
    switch (settings.source) {
      case 'prefix':
        return message('settings.prefixTaken', { prefix: clash.what, liveChat: other.name });
      case 'channels': {
        const channel = await directory.channel(clash.what);
        return channel
          ? message('settings.channelTaken', { channel: channel.name, liveChat: other.name })
          : message('settings.someChannelTaken', { liveChat: other.name });
      }
      case 'connect':
        return message('settings.connectTaken', { liveChat: other.name });
    }
  }
  return undefined;
}

/**
 * Maximum number of activity channels looked up: there may be hundreds, and Slack answers about 50 such calls per minute.
 * Others are not checked here, but nothing is posted to one that became a session either.
 */
const channelsLookedAt = 20;

/** Another live chat's activity channel must not become a session, where clients could read it. */
async function clashWithActivityChannel(
  { directory, others, before }: CheckDependencies,
  settings: LiveChatSettings,
): Promise<Message | undefined> {
  const owners = new Map(others.flatMap((other) => (other.activityChannel ? [[other.activityChannel, other]] : [])));
  const { source, prefixes, channels } = settings;
  const isAsBefore = before && isDeepStrictEqual([source, prefixes], [before.source, before.prefixes]);
  const suspects =
    source === 'channels' ? channels.filter((id) => owners.has(id)) : isAsBefore ? [] : [...owners.keys()];
  const found = await Promise.all(suspects.slice(0, channelsLookedAt).map((id) => directory.channel(id)));
  for (const channel of found) {
    if (!channel || !matchConversation(asConversation(channel), [settings])) continue;
    const liveChat = owners.get(channel.id)?.name ?? '';
    return message('settings.isActivityChannel', { channel: channel.name, liveChat });
  }
  return undefined;
}
