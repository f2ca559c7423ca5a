import type { BlockElement, OptionObject } from '../block-kit/types.ts';
import type { Core } from '../core.ts';
import type { ChannelRecord } from '../state.ts';
import { isMember } from '../wire/channels.ts';
import { textOf } from './readable.ts';

export interface Choice {
  text: string;
  /** The value in payloads: an option's value, or the id of a person or channel. */
  value: string;
  description?: string | undefined;
  option?: OptionObject | undefined;
}

export interface ChoiceGroup {
  /** Empty if the choices are not grouped. */
  label: string;
  options: Choice[];
}

/** An option as a person sees it. */
export function choiceOf(option: OptionObject): Choice {
  const description = option.description ? textOf(option.description) : undefined;
  return { text: textOf(option.text), value: option.value ?? '', description, option };
}

function people(core: Core): Choice[] {
  return Object.values(core.state.users)
    .filter((user) => !user.deleted)
    .map((user) => ({ text: user.realName, value: user.id }));
}

/** Whether the person can find this channel: they are in it, or it is public and they are a full member. */
export function personSees(core: Core, userId: string, channel: ChannelRecord): boolean {
  if (channel.isDeleted) return false;
  if (isMember(channel, userId)) return true;
  const user = core.state.users[userId];
  const full = user?.teamId === core.state.team.id && !user.isRestricted && !user.isUltraRestricted;
  return full && !channel.isPrivate && channel.kind === 'channel';
}

function conversations(core: Core, userId: string, element: BlockElement): Choice[] {
  const onlyPublic = element.type.endsWith('channels_select');
  const include = onlyPublic ? ['public'] : (element.filter?.include ?? ['public', 'private', 'im', 'mpim']);
  return Object.values(core.state.channels)
    .filter((channel) => {
      if (channel.kind === 'im' || channel.isArchived || !personSees(core, userId, channel)) return false;
      if (element.filter?.exclude_external_shared_channels && channel.connectedTeamIds.length > 0) return false;
      return include.includes(channel.isPrivate ? 'private' : 'public');
    })
    .map((channel) => ({ text: channel.name, value: channel.id }));
}

/** The choices of an element that are known without asking the app. */
export function offeredChoices(core: Core, userId: string, element: BlockElement): ChoiceGroup[] {
  const { type } = element;
  if (type.endsWith('users_select')) return [{ label: '', options: people(core) }];
  if (type.endsWith('channels_select') || type.endsWith('conversations_select')) {
    return [{ label: '', options: conversations(core, userId, element) }];
  }
  if (element.option_groups) {
    return element.option_groups.map((group) => ({
      label: textOf(group.label),
      options: group.options.map(choiceOf),
    }));
  }
  return [{ label: '', options: (element.options ?? []).map(choiceOf) }];
}

/** The choices as text, for error messages. */
export function describeChoices(groups: ChoiceGroup[]): string {
  return groups
    .map((group) => {
      const shown = group.options.map((choice) => `"${choice.text}"`).join(', ') || 'nothing';
      return group.label ? `${group.label}: ${shown}` : shown;
    })
    .join('; ');
}
