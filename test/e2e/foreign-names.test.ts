import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { selectRows } from '../../src/db/query.ts';
import { homes } from '../../src/slack/home/tables.ts';
import { end, flow, job, process, start } from '../engines/diagram-builder.ts';
import { writeFolder } from '../engines/embedded-world.ts';
import { anyDeliveryMode, startWorld, type World } from '../helpers/kickoff.ts';
import { setUpLiveChat } from '../helpers/set-up-live-chat.ts';

const inherited = ['constructor', 'hasOwnProperty', 'toString'];

const post = (id: string, body: string, headers = {}) =>
  job(id, {
    type: 'io.camunda:http-json:1',
    headers,
    inputs: { method: 'POST', url: '{{secrets.CRM_URL}}/note', body },
  });

/** A process whose fields are named like properties of every object; the last one is required. */
const writeProcess = () =>
  writeFolder({
    'names.form': JSON.stringify({
      id: 'names',
      type: 'default',
      components: inherited.map((key) => ({
        type: 'textfield',
        key,
        label: `Field ${key}`,
        validate: { required: key === 'toString' },
      })),
    }),
    'names.bpmn': process(
      [
        start('start', { form: 'names' }),
        post('ask', '={constructor: constructor, hasOwnProperty: hasOwnProperty, toString: toString}', {
          resultExpression: '=response.body',
        }),
        post('tell', '={constructor: constructor, hasOwnProperty: hasOwnProperty, toString: toString}'),
        end(),
        flow('start -> ask -> tell -> end'),
      ],
      { id: 'names', name: 'Names' },
    ),
  });

let world: World;
afterEach(() => world.close());

test('form fields and variables can have names such as constructor', async () => {
  world = await startWorld({ environment: { PROCESSES_DIR: await writeProcess() } });
  await setUpLiveChat(world);
  const { anna, oleg, carl } = world.sandbox.people;
  const channel = await anna.createChannel('support-acme', { sharedWith: 'Acme' });
  for (const person of [oleg, carl]) await anna.invite(channel, person);
  const question = await carl.post(channel, 'Hello');
  await world.quiet();
  world.crm.answer('{"__proto__": {"constructor": "wrong"}, "hasOwnProperty": "answered"}');
  await oleg.shortcut('start_process', question);
  const modal = await oleg.modalShown('Start business process');
  await modal.choose('Business process', 'Names');
  await modal.submit();
  await modal.shows('Field constructor');
  expect(modal.fields().map(({ value }) => value)).toEqual(['', '', '']);
  await modal.fill('Field toString', 'entered');
  await modal.submit();
  await world.quiet();
  expect(world.crm.requests.map(({ body }) => body)).toEqual([
    { constructor: null, hasOwnProperty: null, toString: 'entered' },
    { constructor: null, hasOwnProperty: 'answered', toString: 'entered' },
  ]);
  const kept = sql`select state::text like '%"__proto__": {"constructor": "wrong"}%' as "isKept" from engine_instances`;
  expect(await selectRows(world.database.db, kept)).toEqual([{ isKept: true }]);
});

describe.each(anyDeliveryMode)('a delivery (%s)', (mode) => {
  let count = 0;
  const deliver = (event: object, envelope: object = {}) =>
    world.sandbox.faults.deliver({
      type: 'event_callback',
      event_id: `Ev${++count}`,
      team_id: world.sandbox.teamId,
      api_app_id: 'A1',
      event: { event_ts: '1800000000.000100', ...event },
      ...envelope,
    });
  beforeEach(async () => {
    world = await startWorld({ mode });
  });

  test.each([...inherited, '__proto__', 'no_such_event'])('of an event called %s does nothing', async (type) => {
    expect((await deliver({ type })).acknowledged).toBe(true);
    expect(world.log.filter(({ level }) => level >= 40)).toEqual([]);
  });

  test('with an invalid id or time is not accepted, and not redelivered', async () => {
    await setUpLiveChat(world);
    const { emma } = world.sandbox.people;
    const message = { type: 'message', channel: 'C0ACME', channel_type: 'channel', user: 'U0EMMA', text: 'Hi' };
    const malformed = [
      [{ type: 'app_home_opened', user: `${emma.id}\0`, channel: 'D1', tab: 'home' }],
      [{ type: 'app_home_opened', user: { id: '<!channel>' }, channel: 'D1', tab: 'home' }],
      [{ ...message, channel: "C0ACME' or 1=1", ts: '1800000000.000200' }],
      [{ ...message, user: 'u'.repeat(33), ts: '1800000000.000200' }],
      [{ ...message, ts: 'now' }],
      [{ type: 'channel_archive', channel: { id: '' } }],
      [{ ...message, ts: '1800000000.000200' }, { event_id: 'Ev\0' }],
    ] as const;
    for (const [event, envelope] of malformed) {
      expect((await deliver(event, envelope)).acknowledged, JSON.stringify(event)).toBe(true);
    }
    const warnings = world.log.filter(({ level }) => level >= 40);
    expect(warnings.map(({ msg }) => msg)).toEqual(malformed.map(() => 'malformed delivery is ignored'));
    expect(await world.database.db.select().from(homes)).toEqual([]);
    await (await emma.openHome()).shows('My tasks');
  });
});
