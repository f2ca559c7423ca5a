import type { LiveChatSettings } from '../../live-chats/live-chat.ts';
import type { SettingsDraft } from './settings-draft.ts';

/** The settings that the fields ask for, without those that their source has no use for. */
export function readSettings(draft: SettingsDraft): LiveChatSettings {
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

/** Beginnings of channel names as they are compared: lower case, without the # and * that people put around them. */
export function readPrefixes(text: string): string[] {
  const parts = text
    .toLowerCase()
    .split(/[\s,;]+/)
    .map((part) => part.replace(/^#/, '').replace(/\*$/, ''));
  return [...new Set(parts.filter((part) => part !== ''))];
}
