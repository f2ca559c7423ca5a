import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ModalDriver } from '../../../sandbox/driver/modal.ts';
import { valueAt } from '../../../src/processes/form-path.ts';
import { type FormWorld, openFormWorld } from './form-world.ts';

let world: FormWorld;
beforeAll(async () => {
  world = await openFormWorld();
});
afterAll(() => world.office.close());

const labels = (modal: ModalDriver) => modal.fields().map(({ label }) => label);
const shown = (modal: ModalDriver) => modal.texts().join('\n');
const add = (modal: ModalDriver) => modal.click('Add an entry');
const remove = (modal: ModalDriver, entry: number) => modal.click('Remove', { near: `Entry ${entry}` });
/** Waits until a text is no longer in the modal. */
const hides = (modal: ModalDriver, text: string) =>
  world.office.sandbox.traffic.until(() => !shown(modal).includes(text));
const variables = { client: 'Carl', price: 10, stock: 9 };

describe('a list in the form of a task', () => {
  test('starts with as many entries as the form says, and is submitted as a list', async () => {
    const modal = await world.openTask('list', variables);
    expect(labels(modal)).toEqual(['Collected by the client', 'Product 1', 'Count', 'Gift', 'Street', 'Street']);
    expect(shown(modal)).toContain('Goods of Carl');
    await modal.fill('Product 1', 'Chair');
    await modal.fill('Count', 3);
    await modal.submit();
    expect(world.submitted()).toEqual({
      collected: false,
      order: { goods: [{ name: 'Chair', count: 3, gift: false, sum: 30 }] },
      addresses: [{ street: null }, { street: null }],
    });
  });

  test('an entry is added below the others, which keep what was entered', async () => {
    const modal = await world.openTask('list', variables);
    await modal.fill('Product 1', 'Chair');
    await add(modal);
    await modal.shows('Sum: 20');
    expect(modal.field('Product 1').value).toBe('Chair');
    await modal.fill('Product 2', 'Table');
    await modal.fill('Count', 4, { under: 'Entry 2' });
    await modal.submit();
    expect(world.submitted()?.order).toEqual({
      goods: [
        { name: 'Chair', count: 1, gift: false, sum: 10 },
        { name: 'Table', count: 4, gift: false, sum: 40 },
      ],
    });
  });

  test('removing an entry does not affect the others', async () => {
    const goods = ['Chair', 'Table', 'Lamp'].map((name, at) => ({ name, count: at + 1, note: `Note on ${name}` }));
    const modal = await world.openTask('list', { ...variables, order: { goods } });
    await modal.fill('Product 3', 'Big lamp');
    await remove(modal, 2);
    await modal.shows('Sum: 40');
    expect(modal.field('Product 2').value).toBe('Big lamp');
    expect(shown(modal)).toMatch(/Note on Chair[\s\S]*Note on Lamp/);
    expect(shown(modal)).not.toContain('Note on Table');
    await add(modal);
    await modal.shows('Entry 3');
    expect(modal.field('Product 3').value).toBe('');
    await modal.fill('Product 3', 'Bed');
    await modal.submit();
    expect(world.submitted()?.order).toMatchObject({
      goods: [
        { name: 'Chair', count: 1 },
        { name: 'Big lamp', count: 3 },
        { name: 'Bed', count: 1 },
      ],
    });
  });

  test('two entries are removed by two clicks, the second of which came before the modal had changed', async () => {
    const goods = ['Chair', 'Table', 'Lamp'].map((name) => ({ name }));
    const modal = await world.openTask('list', { ...variables, order: { goods } });
    await remove(modal, 1);
    await world.clickAgain((click) => {
      click.value = click.value.replace(/:0$/, ':1');
    });
    await world.office.sandbox.traffic.until(() => modal.field('Product 1').value === 'Lamp');
    expect(labels(modal)).not.toContain('Product 2');
    await add(modal);
    await modal.shows('Sum: 20');
    await modal.fill('Product 2', 'Bed');
    await modal.submit();
    expect(world.submitted()?.order).toMatchObject({ goods: [{ name: 'Lamp' }, { name: 'Bed' }] });
  });

  test('two entries are added by two clicks, the second of which came before the modal had changed', async () => {
    const modal = await world.openTask('list', variables);
    await add(modal);
    await world.clickAgain(() => {});
    await modal.shows('Entry 3');
    expect(labels(modal).filter((label) => label.startsWith('Product'))).toHaveLength(3);
  });

  test('all entries can be removed: an empty list is submitted', async () => {
    const modal = await world.openTask('list', { ...variables, order: { goods: [{ name: 'Chair' }], other: 1 } });
    await remove(modal, 1);
    await hides(modal, 'Product 1');
    expect(labels(modal)).toEqual(['Collected by the client', 'Street', 'Street']);
    await modal.submit();
    expect(world.submitted()?.order).toEqual({ goods: [] });
  });

  test('each entry is checked separately, at its own field', async () => {
    const modal = await world.openTask('list', { ...variables, order: { goods: [{ name: 'Chair' }, {}] } });
    await modal.fill('Count', 10, { under: 'Entry 1' });
    expect((await modal.submit()).errors).toEqual({ Count: expect.anything(), 'Product 2': expect.anything() });
    expect(modal.fields().map(({ error }) => error !== undefined)).toEqual([
      false,
      false,
      true,
      false,
      true,
      false,
      false,
      false,
      false,
    ]);
  });

  test('a condition within an entry sees that entry', async () => {
    const modal = await world.openTask('list', {
      ...variables,
      order: { goods: [{ name: 'Chair' }, { name: 'Bed' }] },
    });
    await modal.choose('Gift', 'Yes', { under: 'Entry 2' });
    await modal.shows('Text of the card');
    expect(labels(modal).slice(4, 8)).toEqual(['Product 2', 'Count', 'Gift', 'Text of the card']);
    expect((await modal.submit()).errors).toEqual({ 'Text of the card': expect.anything() });
    await modal.fill('Text of the card', 'Be happy');
    await modal.submit();
    expect(world.submitted()?.order).toEqual({
      goods: [
        { name: 'Chair', count: 1, gift: false, sum: 10 },
        { name: 'Bed', count: 1, gift: true, card: { text: 'Be happy' }, sum: 10 },
      ],
    });
  });

  test('five entries fit; a text about the sixth replaces the button', async () => {
    const modal = await world.openTask('list', { ...variables, addresses: [] });
    for (const count of [2, 3, 4, 5]) {
      await add(modal);
      await modal.shows(`Entry ${count}`);
    }
    expect(modal.buttons()).not.toContain('Add an entry');
    expect(shown(modal)).toContain('There is no room for more than 5 entries.');
    await remove(modal, 5);
    await modal.shows('Sum: 40');
    expect(modal.buttons()).toContain('Add an entry');
  });

  test('entries of a longer list that are not shown stay unchanged, and move up when there is room', async () => {
    const goods = [1, 2, 3, 4, 5, 6, 7].map((number) => ({ name: `Product no. ${number}`, count: 1, old: number }));
    const modal = await world.openTask('list', { ...variables, order: { goods }, addresses: [] });
    expect(shown(modal)).toContain('The list has 2 more entries, for which there is no room here');
    await remove(modal, 1);
    await modal.shows('The list has one more entry');
    expect(modal.field('Product 5').value).toBe('Product no. 6');
    await modal.fill('Product 1', 'Product no. 2b');
    await modal.submit();
    expect(valueAt(world.submitted() ?? {}, 'order.goods')).toMatchObject([
      { name: 'Product no. 2b' },
      { name: 'Product no. 3' },
      { name: 'Product no. 4' },
      { name: 'Product no. 5' },
      { name: 'Product no. 6', sum: 10 },
      { name: 'Product no. 7', count: 1, old: 7 },
    ]);
  });

  test('a hidden list is not submitted, and shows what it started with once it is there again', async () => {
    const modal = await world.openTask('list', { ...variables, order: { goods: [{ name: 'Chair' }] } });
    await modal.choose('Collected by the client', 'Yes');
    await hides(modal, 'Product 1');
    expect(labels(modal)).toEqual(['Collected by the client', 'Street', 'Street']);
    expect(shown(modal)).not.toContain('Sum:');
    await modal.choose('Collected by the client', []);
    await modal.shows('Product 1');
    expect(modal.field('Product 1').value).toBe('Chair');
    await modal.choose('Collected by the client', 'Yes');
    await hides(modal, 'Product 1');
    await modal.submit();
    expect(world.submitted()).toEqual({ collected: true, addresses: [{ street: null }, { street: null }] });
  });

  test('a list without fields shows its variable, and is not submitted', async () => {
    const before = [
      { day: 'Monday', what: 'A sofa' },
      { day: 'Friday', what: 'A desk' },
    ];
    const modal = await world.openTask('list', { ...variables, before });
    expect(shown(modal)).toMatch(/Monday: A sofa[\s\S]*Friday: A desk/);
    expect(modal.buttons()).toEqual(['Remove', 'Add an entry']);
    await modal.fill('Product 1', 'Chair');
    await modal.submit();
    expect(world.submitted()).not.toHaveProperty('before');
  });

  test('an entry whose options exceed Slack’s limits is not added, and the form says so', async () => {
    const choices = Array.from({ length: 99 }, (_, at) => `${at} ${'of the longest choices '.repeat(3)}`.slice(0, 75));
    const modal = await world.openTask('long-list', { choices });
    for (const count of [2, 3, 4]) {
      await add(modal);
      await modal.shows(`Entry ${count}`);
    }
    await modal.fill('Note', 'Kept', { under: 'Entry 4' });
    await add(modal);
    await modal.shows('its texts and choices are more than Slack takes');
    expect(
      modal
        .fields()
        .filter(({ label }) => label === 'Note')
        .map(({ value }) => value),
    ).toEqual(['', '', '', 'Kept']);
  });

  test('a submission with invented entries gets no more entries than fit', async () => {
    const modal = await world.openTask('list', variables);
    await modal.fill('Product 1', 'Chair');
    await world.submitInVain(modal);
    const before = world.office.engine.completions.length;
    const answer = await world.tamper('view_submission', (view) => {
      const { entries, ...metadata } = JSON.parse(view.private_metadata);
      const many = { shown: Array.from({ length: 500 }, (_, at) => at), rest: 0, next: 500 };
      const changed = Object.fromEntries(Object.keys(entries).map((name) => [name, many]));
      view.private_metadata = JSON.stringify({ ...metadata, entries: changed });
    });
    expect(answer).toContain('Entry 5');
    expect(answer).not.toContain('Entry 6');
    expect(world.office.engine.completions).toHaveLength(before);
  });
});

test('a list in a start form takes entries too', async () => {
  const modal = await world.openStart('list');
  await modal.fill('Product 1', 'Chair');
  await add(modal);
  await modal.shows('Entry 2');
  await modal.fill('Product 2', 'Table');
  await remove(modal, 1);
  await world.office.sandbox.traffic.until(() => modal.field('Product 1').value === 'Table');
  expect(labels(modal)).not.toContain('Product 2');
  await modal.submit();
  await modal.shows('has completed');
  expect(world.office.engine.starts.at(-1)?.variables).toMatchObject({
    order: { goods: [{ name: 'Table', count: 1, gift: false }] },
  });
});
