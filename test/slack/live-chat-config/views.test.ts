import type { types } from '@slack/bolt';
import { expect, test } from 'vitest';
import { viewErrors } from '../../../sandbox/block-kit/view.ts';
import type { ConditionRow } from '../../../src/bindings/condition.ts';
import { operatorsOf } from '../../../src/bindings/condition-rows.ts';
import type { Binding, BindingTerms } from '../../../src/bindings/queries.ts';
import type { LiveChat } from '../../../src/live-chats/live-chat.ts';
import type { ProcessDefinition } from '../../../src/processes/process-definition.ts';
import { type ValueType, valueTypes } from '../../../src/processes/value-types.ts';
import { properties } from '../../../src/sessions/properties.ts';
import { deleteModal } from '../../../src/slack/live-chat-config/delete-view.ts';
import { type LiveChatRow, liveChatsModal } from '../../../src/slack/live-chat-config/live-chats-view.ts';
import { fingerprintOf, parametersModal, readMapping } from '../../../src/slack/live-chat-config/parameters-view.ts';
import { presetMapping } from '../../../src/slack/live-chat-config/preset-mapping.ts';
import { mostBindings, processesModal } from '../../../src/slack/live-chat-config/processes-view.ts';
import { selectProcessModal } from '../../../src/slack/live-chat-config/select-process-view.ts';
import { draftOf, emptyDraft } from '../../../src/slack/live-chat-config/settings-draft.ts';
import { settingsModal } from '../../../src/slack/live-chat-config/settings-view.ts';
import { emptyRow, type TermsDraft, termsDraftOf } from '../../../src/slack/live-chat-config/terms-draft.ts';
import { termsModal } from '../../../src/slack/live-chat-config/terms-view.ts';
import { english, wordsIn } from '../../../src/words/words.ts';
import { liveChatSettings } from '../../helpers/builders.ts';

const liveChatId = '00000000-0000-4000-8000-000000000001';
const list = { page: 0 };
const long = '<Ünïcode & 👩‍👩‍👧‍👦 >'.repeat(400);

function aLiveChat(overrides: Partial<LiveChat> = {}): LiveChat {
  return {
    id: liveChatId,
    teamId: 'T1',
    ...liveChatSettings({ name: 'Sales', prefixes: ['client-'], operators: ['U1'] }),
    businessHours: null,
    locale: null,
    adoptionTotal: null,
    adoptionDone: 0,
    adoptionDueAt: null,
    adoptionAttempts: 0,
    adoptionUnfinished: 0,
    createdAt: new Date(),
    savedAt: new Date(0),
    ...overrides,
  };
}

function aDefinition(overrides: Partial<ProcessDefinition> = {}): ProcessDefinition {
  return { id: 'create-lead', name: 'Create lead', version: 1, parameters: [], ...overrides };
}

function aBinding(overrides: Partial<Binding> = {}): Binding {
  return {
    id: liveChatId,
    liveChatId,
    event: 'session_created',
    position: 0,
    isOn: true,
    reaction: null,
    conditions: null,
    policy: 'every_time',
    policyMinutes: null,
    skipsAwaited: false,
    stops: false,
    revision: 0,
    processDefinitionId: 'create-lead',
    processName: 'Create lead',
    parameters: [],
    mapping: {},
    createdAt: new Date(),
    waitMinutes: null,
    waitsInHours: false,
    armedAt: new Date(0),
    ...overrides,
  };
}

const bindingId = (i: number) => `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`;
const russian = wordsIn({ locale: 'ru-RU' });

/** Terms and drafts with the maximum content. */
const fullRows: ConditionRow[] = Array.from({ length: 10 }, () => ({
  property: 'message.text',
  operator: 'any_word',
  value: 'x'.repeat(500),
}));
const fullTerms: BindingTerms = {
  waitMinutes: 43_199,
  waitsInHours: true,
  reaction: { emoji: Array.from({ length: 20 }, (_, index) => `${'x'.repeat(97)}${index + 100}`), by: 'anybody' },
  conditions: { kind: 'rows', join: 'any', rows: fullRows },
  policy: 'at_most_once_in',
  policyMinutes: 525_600,
  skipsAwaited: true,
  stops: true,
};
const termsPlace = { liveChatId, bindingId: bindingId(1), list: { page: 999_999, found: liveChatId } };
const fullDraft = termsDraftOf(aBinding(fullTerms), 94);
const fullDrafts: TermsDraft[] = [
  fullDraft,
  {
    ...fullDraft,
    rows: properties
      .flatMap(({ code, type }) =>
        operatorsOf(type).map((operator) => ({
          property: code,
          operator,
          value: type === 'number' ? '1' : '2026-11-30',
        })),
      )
      .filter((_, index) => index % 9 === 0)
      .slice(0, 10)
      .map((row, id) => ({ ...row, id })),
  },
  { ...fullDraft, rows: [emptyRow(0)] },
  { ...fullDraft, mode: 'feel', expression: 'x'.repeat(3000) },
  { ...fullDraft, mode: 'always', rows: [], policy: 'every_time', skipsAwaited: false, stops: false },
];

const parameter = (key: string, type: ValueType, required = false) => ({ key, label: key, type, required });
const textOf = (view: unknown) => JSON.stringify(view);
const ids = (count: number, prefix: string) => Array.from({ length: count }, (_, i) => `${prefix}${1_000_000_000 + i}`);
const rows = (count: number, overrides: Partial<LiveChat> = {}): LiveChatRow[] =>
  Array.from({ length: count }, (_, i) => ({
    liveChat: aLiveChat({
      name: `Chat ${i}`,
      ...overrides,
      id: `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`,
    }),
    bound: [],
  }));

test('Slack accepts every view with the maximum content', () => {
  const fullest = aLiveChat({
    name: long.slice(0, 80),
    prefixes: ids(300, 'p-'),
    channels: ids(100, 'C'),
    operators: ids(100, 'U'),
    supervisors: ids(100, 'U'),
    operatorGroups: ids(100, 'S'),
    supervisorGroups: ids(100, 'S'),
    activityChannel: 'C1000000000',
    adoptionDueAt: new Date(),
  });
  const parameters = Array.from({ length: 90 }, (_, i) => ({
    key: `${i}${long}`,
    label: long,
    type: valueTypes[i % valueTypes.length] ?? 'text',
    required: i % 2 === 0,
  }));
  const definition = aDefinition({ name: long, workspace: long, app: long, description: long, parameters });
  const place = { liveChatId, list: { page: 16, found: liveChatId }, event: 'session_created' as const };
  const bound = [{ event: 'session_created' as const, processName: long }];
  const groups = fullest.operatorGroups.map((id) => ({ id, name: long, handle: long }));
  const views = [
    liveChatsModal(english, [], list),
    liveChatsModal(english, [{ liveChat: fullest, bound }], list),
    liveChatsModal(
      english,
      rows(500, fullest).map(({ liveChat }) => ({ liveChat, bound })),
      { page: 3 },
    ),
    liveChatsModal(english, rows(500), { page: 16 }),
    liveChatsModal(english, rows(500), { page: 2, found: rows(500)[77]?.liveChat.id }),
    ...(['prefix', 'channels', 'connect'] as const).map((source) =>
      settingsModal(english, { ...draftOf(english, fullest, groups), source }, { liveChatId, list: place.list }),
    ),
    settingsModal(english, emptyDraft, { list }),
    settingsModal(russian, { ...emptyDraft, hours: fullHours }, { list }),
    deleteModal(english, fullest, place),
    processesModal(english, fullest, [], place),
    processesModal(
      english,
      fullest,
      [
        { binding: aBinding({ processName: long }), definition: undefined },
        { binding: aBinding({ id: bindingId(7), event: 'message_received', parameters: [] }), definition },
      ],
      place,
    ),
    processesModal(
      english,
      fullest,
      Array.from({ length: mostBindings }, (_, i) => ({
        binding: aBinding({ id: bindingId(i), processName: long, ...fullTerms }),
        definition: undefined,
      })),
      place,
    ),
    ...([english, russian] as const).flatMap((words) =>
      fullDrafts.map((draft) =>
        termsModal(words, aBinding({ processName: long }), draft, { ...termsPlace, count: 95 }),
      ),
    ),
    selectProcessModal(english, place, undefined),
    selectProcessModal(english, place, { ...definition, id: long }),
    parametersModal(english, definition, {}, place, 'The process has changed.'),
    parametersModal(english, aDefinition(), {}, place),
  ];
  expect(views.map((view) => viewErrors(view, 'modal'))).toEqual(views.map(() => []));
});

const fullHours = {
  timeZone: { id: 'America/Argentina/ComodRivadavia', label: long },
  weekdays: Array.from({ length: 7 }, () => '0:00–1:00, '.repeat(50)),
  holidays: '2026-12-25, '.repeat(400),
};

test('an empty list says what live chats are for', () => {
  expect(textOf(liveChatsModal(english, [], list))).toContain('There are no live chats yet');
});

test('500 live chats are all listed, a page at a time', () => {
  const all = rows(500);
  const names = Array.from({ length: 17 }, (_, page) => textOf(liveChatsModal(english, all, { page })));
  for (const { liveChat } of all) expect(names.filter((page) => page.includes(`*${liveChat.name}*`))).toHaveLength(1);
  expect(names[0]).not.toContain('Previous');
  expect(names[16]).not.toContain('"Next"');
  expect(names[16]).toContain('Page 17 of 17 · 500 live chats');
});

test('a page beyond the end shows the last one, and a search result only that live chat', () => {
  expect(textOf(liveChatsModal(english, rows(31), { page: 9 }))).toContain('*Chat 30*');
  const found = textOf(liveChatsModal(english, rows(31), { page: 0, found: rows(31)[7]?.liveChat.id }));
  expect(found).toContain('*Chat 7*');
  expect(found).not.toContain('*Chat 8*');
  expect(found).toContain('Show all');
});

test('a row names source, operators, bound events and how far channels are taken in', () => {
  const liveChat = aLiveChat({
    name: 'Sales & <friends>',
    prefixes: ['client-', 'vip-'],
    operators: ids(7, 'U'),
    operatorGroups: ['S1'],
    adoptionDueAt: new Date(),
    adoptionTotal: 300,
    adoptionDone: 120,
  });
  const bound = [
    { event: 'session_closed' as const, processName: 'Ask for feedback' },
    { event: 'session_created' as const, processName: 'Create lead' },
  ];
  const text = textOf(liveChatsModal(english, [{ liveChat, bound }], list));
  expect(text).toContain('*Sales &amp; &lt;friends&gt;*');
  expect(text).toContain('Channels whose names start with `client-` or `vip-`');
  expect(text).toContain('<@U1000000005>, and 2 more');
  expect(text).toContain('Session created → Create lead · Session closed → Ask for feedback');
  expect(text).toContain('Taking in channels: 120 of 300');
  expect(textOf(liveChatsModal(english, [{ liveChat: aLiveChat(), bound }], list))).not.toContain('Taking in');
});

test('only the field that the source needs is shown', () => {
  const labels = (source: LiveChat['source']) =>
    settingsModal(english, { ...emptyDraft, source }, { list }).blocks.map(
      (block) => 'label' in block && textOf(block.label),
    );
  expect(labels('prefix').join()).toContain('Name starts with');
  expect(labels('prefix').join()).not.toContain('"Channels"');
  expect(labels('channels').join()).toContain('"Channels"');
  expect(labels('channels').join()).not.toContain('Name starts with');
  expect(labels('connect')).toHaveLength(labels('prefix').length - 1);
});

test('many prefixes come back as they were saved', () => {
  const prefixes = Array.from({ length: 150 }, (_, i) => `${i}`.padStart(3, 'a'));
  const { prefixes: shown } = draftOf(english, aLiveChat({ prefixes }), []);
  expect(shown.length).toBeLessThanOrEqual(600);
  expect(shown.split(/[\s,]+/)).toEqual(prefixes);
});

test('a parameter offers the properties of its type and no others', () => {
  const parameters = valueTypes.map((type) => parameter(type, type));
  const view = parametersModal(
    english,
    aDefinition({ parameters }),
    {},
    { liveChatId, list, event: 'session_created' },
  );
  const offered = (view.blocks as types.KnownBlock[]).flatMap((block) =>
    block.type === 'input' && block.element.type === 'static_select'
      ? [block.element.options?.map(({ value }) => value)]
      : [],
  );
  expect(offered).toEqual(
    valueTypes.map((type) => ['-', ...properties.filter((one) => one.type === type).map(({ code }) => code)]),
  );
});

test('a required parameter that nothing fits says why it cannot be filled', () => {
  const parameters = [parameter('due', 'date', true)];
  const view = parametersModal(
    english,
    aDefinition({ parameters }),
    {},
    { liveChatId, list, event: 'session_created' },
  );
  expect(textOf(view)).toContain('Nothing in a session is of the type “date”');
});

test('a mapping is read back; unequal types, unknown properties and empty required parameters are mistakes', () => {
  const parameters = [
    parameter('mail', 'email', true),
    parameter('note', 'text'),
    parameter('count', 'number'),
    parameter('who', 'user', true),
  ];
  const fingerprint = fingerprintOf(parameters);
  const chosen = (codes: Record<string, string>) =>
    Object.fromEntries(
      Object.entries(codes).map(([key, value]) => [
        `parameter:${fingerprint}:field:${key}`,
        { value: { type: 'static_select', selected_option: { value } } },
      ]),
    );
  expect(readMapping(english, parameters, chosen({ mail: 'client.email', note: '-', who: 'client.user' }))).toEqual({
    mapping: { mail: 'client.email', who: 'client.user' },
    errors: {},
  });
  const { mapping, errors } = readMapping(
    english,
    parameters,
    chosen({ mail: 'client.name', note: 'no.such', count: 'session.messageCount', who: '-' }),
  );
  expect(mapping).toEqual({ count: 'session.messageCount' });
  expect(Object.entries(errors).map(([block, text]) => [block.split(':').at(-1), text])).toEqual([
    ['mail', expect.stringContaining('cannot be filled from')],
    ['note', expect.stringContaining('no property “no.such”')],
    ['who', expect.stringContaining('required')],
  ]);
});

test('presets keep chosen properties, drop those that no longer fit, and match only new parameters', () => {
  const parameters = [
    parameter('clientEmail', 'email'),
    parameter('clientName', 'text'),
    parameter('sessionLink', 'link'),
    parameter('note', 'text'),
  ];
  const definition = aDefinition({ parameters });
  expect(presetMapping(definition, undefined)).toEqual({
    clientEmail: 'client.email',
    clientName: 'client.name',
    sessionLink: 'session.link',
  });
  const before = [parameter('clientEmail', 'email'), parameter('clientName', 'text'), parameter('note', 'number')];
  const binding = aBinding({
    parameters: before,
    mapping: { clientName: 'operator.name', note: 'session.messageCount' },
  });
  expect(presetMapping(definition, binding)).toEqual({ clientName: 'operator.name', sessionLink: 'session.link' });
  expect(presetMapping({ ...definition, id: 'another' }, binding)).toEqual(presetMapping(definition, undefined));
});

test('a row says that a process is gone, or what changed in its parameters', () => {
  const place = { liveChatId, list };
  const gone = processesModal(english, aLiveChat(), [{ binding: aBinding(), definition: undefined }], place);
  expect(textOf(gone)).toContain('This process is gone');
  expect(textOf(gone)).not.toContain('Configure parameters');
  const binding = aBinding({ parameters: [parameter('Company', 'text'), parameter('Old', 'text')] });
  const definition = aDefinition({ parameters: [parameter('Company', 'number'), parameter('Mail', 'email', true)] });
  const changed = textOf(processesModal(english, aLiveChat(), [{ binding, definition }], place));
  expect(changed).toContain('Company is now of type number; new: Mail; gone: Old');
  const same = { ...definition, parameters: binding.parameters };
  expect(textOf(processesModal(english, aLiveChat(), [{ binding, definition: same }], place))).not.toContain(
    ':warning:',
  );
});
