import type { types } from '@slack/bolt';
import type { Words } from '../../words/words.ts';
import { slackLimits } from '../block-kit/limits.ts';
import { plainText } from '../block-kit/text-objects.ts';
import { hoursFields } from './hours-view.ts';
import { input, option } from './input-field.ts';
import {
  clientKinds,
  type GroupChoice,
  type SettingsDraft,
  settingsBlocks,
  settingsLimits,
  sources,
} from './settings-draft.ts';
import type { SettingsPlace } from './settings-place.ts';

export const settingsCallbackId = 'live_chat_settings';
export const sourceActionId = 'live_chat_source';
export const groupsActionId = 'live_chat_groups';

/** The settings of a new or existing live chat. Only the field of the chosen source is shown. */
export function settingsModal(
  words: Words,
  draft: SettingsDraft,
  place: Omit<SettingsPlace, 'hidden'>,
): types.ModalView {
  const hidden = {
    prefixes: draft.prefixes.slice(0, settingsLimits.prefixesText),
    channels: draft.channels.slice(0, settingsLimits.channels),
  };
  const metadata: SettingsPlace = { ...place, hidden };
  return {
    type: 'modal',
    callback_id: settingsCallbackId,
    title: plainText(titleOf(words, place), slackLimits.viewTitle),
    submit: plainText(words('button.save'), slackLimits.viewSubmit),
    close: plainText(words('button.cancel'), slackLimits.viewSubmit),
    private_metadata: JSON.stringify(metadata),
    blocks: [
      nameBlock(words, draft),
      sourceBlock(words, draft),
      ...(draft.source === 'prefix' ? [prefixesBlock(words, draft)] : []),
      ...(draft.source === 'channels' ? [channelsBlock(words, draft)] : []),
      clientsBlock(words, draft),
      usersBlock(words, 'operators', draft.operators),
      groupsBlock(words, 'operatorGroups', draft.operatorGroups),
      usersBlock(words, 'supervisors', draft.supervisors),
      groupsBlock(words, 'supervisorGroups', draft.supervisorGroups),
      activityBlock(words, draft),
      ...hoursFields(words, draft.hours),
    ],
  };
}

export function titleOf(words: Words, { liveChatId }: Pick<SettingsPlace, 'liveChatId'>): string {
  return words(liveChatId ? 'settings.title' : 'newLiveChat.title');
}

function nameBlock(words: Words, { name }: SettingsDraft): types.InputBlock {
  return input(settingsBlocks.name, words('settings.name'), {
    type: 'plain_text_input',
    action_id: settingsBlocks.name,
    max_length: settingsLimits.name,
    placeholder: plainText(words('settings.namePlaceholder'), slackLimits.placeholder),
    ...(name ? { initial_value: name.slice(0, settingsLimits.name) } : {}),
  });
}

function sourceBlock(words: Words, { source }: SettingsDraft): types.InputBlock {
  const sourceOption = (one: SettingsDraft['source']) => option(one, words(`settings.source.${one}`));
  return input(
    settingsBlocks.source,
    words('settings.sessions'),
    {
      type: 'radio_buttons',
      action_id: sourceActionId,
      options: sources.map(sourceOption),
      initial_option: sourceOption(source),
    },
    {
      dispatch_action: true,
      hint: words('settings.sessionsHint'),
    },
  );
}

function prefixesBlock(words: Words, { prefixes }: SettingsDraft): types.InputBlock {
  return input(
    settingsBlocks.prefixes,
    words('settings.prefixes'),
    {
      type: 'plain_text_input',
      action_id: settingsBlocks.prefixes,
      max_length: settingsLimits.prefixesText,
      placeholder: plainText(words('settings.prefixesPlaceholder'), slackLimits.placeholder),
      ...(prefixes ? { initial_value: prefixes.slice(0, settingsLimits.prefixesText) } : {}),
    },
    { hint: words('settings.prefixesHint') },
  );
}

function channelsBlock(words: Words, { channels }: SettingsDraft): types.InputBlock {
  const initial = channels.slice(0, settingsLimits.channels);
  return input(
    settingsBlocks.channels,
    words('settings.channels'),
    {
      type: 'multi_conversations_select',
      action_id: settingsBlocks.channels,
      filter: { include: ['public', 'private'], exclude_bot_users: true },
      max_selected_items: settingsLimits.channels,
      placeholder: plainText(words('settings.channelsPlaceholder'), slackLimits.placeholder),
      ...(initial.length > 0 ? { initial_conversations: initial } : {}),
    },
    { hint: words('settings.channelsHint') },
  );
}

function clientsBlock(words: Words, { clients }: SettingsDraft): types.InputBlock {
  const clientsOption = (kind: SettingsDraft['clients']) => option(kind, words(`settings.clients.${kind}`));
  return input(
    settingsBlocks.clients,
    words('settings.clients'),
    {
      type: 'radio_buttons',
      action_id: settingsBlocks.clients,
      options: clientKinds.map(clientsOption),
      initial_option: clientsOption(clients),
    },
    { hint: words('settings.clientsHint') },
  );
}

function usersBlock(words: Words, role: 'operators' | 'supervisors', users: string[]): types.InputBlock {
  const block = settingsBlocks[role];
  const initial = users.slice(0, settingsLimits.people);
  return input(
    block,
    words(`settings.role.${role}`),
    {
      type: 'multi_users_select',
      action_id: block,
      max_selected_items: settingsLimits.people,
      placeholder: plainText(words('settings.peoplePlaceholder'), slackLimits.placeholder),
      ...(initial.length > 0 ? { initial_users: initial } : {}),
    },
    { optional: true, hint: words(`settings.roleHint.${role}`) },
  );
}

function groupsBlock(
  words: Words,
  role: 'operatorGroups' | 'supervisorGroups',
  groups: GroupChoice[],
): types.InputBlock {
  const block = settingsBlocks[role];
  const initial = groups.slice(0, settingsLimits.people).map(groupOption);
  return input(
    block,
    words(`settings.role.${role}`),
    {
      type: 'multi_external_select',
      action_id: groupsActionId,
      min_query_length: 0,
      max_selected_items: settingsLimits.people,
      placeholder: plainText(words('settings.groupsPlaceholder'), slackLimits.placeholder),
      ...(initial.length > 0 ? { initial_options: initial } : {}),
    },
    { optional: true },
  );
}

/** A multi-select of one channel: a person cannot clear a plain select. */
function activityBlock(words: Words, { activityChannel }: SettingsDraft): types.InputBlock {
  return input(
    settingsBlocks.activityChannel,
    words('settings.activityChannel'),
    {
      type: 'multi_conversations_select',
      action_id: settingsBlocks.activityChannel,
      filter: { include: ['public', 'private'], exclude_external_shared_channels: true, exclude_bot_users: true },
      max_selected_items: 1,
      placeholder: plainText(words('settings.activityPlaceholder'), slackLimits.placeholder),
      ...(activityChannel ? { initial_conversations: [activityChannel] } : {}),
    },
    { optional: true, hint: words('settings.activityHint') },
  );
}

export function groupOption({ id, label }: GroupChoice): types.PlainTextOption {
  return option(id, label);
}
