import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Channel } from '../../sandbox/driver/channel.ts';
import * as b from '../engines/diagram-builder.ts';
import { writeFolder } from '../engines/embedded-world.ts';
import { clientChannel } from '../helpers/client-channel.ts';
import { startWorld, type World } from '../helpers/kickoff.ts';
import { setUpLiveChat } from '../helpers/set-up-live-chat.ts';

const form = JSON.stringify({
  type: 'default',
  id: 'order',
  schemaVersion: 19,
  components: [
    {
      type: 'dynamiclist',
      label: 'Goods',
      path: 'goods',
      isRepeating: true,
      allowAddRemove: true,
      defaultRepetitions: 1,
      components: [{ type: 'textfield', key: 'name', label: 'Product', validate: { required: true } }],
    },
  ],
});

/** Reports the number and names of the ordered goods to the CRM. */
const order = b.process(
  [
    b.start('start', { form: 'order' }),
    b.job('send', {
      type: 'io.camunda:http-json:1',
      inputs: { method: 'POST', url: '{{secrets.CRM_URL}}/orders', body: '={count: count(goods), names: goods.name}' },
    }),
    b.end(),
    b.flow('start -> send -> end'),
  ],
  { id: 'order', name: 'Order goods' },
);

let world: World;
let channel: Channel;
afterEach(() => world.close());
beforeEach(async () => {
  world = await startWorld({ environment: { PROCESSES_DIR: await writeFolder({ 'o.form': form, 'o.bpmn': order }) } });
  await setUpLiveChat(world, { bindings: { 'Message received': { process: 'Order goods' } } });
  channel = await clientChannel(world, 'support-acme');
});

test('a list in a start form is empty if an event starts the process', async () => {
  await world.sandbox.people.gina.post(channel, 'Two chairs, please');
  await world.quiet();
  expect(world.crm.requests.map(({ body }) => body)).toEqual([{ count: 0, names: [] }]);
});

test('entries that an operator adds are passed to the process', async () => {
  const { gina, oleg } = world.sandbox.people;
  const message = await gina.post(channel, 'Two chairs, please');
  await world.quiet();
  await oleg.shortcut('start_process', message);
  const modal = await oleg.modalShown('Start business process');
  await modal.choose('Business process', 'Order goods');
  await modal.submit();
  await modal.shows('Entry 1');
  await modal.click('Add an entry');
  await modal.shows('Entry 2');
  await modal.fill('Product', 'Chair', { under: 'Entry 1' });
  await modal.fill('Product', 'Table', { under: 'Entry 2' });
  await modal.submit();
  await modal.shows('has completed');
  expect(world.crm.requests.at(-1)?.body).toEqual({ count: 2, names: ['Chair', 'Table'] });
});
