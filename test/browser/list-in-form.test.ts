import { expect, test } from 'vitest';
import * as b from '../engines/diagram-builder.ts';
import { writeFolder } from '../engines/embedded-world.ts';
import { takePicture } from './helpers/take-picture.ts';
import { workspaceInBrowser } from './helpers/workspace-in-browser.ts';

/** `start` is the process's form; its task shows what was ordered. */
const forms = {
  order: {
    type: 'dynamiclist',
    label: 'Goods',
    path: 'goods',
    isRepeating: true,
    allowAddRemove: true,
    defaultRepetitions: 1,
    components: [{ type: 'textfield', key: 'name', label: 'Product {{i[1]}}', validate: { required: true } }],
  },
  ordered: { type: 'text', text: 'Ordered: {{string join(goods.name, " and ")}}' },
};

const formFile = (id: 'order' | 'ordered') =>
  JSON.stringify({ type: 'default', id, schemaVersion: 19, components: [forms[id]] });

const diagram = b.process(
  [
    b.start('start', { form: 'order' }),
    b.userTask('check', { name: 'Check order', form: 'ordered' }),
    b.end(),
    b.flow('start -> check -> end'),
  ],
  { id: 'goods', name: 'Order goods' },
);

const world = workspaceInBrowser({
  environment: async () => ({
    PROCESSES_DIR: await writeFolder({
      'order.form': formFile('order'),
      'ordered.form': formFile('ordered'),
      'goods.bpmn': diagram,
    }),
  }),
});

test('entries of a list are added and removed in the modal, and the others keep their typed values', async () => {
  const { slack } = world;
  await slack.actAs('Carl');
  await slack.openChannel('support-acme');
  await slack.say('A table, please');
  await slack.actAs('Oleg');
  await slack.openChannel('support-acme');
  await slack.shortcut(slack.message('A table, please'), 'Start business process');
  await slack.modalTitled('Start business process');
  await slack.choose('Business process', 'Order goods');
  await slack.press('Start');
  const modal = await slack.modalTitled('Order goods');
  await slack.fill('Product 1', 'Chair');
  await slack.press('Add an entry');
  await slack.fill('Product 2', 'Table');
  await slack.press('Add an entry');
  await slack.fill('Product 3', 'Lamp');
  await modal.getByRole('button', { name: 'Remove' }).nth(1).click();
  await modal.getByLabel('Product 3').waitFor({ state: 'detached' });
  expect(await modal.getByLabel('Product 1').inputValue()).toBe('Chair');
  expect(await modal.getByLabel('Product 2').inputValue()).toBe('Lamp');
  await takePicture(slack.page, 'list-in-form');
  await slack.press('Start');
  await (await slack.modalTitled('Check order')).getByText('Ordered: Chair and Lamp').waitFor();
});
