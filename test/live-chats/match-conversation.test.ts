import { expect, test } from 'vitest';
import { matchConversation, sourceClash } from '../../src/live-chats/match-conversation.ts';

const chat = (name: string, source: 'prefix' | 'channels' | 'connect', values: string[] = []) => ({
  name,
  source,
  prefixes: source === 'prefix' ? values : [],
  channels: source === 'channels' ? values : [],
});

const chats = [
  chat('Connect', 'connect'),
  chat('Support', 'prefix', ['support-', 'help-']),
  chat('VIP', 'prefix', ['support-vip-']),
  chat('Chosen', 'channels', ['C1']),
];

test.each([
  ['support-acme', 'C2', false, 'Support'],
  ['Support-Acme', 'C2', false, 'Support'],
  ['help-🚀', 'C2', false, 'Support'],
  ['support-vip-acme', 'C2', false, 'VIP'],
  ['support-vip-acme', 'C1', false, 'Chosen'],
  ['random', 'C2', true, 'Connect'],
  ['support-acme', 'C2', true, 'Support'],
  ['random', 'C2', false, undefined],
])('#%s (%s, shared: %s) belongs to %s', (name, channelId, isShared, expected) => {
  expect(matchConversation({ name, channelId, isShared }, chats)?.name).toBe(expected);
  expect(matchConversation({ name, channelId, isShared }, chats.toReversed())?.name).toBe(expected);
});

test('sources clash if both match a conversation with the same priority', () => {
  const [connect, support, vip, chosen] = chats;
  if (!connect || !support || !vip || !chosen) throw new Error('four live chats');
  expect(sourceClash(connect, connect)).toEqual({ what: 'Slack Connect channels' });
  expect(sourceClash(support, chat('x', 'prefix', ['help-']))).toEqual({ what: 'help-' });
  expect(sourceClash(support, vip)).toBeUndefined();
  expect(sourceClash(chosen, chat('x', 'channels', ['C0', 'C1']))).toEqual({ what: 'C1' });
  expect(sourceClash(chosen, connect)).toBeUndefined();
});
