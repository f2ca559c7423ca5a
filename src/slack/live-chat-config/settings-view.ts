import type { types } from '@slack/bolt';
import { plainText, slackLimits } from '../block-kit/limits.ts';
import { type GroupChoice, type SettingsDraft, settingsBlocks, settingsLimits } from './settings-draft.ts';
import type { SettingsPlace } from './settings-place.ts';

export const settingsCallbackId = 'live_chat_settings';
export const sourceActionId = 'live_chat_source';
export const groupsActionId = 'live_chat_groups';

/** The settings of a live chat, new or not. Of the two fields for channels only the one that the source asks for is shown. */
export function settingsModal(draft: SettingsDraft, place: Omit<SettingsPlace, 'hidden'>): types.ModalView {
  const hidden = {
    prefixes: draft.prefixes.slice(0, settingsLimits.prefixesText),
    channels: draft.channels.slice(0, settingsLimits.channels),
  };
  const metadata: SettingsPlace = { ...place, hidden };
  return {
    type: 'modal',
    callback_id: settingsCallbackId,
    title: plainText(place.liveChatId ? 'Live chat settings' : 'New live chat', slackLimits.viewTitle),
    submit: plainText('Save', slackLimits.viewSubmit),
    close: plainText('Cancel', slackLimits.viewSubmit),
    private_metadata: JSON.stringify(metadata),
    blocks: [
      nameBlock(draft),
      sourceBlock(draft),
      ...(draft.source === 'prefix' ? [prefixesBlock(draft)] : []),
      ...(draft.source === 'channels' ? [channelsBlock(draft)] : []),
      clientsBlock(draft),
      usersBlock(settingsBlocks.operators, 'Operators', 'They serve clients and start processes.', draft.operators),
      groupsBlock(settingsBlocks.operatorGroups, 'Operator groups', draft.operatorGroups),
      usersBlock(
        settingsBlocks.supervisors,
        'Supervisors',
        'They do what operators do, and see and retry every start.',
        draft.supervisors,
      ),
      groupsBlock(settingsBlocks.supervisorGroups, 'Supervisor groups', draft.supervisorGroups),
      activityBlock(draft),
    ],
  };
}

function input(
  block: string,
  label: string,
  element: types.InputBlock['element'],
  more: { hint?: string; optional?: boolean; dispatch_action?: boolean } = {},
): types.InputBlock {
  const { hint, ...rest } = more;
  return {
    type: 'input',
    block_id: block,
    label: plainText(label, slackLimits.inputLabel),
    element,
    ...(hint ? { hint: plainText(hint, slackLimits.inputHint) } : {}),
    ...rest,
  };
}

function nameBlock({ name }: SettingsDraft): types.InputBlock {
  return input(settingsBlocks.name, 'Name', {
    type: 'plain_text_input',
    action_id: settingsBlocks.name,
    max_length: settingsLimits.name,
    placeholder: plainText('Sales', slackLimits.placeholder),
    ...(name ? { initial_value: name.slice(0, settingsLimits.name) } : {}),
  });
}

const sourceOptions = {
  prefix: option('prefix', 'Channels by name'),
  channels: option('channels', 'Chosen channels'),
  connect: option('connect', 'Slack Connect channels'),
};

const clientsOptions = {
  everyone: option('everyone', 'Everyone except operators and supervisors'),
  external: option('external', 'Guests and people from other organisations'),
};

function sourceBlock({ source }: SettingsDraft): types.InputBlock {
  return input(
    settingsBlocks.source,
    'Sessions',
    {
      type: 'radio_buttons',
      action_id: sourceActionId,
      options: Object.values(sourceOptions),
      initial_option: sourceOptions[source],
    },
    {
      dispatch_action: true,
      hint: 'Each of these channels is a session with a client. Slack Connect channels are those shared with another organisation.',
    },
  );
}

function prefixesBlock({ prefixes }: SettingsDraft): types.InputBlock {
  return input(
    settingsBlocks.prefixes,
    'Name starts with',
    {
      type: 'plain_text_input',
      action_id: settingsBlocks.prefixes,
      max_length: settingsLimits.prefixesText,
      placeholder: plainText('client-, vip-', slackLimits.placeholder),
      ...(prefixes ? { initial_value: prefixes.slice(0, settingsLimits.prefixesText) } : {}),
    },
    { hint: 'One or more beginnings of channel names, separated by commas or spaces. Capital letters do not matter.' },
  );
}

function channelsBlock({ channels }: SettingsDraft): types.InputBlock {
  const initial = channels.slice(0, settingsLimits.channels);
  return input(
    settingsBlocks.channels,
    'Channels',
    {
      type: 'multi_conversations_select',
      action_id: settingsBlocks.channels,
      filter: { include: ['public', 'private'], exclude_bot_users: true },
      max_selected_items: settingsLimits.channels,
      placeholder: plainText('Choose channels', slackLimits.placeholder),
      ...(initial.length > 0 ? { initial_conversations: initial } : {}),
    },
    { hint: 'Invite Kickoff to a private channel before you choose it: type /invite @Kickoff there.' },
  );
}

function clientsBlock({ clients }: SettingsDraft): types.InputBlock {
  return input(
    settingsBlocks.clients,
    'Clients',
    {
      type: 'radio_buttons',
      action_id: settingsBlocks.clients,
      options: Object.values(clientsOptions),
      initial_option: clientsOptions[clients],
    },
    { hint: 'Whose messages count as messages from a client.' },
  );
}

function usersBlock(block: string, label: string, hint: string, users: string[]): types.InputBlock {
  const initial = users.slice(0, settingsLimits.people);
  return input(
    block,
    label,
    {
      type: 'multi_users_select',
      action_id: block,
      max_selected_items: settingsLimits.people,
      placeholder: plainText('Choose people', slackLimits.placeholder),
      ...(initial.length > 0 ? { initial_users: initial } : {}),
    },
    { optional: true, hint },
  );
}

function groupsBlock(block: string, label: string, groups: GroupChoice[]): types.InputBlock {
  const initial = groups.slice(0, settingsLimits.people).map(groupOption);
  return input(
    block,
    label,
    {
      type: 'multi_external_select',
      action_id: groupsActionId,
      min_query_length: 0,
      max_selected_items: settingsLimits.people,
      placeholder: plainText('Choose user groups', slackLimits.placeholder),
      ...(initial.length > 0 ? { initial_options: initial } : {}),
    },
    { optional: true },
  );
}

/** A person cannot clear a select, but can take the one channel out of a multi-select. */
function activityBlock({ activityChannel }: SettingsDraft): types.InputBlock {
  return input(
    settingsBlocks.activityChannel,
    'Activity channel',
    {
      type: 'multi_conversations_select',
      action_id: settingsBlocks.activityChannel,
      filter: { include: ['public', 'private'], exclude_external_shared_channels: true, exclude_bot_users: true },
      max_selected_items: 1,
      placeholder: plainText('Choose a channel', slackLimits.placeholder),
      ...(activityChannel ? { initial_conversations: [activityChannel] } : {}),
    },
    { optional: true, hint: 'Gets a line for every process that is started. Clients must not be able to read it.' },
  );
}

export function groupOption({ id, label }: GroupChoice): types.PlainTextOption {
  return option(id, label);
}

function option(value: string, text: string): types.PlainTextOption {
  return { text: plainText(text, slackLimits.optionText), value };
}
