import type { LiveChatSettings } from '../../live-chats/live-chat.ts';
import type { SettingsDraft } from './settings-draft.ts';

/** The settings from the fields, without those that the chosen source does not use. */
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

/** Prefixes of channel names in the form that is compared: lower case, without `#` and `*` around them. */
export function readPrefixes(text: string): string[] {
  const parts = text
    .toLowerCase()
    .split(/[\s,;]+/)
    .map((part) => part.replace(/^#/, '').replace(/\*$/, ''));
  return [...new Set(parts.filter((part) => part !== ''))];
}
