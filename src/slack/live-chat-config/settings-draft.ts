import { z } from 'zod';
import type { LiveChat } from '../../live-chats/live-chat.ts';
import type { Words } from '../../words/words.ts';
import type { UserGroup } from '../directory.ts';
import { type HoursDraft, hoursBlocks, hoursDraftOf, weekdayNames } from './hours-draft.ts';

/** A user group as its select option. */
const groupSchema = z.object({ id: z.string(), label: z.string() });
export type GroupChoice = z.infer<typeof groupSchema>;

export const sources = ['prefix', 'channels', 'connect'] as const;
export const clientKinds = ['everyone', 'external'] as const;

/** The current input of the settings modal, valid or not. */
export interface SettingsDraft {
  name: string;
  source: LiveChat['source'];
  /** As typed. */
  prefixes: string;
  channels: string[];
  clients: LiveChat['clients'];
  operators: string[];
  operatorGroups: GroupChoice[];
  supervisors: string[];
  supervisorGroups: GroupChoice[];
  activityChannel: string | null;
  /** Null: always open. */
  hours: HoursDraft | null;
}

/** The input of fields that are currently hidden: Slack forgets it with the fields. */
export const hiddenSchema = z.object({ prefixes: z.string(), channels: z.array(z.string()) });
export type HiddenFields = z.infer<typeof hiddenSchema>;

/** Maximum lengths and counts that keep the hidden input within private_metadata (Slack: 3,000 characters). */
export const settingsLimits = { name: 80, prefixesText: 600, channels: 100, people: 100 };

/** Block ids of the settings modal. An element's action id is its block's id, except where a listener handles it. */
export const settingsBlocks = {
  name: 'name',
  source: 'source',
  prefixes: 'prefixes',
  channels: 'channels',
  clients: 'clients',
  operators: 'operators',
  operatorGroups: 'operator_groups',
  supervisors: 'supervisors',
  supervisorGroups: 'supervisor_groups',
  activityChannel: 'activity_channel',
  ...hoursBlocks,
} as const;

export const emptyDraft: SettingsDraft = {
  name: '',
  source: 'prefix',
  prefixes: '',
  channels: [],
  clients: 'everyone',
  operators: [],
  operatorGroups: [],
  supervisors: [],
  supervisorGroups: [],
  activityChannel: null,
  hours: null,
};

/** A live chat's settings as input of the modal. */
export function draftOf(words: Words, liveChat: LiveChat, groups: UserGroup[]): SettingsDraft {
  const { name, source, prefixes, channels, clients, operators, supervisors, activityChannel } = liveChat;
  const choices = (ids: string[]) => ids.map((id) => groupChoice(words, id, groups));
  return {
    name,
    source,
    prefixes: prefixText(prefixes),
    channels,
    clients,
    operators,
    operatorGroups: choices(liveChat.operatorGroups),
    supervisors,
    supervisorGroups: choices(liveChat.supervisorGroups),
    activityChannel,
    hours: liveChat.businessHours && hoursDraftOf(liveChat.businessHours),
  };
}

/** Stored prefixes, separated by commas, or only by blanks if the field has no room for the commas. */
function prefixText(prefixes: string[]): string {
  const text = prefixes.join(', ');
  return text.length <= settingsLimits.prefixesText ? text : prefixes.join(' ');
}

function groupChoice(words: Words, id: string, groups: UserGroup[]): GroupChoice {
  const group = groups.find((candidate) => candidate.id === id);
  return { id, label: group ? groupLabel(group) : words('settings.goneGroup') };
}

export function groupLabel({ name, handle }: UserGroup): string {
  return handle ? `${name} (@${handle})` : name;
}

const optionSchema = z.object({ value: z.string(), text: z.object({ text: z.string() }).optional() });

/** An option that is not one of Kickoff's own. */
const chosen = ({ value, text }: z.infer<typeof optionSchema>) => ({ id: value, label: text?.text ?? value });

/** A block without state is hidden or empty. */
const elementSchema = z.object({
  value: z.string().nullish(),
  selected_option: optionSchema.nullish(),
  selected_options: z.array(optionSchema).nullish(),
  selected_users: z.array(z.string()).nullish(),
  selected_conversations: z.array(z.string()).nullish(),
});
type ElementState = z.infer<typeof elementSchema>;

const stateSchema = z.record(z.string(), z.record(z.string(), elementSchema));

/**
 * Reads the fields from `state.values`. `hours`: initial business hours, if the person just switched them on. Throws a ZodError
 * on a form that Slack never sends.
 */
export function readDraft(stateValues: unknown, hidden: HiddenFields, hours: HoursDraft): SettingsDraft {
  const state = stateSchema.parse(stateValues);
  const element = (block: keyof typeof settingsBlocks): ElementState | undefined =>
    Object.values(state[settingsBlocks[block]] ?? {})[0];
  const users = (block: keyof typeof settingsBlocks) => unique(element(block)?.selected_users ?? []);
  const groups = (block: keyof typeof settingsBlocks) => (element(block)?.selected_options ?? []).map(chosen);
  const prefixes = element('prefixes');
  const channels = element('channels');
  return {
    name: element('name')?.value ?? '',
    source: z.enum(sources).parse(element('source')?.selected_option?.value),
    prefixes: prefixes ? (prefixes.value ?? '') : hidden.prefixes,
    channels: channels ? unique(channels.selected_conversations ?? []) : hidden.channels,
    clients: z.enum(clientKinds).parse(element('clients')?.selected_option?.value),
    operators: users('operators'),
    operatorGroups: groups('operatorGroups'),
    supervisors: users('supervisors'),
    supervisorGroups: groups('supervisorGroups'),
    activityChannel: element('activityChannel')?.selected_conversations?.[0] ?? null,
    hours: element('hours')?.selected_option?.value === 'weekly' ? readHoursDraft(element, hours) : null,
  };
}

/** The input of the business-hours fields; their initial values while they are hidden. */
function readHoursDraft(
  element: (block: keyof typeof hoursBlocks) => ElementState | undefined,
  beginning: HoursDraft,
): HoursDraft {
  if (!element('holidays')) return beginning;
  const zone = element('timeZone')?.selected_option;
  return {
    timeZone: zone ? chosen(zone) : null,
    weekdays: weekdayNames.map((name) => element(name)?.value ?? ''),
    holidays: element('holidays')?.value ?? '',
  };
}

function unique(ids: string[]): string[] {
  return [...new Set(ids)];
}
