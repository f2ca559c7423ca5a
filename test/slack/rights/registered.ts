import { fieldBlockId } from '../../../src/slack/block-kit/field-block-id.ts';
import { fingerprintOf } from '../../../src/slack/live-chat-config/parameters-view.ts';
import { startFormScope } from '../../../src/slack/start-process/views.ts';
import { taskScope } from '../../../src/slack/task-form/views.ts';
import { marks, type Place, parameter } from './world.ts';

export type Role = 'operator' | 'supervisor' | 'administrator';

/** The parts of a payload that an attacker could modify. */
export interface Parts {
  metadata?: unknown;
  callbackId?: string;
  /** The value of a button. */
  value?: string;
  /** The value of a select's or menu's option. */
  chosen?: string;
  blockId?: string;
  actionId?: string;
  /** `view.state.values` */
  state?: unknown;
  channelId?: string;
  messageTs?: string;
}

export interface Registered {
  /** The name from `registrationsOf`. */
  name: string;
  /** The permitted roles; `everybody`: shows each person only their own data. */
  for: readonly Role[] | 'everybody';
  /** Its effect on the live chat *Support* for a permitted person; `opens`: a view without data of the live chat. */
  effect: 'shows' | 'changes' | 'opens';
  /** Set if it acts on the company's processes, not on a live chat. */
  isCompanys?: true;
  /** A legitimate payload: `at` is the place of the person, `of` the place that they act on. */
  parts(at: Place, of: Place): Parts;
}

const staff = ['operator', 'supervisor', 'administrator'] as const;
const operators = ['operator', 'supervisor'] as const;
const overseers = ['supervisor', 'administrator'] as const;
const administrators = ['administrator'] as const;
/** The people who may retry a start that the operator made. */
const retriers = ['supervisor', 'administrator', 'operator'] as const;

const list = { page: 0 };
const placeOf = ({ channelId, messageTs }: Place) => ({
  channelId,
  message: { ts: messageTs, userId: 'U0CARL00001', content: { text: 'Hello', files: [] } },
});
const option = (value: string) => ({ selected_option: { text: { type: 'plain_text', text: value }, value } });
const event = 'session_closed';
const parametersOf = (of: Place) => ({
  liveChatId: of.liveChatId,
  list,
  event,
  processDefinitionId: of.processId,
  fingerprint: fingerprintOf([parameter]),
});
const termsPlace = ({ liveChatId, bindingId }: Place) => ({
  liveChatId,
  bindingId,
  list,
  rowIds: [],
  count: 1,
  place: 0,
});
const termsState = {
  terms_mode: { terms_mode: option('always') },
  terms_policy: { terms_policy: option('every_time') },
};
const inTerms = (name: string): Registered => ({
  name: `action ${name}`,
  for: administrators,
  effect: 'shows',
  parts: (_, of) => ({ callbackId: 'live_chat_terms', metadata: termsPlace(of), state: termsState, value: '0' }),
});
const onCard = (name: string, effect: Registered['effect'], who: Registered['for'] = staff): Registered => ({
  name: `action ${name}`,
  for: who,
  effect,
  parts: (at) => ({ callbackId: 'session_card', metadata: placeOf(at) }),
});
const inList = (name: string, parts: (of: Place) => Parts = () => ({})): Registered => ({
  name: `action ${name}`,
  for: administrators,
  effect: 'shows',
  parts: (_, of) => ({ callbackId: 'live_chats', metadata: list, ...parts(of) }),
});
const inLibrary = (name: string): Registered => ({
  name: `action ${name}`,
  for: administrators,
  isCompanys: true,
  effect: 'shows',
  parts: (_, { processId }) => ({ callbackId: 'process_library', metadata: list, value: processId }),
});
const ofProcess = (name: string, effect: Registered['effect']): Registered => ({
  name: `action ${name}`,
  for: administrators,
  isCompanys: true,
  effect,
  parts: (_, { processId }) => ({
    callbackId: 'process_details',
    metadata: { process: processId, list },
    value: '1',
  }),
});
const inHome = (
  name: string,
  who: Registered['for'],
  effect: Registered['effect'],
  parts: (of: Place) => Parts = () => ({}),
): Registered => ({
  name: `action ${name}`,
  for: who,
  effect,
  parts: (_, of) => ({ callbackId: 'home', ...parts(of) }),
});

/**
 * Every registration of the app with a possible payload, ordered so that none removes what a later one acts on. A registration
 * without an entry fails the test.
 */
export const registered: Registered[] = [
  {
    name: 'shortcut start_process',
    for: operators,
    effect: 'shows',
    parts: (_, { channelId, messageTs }) => ({ channelId, messageTs }),
  },
  {
    name: 'shortcut session',
    for: staff,
    effect: 'shows',
    parts: (_, { channelId, messageTs }) => ({ channelId, messageTs }),
  },
  {
    name: 'shortcut why',
    for: staff,
    effect: 'shows',
    parts: (_, { channelId, messageTs }) => ({ channelId, messageTs }),
  },
  { name: 'command /livechat-session', for: staff, effect: 'shows', parts: (_, { channelId }) => ({ channelId }) },
  {
    name: 'command /livechat-config',
    for: administrators,
    effect: 'shows',
    parts: (_, { channelId }) => ({ channelId }),
  },

  // Starting a process
  {
    name: 'options search_process',
    for: operators,
    isCompanys: true,
    effect: 'shows',
    parts: (_, of) => ({ callbackId: 'start_process', metadata: placeOf(of) }),
  },
  {
    name: 'view start_process',
    for: operators,
    isCompanys: true,
    effect: 'shows',
    parts: (at, of) => ({ metadata: placeOf(at), state: { process: { search_process: option(of.processId) } } }),
  },
  {
    name: 'options form_choice',
    for: operators,
    isCompanys: true,
    effect: 'shows',
    parts: (at, of) => ({
      callbackId: 'start_form',
      metadata: { ...placeOf(at), processDefinitionId: of.processId },
      blockId: fieldBlockId(startFormScope(of.processId), 'pick'),
    }),
  },
  {
    name: 'view start_form',
    for: operators,
    isCompanys: true,
    effect: 'changes',
    parts: (at, of) => ({
      metadata: { ...placeOf(at), processDefinitionId: of.processId },
      state: { [fieldBlockId(startFormScope(of.processId), 'pick')]: { value: {} } },
    }),
  },
  ...['value', 'form_choice', 'form_entry_add', 'form_entry_remove'].map(
    (name): Registered => ({
      name: `action ${name}`,
      for: operators,
      isCompanys: true,
      effect: 'shows',
      parts: (at, of) => ({
        callbackId: 'start_form',
        metadata: { ...placeOf(at), processDefinitionId: of.processId },
      }),
    }),
  ),
  { name: 'action retry_start', for: retriers, effect: 'changes', parts: (_, { failedId }) => ({ value: failedId }) },
  { name: 'view_closed start_progress', for: 'everybody', effect: 'opens', parts: () => ({}) },

  // Tasks
  { name: 'action open_task', for: ['operator'], effect: 'shows', parts: (_, { taskKey }) => ({ value: taskKey }) },
  {
    name: 'options form_choice',
    for: ['operator'],
    effect: 'shows',
    parts: (_, { taskKey }) => ({
      callbackId: 'task_form',
      metadata: { taskKey },
      blockId: fieldBlockId(taskScope(taskKey), 'pick'),
    }),
  },
  {
    name: `action ${/^reassign_task(_\d+)?$/}`,
    for: staff,
    effect: 'shows',
    parts: (_, { taskKey }) => ({ actionId: 'reassign_task', value: taskKey }),
  },
  {
    name: 'view reassign_task',
    for: staff,
    effect: 'changes',
    parts: (_, { taskKey }) => ({
      metadata: { taskKey },
      state: { colleague: { colleague: { selected_user: 'U0OLEG00001' } } },
    }),
  },
  ...['value', 'form_choice', 'form_entry_add', 'form_entry_remove'].map(
    (name): Registered => ({
      name: `action ${name}`,
      for: ['operator'],
      effect: 'shows',
      parts: (_, { taskKey }) => ({ callbackId: 'task_form', metadata: { taskKey } }),
    }),
  ),
  { name: 'action claim_task', for: ['operator'], effect: 'opens', parts: (_, { taskKey }) => ({ value: taskKey }) },
  { name: 'view_closed task_form', for: 'everybody', effect: 'opens', parts: () => ({}) },
  {
    name: 'view task_form',
    for: ['operator'],
    effect: 'changes',
    parts: (_, { taskKey }) => ({
      metadata: { taskKey },
      state: { [fieldBlockId(taskScope(taskKey), 'pick')]: { value: {} } },
    }),
  },
  {
    name: 'action retry_start_from_line',
    for: retriers,
    effect: 'changes',
    parts: (_, { failedId }) => ({ value: failedId }),
  },

  // The card of a session
  onCard('session_start_process', 'shows', operators),
  { ...onCard('session_diagram', 'shows'), parts: (at, of) => ({ metadata: placeOf(at), value: of.runningId }) },
  onCard('session_correct_client', 'opens'),
  onCard('session_rename', 'shows'),
  onCard('session_mark_spam', 'changes'),
  onCard('session_close', 'changes'),
  onCard('session_reopen', 'shows'),
  onCard('session_unmark_spam', 'shows'),
  onCard('session_rejoin', 'shows', administrators),
  {
    name: 'options session_member',
    for: staff,
    effect: 'opens',
    parts: (at) => ({ callbackId: 'session_client', metadata: placeOf(at) }),
  },
  {
    name: 'view session_client',
    for: staff,
    effect: 'changes',
    parts: (at) => ({ metadata: placeOf(at), state: { client: { session_member: option('U0CARL00001') } } }),
  },
  {
    name: 'view session_name',
    for: staff,
    effect: 'changes',
    parts: (at) => ({
      metadata: placeOf(at),
      state: { name: { session_name_text: { value: `${marks.support} again` } } },
    }),
  },

  // The Home tab
  inHome('home_away', operators, 'changes', ({ liveChatId }) => ({ value: liveChatId })),
  inHome('home_back', operators, 'opens', ({ liveChatId }) => ({ value: liveChatId })),
  inHome('home_retry', retriers, 'changes', ({ failedId }) => ({ value: failedId })),
  inHome('home_cancel', overseers, 'changes', ({ cancelledId }) => ({ value: cancelledId })),
  inHome(String(/^home_(tasks|sessions)_(previous|next)$/), 'everybody', 'opens', () => ({
    actionId: 'home_tasks_next',
    value: '1',
  })),
  inHome('home_starts_older', 'everybody', 'opens', ({ runningId }) => ({
    value: JSON.stringify({ at: '2030-01-01T00:00:00.000Z', id: runningId }),
  })),
  inHome('home_starts_newer', 'everybody', 'opens', () => ({ value: 'all' })),
  inHome('home_status', 'everybody', 'opens', () => ({ chosen: 'failed' })),
  inHome('home_live_chat', 'everybody', 'opens', ({ liveChatId }) => ({ chosen: liveChatId })),
  inHome('home_process', 'everybody', 'opens', ({ processId }) => ({ chosen: processId })),
  inHome('home_show_all', 'everybody', 'opens', () => ({ value: 'all' })),
  inHome('home_refresh', 'everybody', 'opens', () => ({ value: 'all' })),
  { name: 'options home_live_chat', for: overseers, effect: 'shows', parts: () => ({ callbackId: 'home' }) },
  { name: 'options home_process', for: overseers, effect: 'shows', parts: () => ({ callbackId: 'home' }) },

  // Processes
  ...['library_open', 'library_all', 'library_previous', 'library_next', 'library_find'].map(inLibrary),
  inLibrary('library_live_chats'),
  { ...inLibrary('library_faults'), effect: 'opens' },
  { ...inLibrary('library_add'), effect: 'opens' },
  {
    name: 'options library_find',
    for: administrators,
    isCompanys: true,
    effect: 'shows',
    parts: () => ({ callbackId: 'process_library' }),
  },
  inLibrary('library_details'),
  {
    name: 'view process_library_add',
    for: administrators,
    effect: 'opens',
    parts: () => ({ metadata: list, state: { files: { library_files: { files: [] } } } }),
  },
  ofProcess('library_picture', 'shows'),
  ofProcess('library_switch_off', 'changes'),
  ofProcess('library_switch_on', 'changes'),
  ofProcess('library_restore', 'opens'),

  // Out of a dead end
  ...['session_retry', 'session_move', 'session_set_variable', 'session_cancel_start'].map(
    (name): Registered => ({
      name: `action ${name}`,
      for: name === 'session_retry' ? retriers : overseers,
      effect: name === 'session_retry' ? 'changes' : 'opens',
      parts: (at, of) => ({
        callbackId: 'session_card',
        metadata: placeOf(at),
        value: { session_retry: of.failedId, session_cancel_start: of.cancelledId }[name] ?? of.runningId,
      }),
    }),
  ),
  {
    name: 'view mend_variable',
    for: overseers,
    effect: 'opens',
    parts: (at, of) => ({
      metadata: { ...placeOf(at), startId: of.runningId },
      state: {
        name: { name: { value: 'limit' } },
        kind: { kind: option('text') },
        value: { value: { value: '5' } },
        go_on: { go_on: { selected_options: [] } },
      },
    }),
  },
  {
    name: 'action cancel_start_from_line',
    for: overseers,
    effect: 'opens',
    parts: (_, { cancelledId }) => ({ value: cancelledId }),
  },

  // Setting live chats up
  inList('live_chats_previous', () => ({ value: '0' })),
  inList('live_chats_next', () => ({ value: '0' })),
  inList('live_chats_refresh'),
  inList('live_chats_all'),
  inList('find_live_chat', ({ liveChatId }) => ({ chosen: liveChatId })),
  { name: 'options find_live_chat', for: administrators, effect: 'shows', parts: () => ({ callbackId: 'live_chats' }) },
  inList('live_chat_menu', ({ liveChatId }) => ({ chosen: `settings:${liveChatId}` })),
  { ...inList('new_live_chat'), effect: 'opens' },
  {
    name: 'action live_chat_source',
    for: administrators,
    effect: 'opens',
    parts: (_, of) => ({ metadata: settingsPlace(of), state: settingsState('connect') }),
  },
  {
    name: 'action live_chat_hours',
    for: administrators,
    effect: 'opens',
    parts: (_, of) => ({ metadata: settingsPlace(of), state: settingsState('prefix') }),
  },
  ...['live_chat_groups', 'live_chat_time_zone'].map(
    (name): Registered => ({
      name: `options ${name}`,
      for: administrators,
      effect: 'opens',
      parts: () => ({ callbackId: 'live_chat_settings' }),
    }),
  ),
  {
    name: 'action select_process',
    for: administrators,
    effect: 'opens',
    parts: (_, { liveChatId }) => ({ metadata: { liveChatId, list }, value: event }),
  },
  {
    name: 'action binding_menu',
    for: administrators,
    effect: 'shows',
    parts: (_, { liveChatId, bindingId }) => ({ metadata: { liveChatId, list }, chosen: `configure:${bindingId}` }),
  },
  ...[
    'terms_mode',
    'terms_expression',
    'terms_policy',
    'condition_property',
    'condition_operator',
    'add_condition',
  ].map(inTerms),
  inTerms('remove_condition'),
  inTerms('try_terms'),
  {
    name: 'view live_chat_terms',
    for: administrators,
    effect: 'changes',
    parts: (_, of) => ({ metadata: termsPlace(of), state: termsState }),
  },
  {
    name: 'options search_process',
    for: administrators,
    effect: 'shows',
    parts: () => ({ callbackId: 'select_live_chat_process' }),
  },
  {
    name: 'view select_live_chat_process',
    for: administrators,
    effect: 'shows',
    parts: (_, { liveChatId, processId }) => ({
      metadata: { liveChatId, list, event },
      state: { process: { search_process: option(processId) } },
    }),
  },
  {
    name: 'view live_chat_parameters',
    for: administrators,
    effect: 'changes',
    parts: (_, of) => ({ metadata: parametersOf(of) }),
  },
  {
    name: 'view live_chat_settings',
    for: administrators,
    effect: 'changes',
    parts: (_, of) => ({ metadata: settingsPlace(of), state: settingsState('prefix') }),
  },
  {
    name: 'view delete_live_chat',
    for: administrators,
    effect: 'changes',
    parts: (_, { liveChatId }) => ({ metadata: { liveChatId, list } }),
  },
];

function settingsPlace({ liveChatId }: Place) {
  return { liveChatId, list, hidden: { prefixes: '', channels: [] } };
}

function settingsState(source: 'prefix' | 'connect') {
  return {
    name: { name: { value: 'Forged' } },
    source: { live_chat_source: option(source) },
    prefixes: { prefixes: { value: 'forged-' } },
    clients: { clients: option('everyone') },
    operators: { operators: { selected_users: ['U0OLEG00001'] } },
  };
}
