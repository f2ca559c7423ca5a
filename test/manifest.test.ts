import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { readRequestUrls } from '../sandbox/manifest.ts';
import { events } from '../src/slack/events.ts';
import { fillHttpManifest } from '../src/slack/http-manifest.ts';

interface Manifest {
  features: {
    shortcuts: { type: string; callback_id: string }[];
    slash_commands: { command: string }[];
  };
  oauth_config: { scopes: { bot: string[] } };
  settings: { event_subscriptions: { bot_events: string[] }; interactivity: { is_enabled: boolean } };
}

const manifest = parse(readFileSync('manifest.yml', 'utf8')) as Manifest;
const code = readdirSync('src/slack', { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => readFileSync(join('src/slack', path), 'utf8'))
  .join('\n');

/** The bot scopes that each Web API method needs for our calls (docs.slack.dev/reference/methods). */
const methodScopes: Record<string, string[]> = {
  'auth.test': [],
  'chat.delete': ['chat:write'],
  'chat.postMessage': ['chat:write'],
  'chat.update': ['chat:write'],
  'conversations.history': ['channels:history', 'groups:history', 'im:history'],
  'conversations.info': ['channels:read', 'groups:read'],
  'conversations.join': ['channels:join'],
  'conversations.list': ['channels:read', 'groups:read'],
  'conversations.members': ['channels:read', 'groups:read'],
  'conversations.replies': ['channels:history', 'groups:history'],
  'conversations.open': ['im:write'],
  'files.completeUploadExternal': ['files:write'],
  'files.delete': ['files:write'],
  'files.getUploadURLExternal': ['files:write'],
  'files.info': ['files:read'],
  'team.info': ['team:read'],
  'usergroups.list': ['usergroups:read'],
  'usergroups.users.list': ['usergroups:read'],
  'users.conversations': ['channels:read', 'groups:read'],
  'users.info': ['users:read', 'users:read.email'],
  'users.list': ['users:read'],
  'users.lookupByEmail': ['users:read.email'],
  'views.open': [],
  'views.publish': [],
  'views.push': [],
  'views.update': [],
};

/** The bot scopes that each event subscription needs (docs.slack.dev/reference/events). */
const eventScopes: Record<string, string[]> = {
  app_home_opened: [],
  app_uninstalled: [],
  channel_archive: ['channels:read'],
  channel_created: ['channels:read'],
  channel_deleted: ['channels:read'],
  channel_id_changed: ['channels:read'],
  channel_left: ['channels:read'],
  channel_rename: ['channels:read'],
  channel_shared: ['channels:read', 'groups:read'],
  channel_unarchive: ['channels:read'],
  channel_unshared: ['channels:read', 'groups:read'],
  group_archive: ['groups:read'],
  group_deleted: ['groups:read'],
  group_left: ['groups:read'],
  group_rename: ['groups:read'],
  group_unarchive: ['groups:read'],
  member_joined_channel: ['channels:read', 'groups:read'],
  'message.channels': ['channels:history'],
  'message.groups': ['groups:history'],
  reaction_added: ['reactions:read'],
  subteam_created: ['usergroups:read'],
  subteam_members_changed: ['usergroups:read'],
  subteam_updated: ['usergroups:read'],
  team_join: ['users:read'],
  tokens_revoked: [],
  user_change: ['users:read'],
};

const matches = (pattern: RegExp) => new Set([...code.matchAll(pattern)].map((match) => match[1] ?? ''));

/** Finds `client.views.open(`, and `client.views[how](`, where `how` is one of the two listed. */
const methodsInUse = new Set(
  [...matches(/\b\w*[cC]lient\s*\.((?:[a-zA-Z]+\s*\.\s*)+[a-zA-Z]+)\s*\(/g)].map((method) =>
    method.replaceAll(/\s/g, ''),
  ),
);
if (/views\[how\]/.test(code)) for (const how of ['views.open', 'views.push']) methodsInUse.add(how);

const eventsInUse = Object.keys(events).flatMap((event) =>
  event === 'message' ? ['message.channels', 'message.groups'] : [event],
);

const sorted = (values: Iterable<string>) => [...new Set(values)].toSorted();

test('the events listened to are those subscribed to', () => {
  expect(sorted(eventsInUse)).toEqual(sorted(manifest.settings.event_subscriptions.bot_events));
});

test('commands and shortcuts are those declared', () => {
  expect(sorted(matches(/app\.command\('([^']+)'/g))).toEqual(
    sorted(manifest.features.slash_commands.map((one) => one.command)),
  );
  expect(sorted(matches(/app\.shortcut(?:<\w+>)?\(\{[^}]*callback_id: '([^']+)'/g))).toEqual(
    sorted(manifest.features.shortcuts.map((one) => one.callback_id)),
  );
  expect(manifest.settings.interactivity.is_enabled).toBe(true);
});

test('every used Web API method is in the table of this test', () => {
  expect([...methodsInUse].filter((method) => !(method in methodScopes))).toEqual([]);
  expect(Object.keys(methodScopes).filter((method) => !methodsInUse.has(method))).toEqual([]);
});

test('the scopes are those needed and no others', () => {
  const needed = [
    'commands',
    ...[...methodsInUse].flatMap((method) => methodScopes[method] ?? []),
    ...eventsInUse.flatMap((event) => eventScopes[event] ?? []),
  ];
  expect(sorted(needed)).toEqual(sorted(manifest.oauth_config.scopes.bot));
});

test('docs/slack.md says why each scope is needed', () => {
  const table = readFileSync('docs/slack.md', 'utf8').matchAll(/^\| `([a-z:.]+)` \|/gm);
  expect([...table].map((row) => row[1])).toEqual(manifest.oauth_config.scopes.bot);
});

const httpTemplate = readFileSync('manifest.http.yml', 'utf8');

test('the manifest for HTTP is the same app, with URLs in place of Socket Mode', () => {
  const http = parse(httpTemplate);
  expect(http.settings.socket_mode_enabled).toBe(false);
  http.settings.socket_mode_enabled = true;
  delete http.settings.event_subscriptions.request_url;
  delete http.settings.interactivity.request_url;
  delete http.settings.interactivity.message_menu_options_url;
  for (const command of http.features.slash_commands) delete command.url;
  expect(http).toEqual(manifest);
});

test('the manifest for HTTP has a URL for events, interactivity, options and each command', () => {
  const url = 'https://kickoff.example.com/slack/events';
  expect(readRequestUrls(fillHttpManifest(httpTemplate, 'kickoff.example.com'))).toEqual({
    events: url,
    interactivity: url,
    options: url,
    commands: { '/livechat-config': url, '/livechat-session': url },
  });
  expect(fillHttpManifest(httpTemplate, 'http://localhost:3000/')).toContain('http://localhost:3000/slack/events');
});

test.each(['', 'a b', 'kickoff.example.com/path', 'https://', 'user@host', 'host"\nevil: 1'])(
  'the manifest for HTTP is not filled with %j',
  (host) => expect(() => fillHttpManifest(httpTemplate, host)).toThrow('is not a host name'),
);
