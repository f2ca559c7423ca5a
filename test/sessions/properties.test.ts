import { expect, test } from 'vitest';
import type { Person } from '../../src/sessions/people.ts';
import { properties, propertyName, propertyValues } from '../../src/sessions/properties.ts';
import type { SessionFacts } from '../../src/sessions/session-facts.ts';
import { english } from '../../src/words/words.ts';

const facts: SessionFacts = {
  liveChatName: 'Support',
  channelId: 'C1',
  sessionName: 'support-acme-🚀',
  status: 'open',
  messageCount: 0,
  openedAt: '2026-01-02T03:04:05.678Z',
  closedAt: null,
  isBusinessHours: false,
  clientUserId: 'U1',
  operatorUserId: 'U2',
  transcript: [
    { ts: '1767323045.000100', userId: 'U1', authorName: null, text: 'Hello\nworld' },
    { ts: '1767323105.000100', userId: null, authorName: 'Jira', text: 'ABC-1' },
    { ts: '1767323165.000100', userId: 'U9', authorName: null, text: 'from somebody deleted' },
  ],
  message: {
    ts: '1767323045.000100',
    threadTs: '1767323000.000100',
    userId: 'U1',
    text: 'Hello\nworld',
    files: [{ name: 'a.png', type: 'image/png', size: 3, link: 'https://x/a' }],
  },
};
const carl: Person = {
  id: 'U1',
  teamId: 'T2',
  name: 'Carl Client',
  title: 'Buyer',
  company: 'Acme',
  timezone: 'Europe/Berlin',
  email: 'carl@acme.example',
  phone: '+49 30 1',
  isBot: false,
  isExternal: true,
  isAdmin: false,
  isDeleted: false,
};
const oleg: Person = {
  id: 'U2',
  teamId: 'T1',
  name: 'Oleg',
  isBot: false,
  isExternal: false,
  isAdmin: false,
  isDeleted: false,
};
const values = propertyValues({
  facts,
  people: new Map([carl, oleg].map((person) => [person.id, person])),
  places: new Map(),
  workspaceUrl: 'https://w.slack.com/',
  files: [{ name: 'a.png', type: 'image/png', size: 3, link: 'https://x/a' }],
});

test('every property has its value, typed', () => {
  expect(values).toEqual({
    'liveChat.name': 'Support',
    'session.name': 'support-acme-🚀',
    'session.link': 'https://w.slack.com/archives/C1',
    'session.status': 'open',
    'session.messageCount': 0,
    'session.openedAt': '2026-01-02T03:04:05+00:00',
    'session.isBusinessHours': false,
    'session.transcript':
      '[2026-01-02 03:04 UTC] Carl Client: Hello world\n[2026-01-02 03:05 UTC] Jira: ABC-1\n[2026-01-02 03:06 UTC] U9: from somebody deleted',
    'client.name': 'Carl Client',
    'client.title': 'Buyer',
    'client.company': 'Acme',
    'client.timezone': 'Europe/Berlin',
    'client.email': 'carl@acme.example',
    'client.phone': '+49 30 1',
    'client.user': 'U1',
    'client.isExternal': true,
    'operator.name': 'Oleg',
    'operator.user': 'U2',
    'message.text': 'Hello\nworld',
    'message.link': 'https://w.slack.com/archives/C1/p1767323045000100?thread_ts=1767323000.000100&cid=C1',
    'message.sentAt': '2026-01-02T03:04:05+00:00',
    'message.files': [{ name: 'a.png', type: 'image/png', size: 3, link: 'https://x/a' }],
  });
});

test('codes, names and types are those of the product', () => {
  expect(properties).toHaveLength(28);
  expect(new Set(properties.map(({ code }) => code)).size).toBe(28);
  expect(properties.find(({ code }) => code === 'client.isExternal')).toEqual({
    code: 'client.isExternal',
    type: 'boolean',
  });
  expect(english(propertyName({ code: 'client.isExternal' }))).toBe('Client is from outside');
});

test('properties without a person or message are absent', () => {
  const empty = propertyValues({
    facts: { ...facts, clientUserId: null, operatorUserId: null, transcript: [], message: null },
    people: new Map(),
    places: new Map(),
    workspaceUrl: 'https://w.slack.com/',
    files: [],
  });
  expect(Object.keys(empty)).toEqual([
    'liveChat.name',
    'session.name',
    'session.link',
    'session.status',
    'session.messageCount',
    'session.openedAt',
    'session.isBusinessHours',
  ]);
});
