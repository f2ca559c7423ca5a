import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type BareApp, startBareApp } from './helpers.ts';

let bare: BareApp;
beforeEach(async () => {
  bare = await startBareApp(() => ({}));
});
afterEach(() => bare.stop());

/** The events since the last call, as `type` or `message/subtype`. */
async function events(): Promise<string[]> {
  await bare.sandbox.traffic.settled();
  const types = bare.received.splice(0).map(({ body }) => {
    const event = body.event as { type: string; subtype?: string };
    return event.subtype ? `${event.type}/${event.subtype}` : event.type;
  });
  return types.sort();
}

async function lastEvent(): Promise<Record<string, unknown>> {
  await bare.sandbox.traffic.settled();
  return bare.received.at(-1)?.body.event as Record<string, unknown>;
}

describe('events for the app', () => {
  test('of a public channel: creation, but messages only once it is a member', async () => {
    const { anna } = bare.sandbox.people;
    const roses = await anna.createChannel('roses');
    expect(await events()).toEqual(['channel_created']);
    await anna.post(roses, 'anybody?');
    expect(await events()).toEqual([]);
    expect(await bare.call('conversations.join', { channel: roses.id })).toMatchObject({ ok: true });
    expect(await events()).toEqual(['member_joined_channel', 'message/channel_join']);
    const message = await anna.post(roses, 'welcome <b> & co');
    expect(await lastEvent()).toMatchObject({
      type: 'message',
      text: 'welcome &lt;b&gt; &amp; co',
      user: anna.id,
      channel: roses.id,
      channel_type: 'channel',
      ts: message.ts,
      blocks: [{ type: 'rich_text' }],
    });
    await events();
    await anna.post(roses, 'reply', { thread: message });
    await anna.post(roses, 'picture', { files: [{ name: 'rose.png', mimetype: 'image/png', content: 'x' }] });
    await anna.edit(message, 'changed');
    await anna.delete(await anna.post(roses, 'oops'));
    await anna.setTopic(roses, 'Flowers');
    await anna.post(roses, 'waves', { me: true });
    await anna.post(roses, 'all', { thread: message, broadcast: true });
    expect(await events()).toEqual([
      'message',
      'message',
      'message/channel_topic',
      'message/file_share',
      'message/me_message',
      'message/message_changed',
      'message/message_deleted',
      'message/thread_broadcast',
    ]);
  });

  test('of a private channel: nothing before it is invited, group events after', async () => {
    const { anna, sam } = bare.sandbox.people;
    const secret = await anna.createChannel('secret', { isPrivate: true });
    await anna.post(secret, 'psst');
    expect(await events()).toEqual([]);
    await anna.invite(secret, 'app');
    expect(await lastEvent()).toMatchObject({
      type: 'member_joined_channel',
      user: bare.sandbox.botUserId,
      channel_type: 'G',
      inviter: anna.id,
    });
    await events();
    await anna.invite(secret, sam);
    await anna.rename(secret, 'secrets');
    expect(await events()).toEqual([
      'group_rename',
      'member_joined_channel',
      'message/channel_join',
      'message/channel_name',
    ]);
    await anna.kick(secret, 'app');
    expect(await events()).toEqual(['group_left']);
    await anna.post(secret, 'psst');
    expect(await events()).toEqual([]);
  });

  test('archiving removes the app; unarchiving does not add it again', async () => {
    const { anna } = bare.sandbox.people;
    const roses = await anna.createChannel('roses', { invite: ['app'] });
    await events();
    await anna.archive(roses);
    expect(await events()).toEqual(['channel_archive', 'message/channel_archive']);
    expect(roses.hasApp).toBe(false);
    expect(await bare.call('conversations.join', { channel: roses.id })).toMatchObject({ error: 'is_archived' });
    await anna.unarchive(roses);
    expect(await events()).toEqual(['channel_unarchive']);
    expect(roses.hasApp).toBe(false);
    await anna.deleteChannel(roses);
    expect(await events()).toEqual(['channel_deleted']);
    expect(await bare.call('conversations.info', { channel: roses.id })).toMatchObject({ error: 'channel_not_found' });
  });

  test('sharing: the envelope is the author’s team, the authorization the installation', async () => {
    const { anna, carl } = bare.sandbox.people;
    const deal = await anna.createChannel('deal', { sharedWith: carl, invite: ['app'] });
    expect(await events()).toEqual([
      'channel_created',
      'channel_shared',
      'member_joined_channel',
      'message/channel_join',
    ]);
    await carl.post(deal, 'Hello', { files: [{ name: 'a.txt', mimetype: 'text/plain', content: 'a' }] });
    await bare.sandbox.traffic.settled();
    expect(bare.received.at(-1)?.body).toMatchObject({
      team_id: 'T0ACMECORP',
      context_team_id: bare.sandbox.teamId,
      is_ext_shared_channel: true,
      authorizations: [{ team_id: bare.sandbox.teamId }],
      event: { user: carl.id, user_team: 'T0ACMECORP', files: [{ file_access: 'check_file_info' }] },
    });
    await events();
    await anna.unshare(deal, carl);
    expect(await events()).toEqual(['channel_unshared']);
    expect(deal.has(carl.id)).toBe(false);
  });

  test('people and user groups', async () => {
    const { workspace, people } = bare.sandbox;
    const eva = workspace.addPerson({ handle: 'eva', realName: 'Eva Novak' });
    workspace.changePerson(eva, { title: 'Gardener' });
    workspace.setUserGroupMembers('support-team', [people.oleg, eva]);
    workspace.createUserGroup('gardeners', 'Gardeners', [eva]);
    workspace.changeUserGroup('gardeners', { disabled: true });
    expect(await events()).toEqual([
      'subteam_created',
      'subteam_members_changed',
      'subteam_updated',
      'subteam_updated',
      'team_join',
      'user_change',
    ]);
  });
});

describe('the app’s calls', () => {
  test('private channels do not exist for it before it is invited', async () => {
    const leadership = bare.sandbox.channel('leadership').id;
    for (const method of [
      'conversations.info',
      'conversations.members',
      'conversations.history',
      'conversations.join',
    ]) {
      expect((await bare.call(method, { channel: leadership })).error).toBe('channel_not_found');
    }
    expect(await bare.call('chat.postMessage', { channel: leadership, text: 'x' })).toMatchObject({
      error: 'channel_not_found',
    });
    const { channels } = (await bare.call('conversations.list', {
      types: 'public_channel,private_channel',
    })) as unknown as {
      channels: { name: string }[];
    };
    expect(channels.map((channel) => channel.name)).toEqual(['general', 'team-lunch', 'acme-project']);
  });

  test('posting needs membership; an ephemeral message needs a member to read it', async () => {
    const { anna, emma, sam } = bare.sandbox.people;
    const general = bare.sandbox.channel('general');
    const lunch = bare.sandbox.channel('team-lunch');
    expect((await bare.call('chat.postMessage', { channel: general.id, text: 'x' })).error).toBe('not_in_channel');
    await anna.invite(lunch, 'app');
    const ephemeral = (user: string) => bare.call('chat.postEphemeral', { channel: lunch.id, user, text: 'only you' });
    expect((await ephemeral(sam.id)).error).toBe('user_not_in_channel');
    expect(await ephemeral(emma.id)).toMatchObject({ ok: true });
    expect(emma.ephemerals(lunch).map((message) => message.text)).toEqual(['only you']);
    expect(anna.sees(lunch).some((message) => message.text === 'only you')).toBe(false);
  });

  test('its own messages only can be changed, and keep their blocks', async () => {
    const { anna } = bare.sandbox.people;
    const general = bare.sandbox.channel('general');
    await anna.invite(general, 'app');
    const theirs = await anna.post(general, 'mine');
    const at = (ts: string) => ({ channel: general.id, ts });
    expect((await bare.call('chat.update', { ...at(theirs.ts), text: 'x' })).error).toBe('cant_update_message');
    expect((await bare.call('chat.delete', at(theirs.ts))).error).toBe('cant_delete_message');
    const blocks = [{ type: 'section', text: { type: 'mrkdwn', text: 'kept' } }];
    const posted = await bare.call('chat.postMessage', { channel: general.id, text: 'old', blocks });
    const ts = String(posted.ts);
    expect(await bare.call('chat.update', { ...at(ts), text: 'new' })).toMatchObject({ ok: true, text: 'new' });
    expect(general.messagesOfApp().at(-1)?.texts()).toEqual(['kept']);
    expect((await bare.call('chat.update', { ...at('1.000001'), text: 'x' })).error).toBe('message_not_found');
  });

  test('metadata comes back when asked for', async () => {
    const { anna } = bare.sandbox.people;
    const general = bare.sandbox.channel('general');
    await anna.invite(general, 'app');
    const metadata = { event_type: 'sold', event_payload: { id: 'x' } };
    await bare.call('chat.postMessage', { channel: general.id, text: 'Sold', metadata });
    const history = (all: boolean) =>
      bare.call('conversations.history', { channel: general.id, limit: 1, include_all_metadata: all });
    expect(await history(true)).toMatchObject({ messages: [{ text: 'Sold', metadata }], has_more: true });
    expect(JSON.stringify(await history(false))).not.toContain('sold');
  });

  test('tokens, unknown methods, scopes, pages', async () => {
    expect((await bare.call('auth.test', {}, 'xoxb-wrong')).error).toBe('invalid_auth');
    expect((await bare.call('auth.test', {}, bare.sandbox.appToken)).error).toBe('not_allowed_token_type');
    expect((await bare.call('chat.sing')).error).toBe('unknown_method');
    expect(await bare.call('conversations.list', { types: 'im' })).toMatchObject({
      error: 'missing_scope',
      needed: 'im:read',
    });
    expect((await bare.call('reactions.add')).error).toBe('missing_scope');
    expect((await bare.call('conversations.info')).error).toBe('invalid_arguments');
    const first = await bare.call('users.list', { limit: 5 });
    const { next_cursor: cursor } = first.response_metadata as { next_cursor: string };
    const second = await bare.call('users.list', { limit: 5, cursor });
    const names = [first, second].flatMap((page) => (page.members as { name: string }[]).map((user) => user.name));
    expect(names).toEqual(['anna', 'oleg', 'olga', 'rita', 'sam', 'gina', 'carl', 'emma', 'florist']);
    expect(second.response_metadata).toEqual({ next_cursor: '' });
  });

  test('a locale is shown only if requested', async () => {
    const { rita } = bare.sandbox.people;
    expect((await bare.call('users.info', { user: rita.id })).user).not.toHaveProperty('locale');
    expect(await bare.call('users.info', { user: rita.id, include_locale: true })).toMatchObject({
      user: { locale: 'ru-RU', tz: 'Europe/Moscow' },
    });
    const { members } = await bare.call('users.list', { include_locale: true });
    expect((members as { locale: string }[]).map(({ locale }) => locale)).toContain('ru-RU');
  });

  test('guests and outsiders look as Slack shows them', async () => {
    const { gina, carl } = bare.sandbox.people;
    expect(await bare.call('users.info', { user: gina.id })).toMatchObject({
      user: { team_id: bare.sandbox.teamId, is_restricted: true, is_ultra_restricted: false },
    });
    const shown = (await bare.call('users.info', { user: carl.id })) as unknown as { user: Record<string, unknown> };
    expect(shown.user).toMatchObject({
      team_id: 'T0ACMECORP',
      is_stranger: false,
      profile: { email: carl.record.email },
    });
    expect(shown.user).not.toHaveProperty('is_restricted');
    bare.sandbox.workspace.changePerson(carl, { hidesContact: true });
    const hidden = (await bare.call('users.info', { user: carl.id })) as unknown as { user: { profile: object } };
    expect(hidden.user.profile).not.toHaveProperty('email');
  });

  test('one message per second and channel, if so configured', async () => {
    await bare.stop();
    bare = await startBareApp(() => ({}), { postIntervalMs: 1000, now: () => 1_790_000_000_000 });
    const general = bare.sandbox.channel('general').id;
    await bare.sandbox.people.anna.invite(general, 'app');
    const post = () => bare.call('chat.postMessage', { channel: general, text: 'x' });
    expect((await post()).ok).toBe(true);
    expect((await post()).error).toBe('ratelimited');
    expect(bare.sandbox.traffic.calls.at(-1)?.status).toBe(429);
    expect(bare.sandbox.violations).toEqual([]);
  });

  test('calls per minute are limited by each method’s tier, if so configured', async () => {
    await bare.stop();
    let now = 1_790_000_000_000;
    bare = await startBareApp(() => ({}), { rateLimits: true, now: () => now });
    const call = async (method: string) => (await bare.call(method)).error ?? 'ok';
    const answers = [];
    for (let nth = 0; nth < 21; nth += 1) answers.push(await call('usergroups.list'));
    expect(answers).toEqual([...Array.from({ length: 20 }, () => 'ok'), 'ratelimited']);
    expect(bare.sandbox.traffic.calls.at(-1)?.status).toBe(429);
    expect(await call('users.list')).toBe('ok');
    now += 60_000;
    expect(await call('usergroups.list')).toBe('ok');
    expect(bare.sandbox.violations).toEqual([]);
  });

  test('a revoked token is refused, and taken again', async () => {
    const { workspace } = bare.sandbox;
    await workspace.revokeToken({ isTold: false });
    expect((await bare.call('auth.test')).error).toBe('token_revoked');
    await workspace.uninstallApp();
    expect((await bare.call('auth.test')).error).toBe('account_inactive');
    workspace.restoreToken();
    expect((await bare.call('auth.test')).ok).toBe(true);
    expect(bare.sandbox.violations).toEqual([]);
  });

  test('planned faults', async () => {
    const { faults } = bare.sandbox;
    faults.rateLimit('users.info', { retryAfterSeconds: 7 });
    const limited = await fetch(`${bare.sandbox.apiUrl}users.info`, {
      headers: { authorization: `Bearer ${bare.sandbox.botToken}` },
    });
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '7']);
    faults.error('auth.test', 'account_inactive');
    expect((await bare.call('auth.test')).error).toBe('account_inactive');
    expect((await bare.call('auth.test')).ok).toBe(true);
    expect(bare.sandbox.violations).toEqual([]);
  });
});
