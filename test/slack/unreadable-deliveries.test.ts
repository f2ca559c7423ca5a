import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Channel } from '../../sandbox/driver/channel.ts';
import type { JsonObject } from '../../sandbox/json.ts';
import { getMessageRecord } from '../../src/intake/message-trace.ts';
import { getSessionByChannel } from '../../src/sessions/queries.ts';
import { homes } from '../../src/slack/home/tables.ts';
import { deliveryModes, startWorld, type World } from '../helpers/kickoff.ts';
import { setUpLiveChat } from '../helpers/set-up-live-chat.ts';

describe.each(deliveryModes)('%s', (mode) => {
  let world: World;
  let channel: Channel;
  let count = 0;
  beforeAll(async () => {
    world = await startWorld({ mode });
    const { anna } = world.sandbox.people;
    await setUpLiveChat(world, {});
    channel = await anna.createChannel('support-odd');
    await world.quiet();
  });
  afterAll(() => world.close());
  let from = 0;
  afterEach(() => {
    from = world.log.length;
  });

  const warnings = () =>
    world.log
      .slice(from)
      .filter(({ level }) => level >= 40)
      .map(({ level, msg, field }) => ({ level, msg, ...(field ? { field } : {}) }));
  const unreadable = (field?: string) => [
    { level: 40, msg: 'malformed delivery is ignored', ...(field ? { field } : {}) },
  ];
  const deep = (levels: number): JsonObject => (levels === 0 ? {} : { deeper: deep(levels - 1) });

  const message = () => {
    count += 1;
    return {
      type: 'message',
      channel: channel.id,
      channel_type: 'channel',
      user: world.sandbox.people.gina.id,
      text: `Miracle ${count}`,
      ts: `19000000${String(count).padStart(2, '0')}.000100`,
    };
  };

  describe('events', () => {
    test.each<[string, (event: JsonObject) => JsonObject, string]>([
      ['a message without a channel', ({ channel: _, ...event }) => event, 'channel'],
      ['a message in a channel that is a number', (event) => ({ ...event, channel: 1 }), 'channel'],
      ['a message in a channel that is no id', (event) => ({ ...event, channel: 'C1\u0000' }), 'channel'],
      ['a message of a user that is a list', (event) => ({ ...event, user: [] }), 'user'],
      ['a message without a time', ({ ts: _, ...event }) => event, 'ts'],
      ['a message at no time', (event) => ({ ...event, ts: 'now' }), 'ts'],
      ['a message in the year 33658', (event) => ({ ...event, ts: '999999999999.000000' }), 'ts'],
      [
        'a channel without a name',
        () => ({ type: 'channel_created', channel: { id: 'C1', created: 1 } }),
        'channel.name',
      ],
      [
        'a channel of no time',
        () => ({ type: 'channel_created', channel: { id: 'C1', name: 'x' } }),
        'channel.created',
      ],
      ['a channel that is null', () => ({ type: 'channel_rename', channel: null }), 'channel'],
      ['a person without an id', () => ({ type: 'user_change', user: {} }), 'user.id'],
      ['a Home tab of nobody', () => ({ type: 'app_home_opened', tab: 'home' }), 'user'],
    ])('%s is acknowledged once, with one warning', async (_, change, field) => {
      const { attempts, acknowledged } = await world.sandbox.faults.deliver(change(message()));
      expect([acknowledged, attempts.length]).toEqual([true, 1]);
      expect(warnings()).toEqual(unreadable(field));
      expect(JSON.stringify(world.log.slice(from))).not.toContain('Miracle');
    });

    test.each<[string, (event: JsonObject) => JsonObject]>([
      ['an envelope with a foreign id', (event) => ({ type: 'event_callback', event_id: 'E\u0000', event })],
      ['authorizations that are none', (event) => ({ type: 'event_callback', authorizations: [1], event })],
      ['a team that is none', (event) => ({ type: 'event_callback', team_id: 1, event })],
      ['an event without a type', (event) => ({ type: 'event_callback', event: { ...event, type: 1 } })],
      ['an event that is too deep', (event) => ({ type: 'event_callback', event: { ...event, blocks: deep(2000) } })],
    ])('%s is acknowledged once, with one warning', async (_, bodyOf) => {
      const { attempts, acknowledged } = await world.sandbox.faults.deliver(bodyOf(message()));
      expect([acknowledged, attempts.length]).toEqual([true, 1]);
      expect(warnings()).toEqual(unreadable());
    });

    test('a Home tab of somebody whom Slack does not know is acknowledged once, with one warning', async () => {
      const opened = { type: 'app_home_opened', user: 'U0NOBODY001', tab: 'home' };
      const { attempts, acknowledged } = await world.sandbox.faults.deliver(opened);
      expect([acknowledged, attempts.length]).toEqual([true, 1]);
      expect(warnings()).toEqual([{ level: 40, msg: 'a Home tab was opened by an unknown user' }]);
      await world.quiet();
      expect(await world.database.db.select().from(homes).where(eq(homes.userId, opened.user))).toEqual([]);
      // These are Slack's errors for people whom it does not know.
      const refused = world.sandbox.violations.splice(0).map(({ error }) => error);
      expect(new Set(refused)).toEqual(new Set(['user_not_found']));
    });

    test.each(['constructor', '__proto__', 'toString', 'unheard_of'])(
      'an event of the type %s has no effect',
      async (type) => {
        expect((await world.sandbox.faults.deliver({ type: 'event_callback', event: { type } })).acknowledged).toBe(
          true,
        );
        expect(warnings()).toEqual([]);
      },
    );

    test.each<[string, JsonObject]>([
      ['text', { text: { a: 1 } }],
      ['files', { files: [{ name: [] }, null] }],
      ['profile', { bot_profile: 'x' }],
    ])('a message whose %s cannot be read counts without it, and Why knows it', async (_, odd) => {
      const event = { ...message(), ...odd };
      expect((await world.sandbox.faults.deliver(event)).acknowledged).toBe(true);
      expect(warnings()).toEqual([]);
      const { db } = world.database;
      const session = await getSessionByChannel(db, world.sandbox.teamId, channel.id);
      expect(await getMessageRecord(db, session?.id ?? '', event.ts)).toMatchObject({ author: 'client' });
    });
  });

  describe('interactions', () => {
    const user = () => ({ id: world.sandbox.people.oleg.id });
    const view = {
      id: 'V1',
      type: 'modal',
      callback_id: 'start_process',
      private_metadata: '',
      hash: '1',
      title: { text: 'A' },
      blocks: [],
    };
    test.each<[string, () => JsonObject, unknown]>([
      ['a click of nobody', () => ({ type: 'block_actions', trigger_id: '1', actions: [] }), undefined],
      ['a click on nothing', () => ({ type: 'block_actions', user: user(), trigger_id: '1', actions: [] }), undefined],
      ['a click on a list', () => ({ type: 'block_actions', user: user(), trigger_id: '1', actions: [[]] }), undefined],
      ['a shortcut without a message', () => ({ type: 'message_action', user: user(), callback_id: 'why' }), undefined],
      [
        'a click that is an event too',
        () => ({
          type: 'block_actions',
          user: user(),
          actions: [{ type: 'button', action_id: 'open_task', value: '1' }],
          event: 'message',
        }),
        undefined,
      ],
      ['a kind that nobody knows', () => ({ type: 'miracle', user: user() }), undefined],
      [
        'a modal without a view',
        () => ({ type: 'view_submission', user: user() }),
        { response_action: 'update', view: expect.anything() },
      ],
      [
        'a modal with a state that is a list',
        () => ({ type: 'view_submission', user: user(), view: { ...view, state: { values: { a: [1] } } } }),
        { response_action: 'update', view: expect.anything() },
      ],
      ['a search that says nothing', () => ({ type: 'block_suggestion', user: user() }), { options: [] }],
      [
        'a command of nobody',
        () => ({ command: '/livechat-config', text: 'x' }),
        { response_type: 'ephemeral', text: expect.stringContaining('did not understand') },
      ],
    ])('%s is refused at once, with one warning', async (_, bodyOf, answer) => {
      const outcome = await world.sandbox.faults.deliverInteraction(bodyOf());
      expect(outcome.acknowledged).toBe(true);
      expect(outcome.answer ?? undefined).toEqual(answer);
      expect(outcome.attempts[0]?.latencyMs).toBeLessThan(1000);
      expect(warnings()).toEqual(unreadable());
    });

    test.each<[string, () => JsonObject]>([
      [
        'a button',
        () => ({
          type: 'block_actions',
          user: user(),
          trigger_id: '1',
          actions: [{ type: 'button', action_id: 'constructor', block_id: 'x' }],
        }),
      ],
      ['a modal', () => ({ type: 'view_submission', user: user(), view: { ...view, callback_id: 'gone' } })],
      [
        'a command',
        () => ({ command: '/gone', user_id: user().id, channel_id: channel.id, trigger_id: '1', text: '' }),
      ],
    ])('%s that nothing listens to is answered at once', async (_, bodyOf) => {
      const outcome = await world.sandbox.faults.deliverInteraction(bodyOf());
      if (outcome.reason === 'no_request_url') return;
      expect(outcome.acknowledged).toBe(true);
      expect(outcome.attempts[0]?.latencyMs).toBeLessThan(1000);
      expect(warnings()).toEqual([{ level: 40, msg: 'an interaction has no handler' }]);
    });
  });
});
