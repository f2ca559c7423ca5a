import { afterEach, expect, test } from 'vitest';
import { stringifyJson } from '../../src/json.ts';
import { starts } from '../../src/starts/tables.ts';
import { end, flow, job, process, start, userTask } from '../engines/diagram-builder.ts';
import { writeFolder } from '../engines/embedded-world.ts';
import { startWorld, type World } from '../helpers/kickoff.ts';
import { setUpLiveChat } from '../helpers/set-up-live-chat.ts';

/** A 64-bit id such as databases create; a JavaScript number would round it to …251000. */
const id = '7615917337495251231';
const order = '9007199254740993';

let world: World;
afterEach(() => world.close());

const form = (name: string, components: object[]) =>
  stringifyJson({ type: 'default', id: name, schemaVersion: 18, components });

const post = (name: string, path: string, body: string, headers = {}) =>
  job(name, {
    type: 'io.camunda:http-json:1',
    headers,
    inputs: { method: 'POST', url: `{{secrets.CRM_URL}}${path}`, body },
  });

const writeOrderProcess = () =>
  writeFolder({
    'order.form': form('order', [
      // Modeler saves the limits of a number field as text or as numbers.
      { type: 'number', key: 'order', label: 'Order', validate: { min: order, max: BigInt(order) + 2n } },
    ]),
    'check.form': form('check', [
      { type: 'text', text: 'Customer {{id}}' },
      { type: 'number', key: 'id', label: 'Customer' },
      { type: 'select', key: 'item', label: 'Item', valuesKey: 'items' },
    ]),
    'order.bpmn': process(
      [
        start('start', { form: 'order' }),
        post('ask', '/ask', '={order: order}', {
          resultExpression: '={id: response.body.id, items: response.body.items, whole: response.body}',
        }),
        userTask('check', { form: 'check', name: 'Check it' }),
        post('tell', '/tell', '={id: id, item: item, whole: whole}'),
        job('answer', { type: 'live-chat:send-response', inputs: { text: '=id' } }),
        end(),
        flow('start -> ask -> check -> tell -> answer -> end'),
      ],
      { id: 'order', name: 'Order' },
    ),
  });

test('whole numbers beyond 2^53 stay exact in forms, requests, answers, the database and options', async () => {
  world = await startWorld({ environment: { PROCESSES_DIR: await writeOrderProcess() } });
  await setUpLiveChat(world);
  const { anna, oleg, carl } = world.sandbox.people;
  const channel = await anna.createChannel('support-acme', { sharedWith: 'Acme' });
  for (const person of [oleg, carl]) await anna.invite(channel, person);
  const question = await carl.post(channel, 'Where is my order?');
  await world.quiet();
  const answered = `{"id":${id},"rate":0.1,"items":[${order},{"label":"Chair","value":-${id}}]}`;
  world.crm.answer(answered);

  await oleg.shortcut('start_process', question);
  const modal = await oleg.modalShown('Start business process');
  await modal.choose('Business process', 'Order');
  await modal.submit();
  await modal.shows('Order');
  await modal.fill('Order', '9007199254740992');
  expect((await modal.submit()).errors).toEqual({ Order: expect.stringContaining('9,007,199,254,740,993') });
  await modal.fill('Order', order);
  await modal.submit();
  await modal.shows(`Customer ${id}`);
  expect(modal.field('Customer').value).toBe(id);
  await modal.choose('Item', 'Chair');
  await modal.submit();
  await world.quiet();

  expect(world.crm.requests.map(({ path, text }) => `${path} ${text}`)).toEqual([
    `/ask {"order":${order}}`,
    `/tell {"id":${id},"item":-${id},"whole":${answered}}`,
  ]);
  expect(channel.messagesOfApp().map(({ text }) => text)).toEqual([id]);
  const [stored] = await world.database.db.select().from(starts);
  expect(stored?.variables).toMatchObject({ order: BigInt(order) });
});
