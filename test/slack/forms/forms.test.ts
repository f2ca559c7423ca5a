import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FormWorld, openFormWorld } from './form-world.ts';

let world: FormWorld;
beforeAll(async () => {
  world = await openFormWorld();
});
afterAll(() => world.office.close());

describe('hidden by a condition', () => {
  test('a choice shows and hides fields, groups and texts, and what was entered stays', async () => {
    const modal = await world.openTask('hide');
    expect(modal.fields().map(({ label }) => label)).toEqual(['Kind', 'Note']);
    await modal.fill('Note', 'Half written');
    await modal.choose('Kind', 'Complaint');
    await modal.shows('What is broken');
    expect(modal.fields().map(({ label }) => label)).toEqual(['Kind', 'Note', 'What is broken', 'Sum']);
    expect(modal.field('Note').value).toBe('Half written');
    await modal.choose('Kind', 'Question');
    await modal.shows('Thank you for asking.');
    expect(modal.fields().map(({ label }) => label)).toEqual(['Kind', 'Note']);
    await modal.submit();
    expect(world.submitted()).toEqual({ kind: 'question', note: 'Half written' });
  });

  test('the effect of a typed number is computed when the form is submitted', async () => {
    const modal = await world.openTask('hide', { kind: 'complaint' });
    await modal.fill('What is broken', 'The chair');
    await modal.fill('Sum', 500);
    await modal.submit();
    await modal.shows('What you entered changes the form');
    expect(modal.field('Sum').value).toBe('500');
    expect((await modal.submit()).errors).toEqual({ 'Reason of the refund': expect.anything() });
    await modal.fill('Reason of the refund', 'It fell apart');
    await modal.submit();
    expect(world.submitted()).toEqual({
      kind: 'complaint',
      note: null,
      damage: 'The chair',
      sum: 500,
      reason: 'It fell apart',
    });
  });

  test('a start form changes too, and a hidden field is not submitted', async () => {
    const modal = await world.openStart('hide');
    await modal.choose('Kind', 'Complaint');
    await modal.fill('What is broken', 'The table');
    await modal.choose('Kind', 'Question');
    await modal.shows('Thank you for asking.');
    await modal.submit();
    await modal.shows('has completed');
    const { sessionId, ...variables } = world.office.engine.starts.at(-1)?.variables ?? {};
    expect(variables).toEqual({ kind: 'question', note: null });
  });

  test('a submission with a hidden field, or without a shown one, is refused', async () => {
    const modal = await world.openTask('hide', { kind: 'complaint' });
    await modal.fill('What is broken', 'The chair');
    await world.submitInVain(modal);
    const before = world.office.engine.completions.length;
    const answer = await world.tamper('view_submission', ({ state, blocks }) => {
      const damage = blocks.find(({ block_id }) => block_id?.endsWith(':field:damage'))?.block_id ?? '';
      delete state.values[damage];
    });
    expect(answer).toContain('This is required.');
    expect(world.office.engine.completions).toHaveLength(before);
    await world.tamper('view_submission', ({ state, blocks }) => {
      const [kind] = Object.values(
        state.values[blocks.find(({ block_id }) => block_id?.endsWith(':field:kind'))?.block_id ?? ''] ?? {},
      );
      Object.assign(kind ?? {}, { selected_option: { value: 'question' } });
    });
    expect(world.submitted()).toEqual({ kind: 'question', note: null });
  });
});

describe('read-only', () => {
  test('the value is shown and submitted unchanged; without one, the default is used', async () => {
    const modal = await world.openTask('read-only', { tier: 2, tiers: [{ label: 'Gold', value: 2 }], owner: 'Olga' });
    expect(modal.texts().join('\n')).toMatch(/Plan\W+Basic.*Tier\W+Gold.*Origin\W+the web/s);
    expect(modal.fields().map(({ label }) => label)).toEqual(['Locked', 'Owner']);
    await modal.choose('Locked', 'Yes');
    await modal.shows('*Owner*: Olga');
    await modal.submit();
    // form-js does not submit disabled fields.
    expect(world.submitted()).toEqual({ plan: 'Basic', tier: 2, locked: true, owner: 'Olga' });
  });

  test('a client cannot change it', async () => {
    const modal = await world.openTask('read-only', { owner: 'Olga' });
    await world.submitInVain(modal);
    await world.tamper('view_submission', ({ state, blocks }) => {
      const [locked = '', owner = ''] = blocks.flatMap(({ block_id }) =>
        /field:(locked|owner)$/.test(block_id ?? '') ? [block_id] : [],
      );
      Object.assign(state.values[locked]?.value ?? {}, { selected_options: [{ value: 'true' }] });
      Object.assign(state.values[owner]?.value ?? {}, { value: 'Mallory' });
      state.values[owner.replace(/owner$/, 'plan')] = { value: { type: 'plain_text_input', value: 'Premium' } };
    });
    expect(world.submitted()).toEqual({ plan: 'Basic', tier: null, locked: true, owner: 'Olga' });
  });
});

test('defaults fill in what the process does not know', async () => {
  const modal = await world.openTask('defaults', { count: 7 });
  await modal.submit();
  expect(world.submitted()).toEqual({ greeting: 'Hello', count: 7, urgent: true, channel: 'phone' });
});

test('labels, descriptions and the names of groups are computed, and change with what is entered', async () => {
  const modal = await world.openTask('words', { clientName: 'Carl *of* Acme', order: 'A-7' });
  expect(modal.field('Who are you?').hint).toBe('As on the order of Carl *of* Acme');
  expect(modal.texts().join('\n')).toContain('Order A-7');
  await modal.choose('Formal', 'Yes');
  await modal.shows('Your name, please');
});

describe('options', () => {
  test('a list that an expression makes depends on what is chosen; a variable may be one too', async () => {
    const modal = await world.openTask('options', { managers: ['Sam', { label: 'Olga O.', value: 'olga' }] });
    await modal.choose('Country', 'France');
    await modal.shows('Cities of fr');
    await modal.choose('City', 'Lyon');
    await modal.choose('Manager', 'Olga O.');
    await modal.submit();
    expect(world.submitted()).toMatchObject({ country: 'fr', city: 'Lyon', manager: 'olga' });
  });

  test('after the list has changed, an option of the earlier list is refused, whatever is sent', async () => {
    const modal = await world.openTask('options');
    await modal.choose('Country', 'France');
    await modal.shows('Cities of fr');
    await modal.choose('City', 'Lyon');
    await modal.choose('Country', 'Germany');
    await modal.shows('Cities of de');
    await modal.choose('City', 'Berlin, the capital');
    await world.submitInVain(modal);
    const answer = await world.tamper('view_submission', ({ state }) => {
      const city = Object.entries(state.values).find(([id]) => id.includes('field:city'))?.[1];
      Object.assign(city?.value ?? {}, { selected_option: { value: 'Lyon' } });
    });
    expect(answer).toContain('Must be one of the options.');
  });

  test('"multiple": "on" is one file, as in form-js; an expression may allow several', async () => {
    const modal = await world.openTask('options', { country: 'fr' });
    const limitOf = (label: string) => {
      const blocks = modal.raw.blocks as { label?: { text: string }; element?: { max_files?: number } }[];
      return blocks.find((block) => block.label?.text === label)?.element?.max_files;
    };
    expect([limitOf('Scan'), limitOf('Scans')]).toEqual([1, 10]);
  });
});

test('limits by expression are checked with what is entered; a number may go on as text', async () => {
  const modal = await world.openTask('limits', { reserve: 2 });
  await modal.fill('Ordered', 8);
  await modal.fill('Code', 'abcdef');
  await modal.submit();
  expect(modal.field('Ordered').error).toBeTruthy();
  await modal.fill('Ordered', 7);
  await modal.submit();
  expect(modal.field('Code').error).toBeTruthy();
  await modal.fill('Code', 'abcd');
  await modal.submit();
  expect(world.submitted()).toEqual({ stock: '5', ordered: 7, code: 'abcd' });
});

describe('several choices', () => {
  test('a checklist has boxes, a tag list of many is searched; both go on as lists', async () => {
    const modal = await world.openTask('several', { extras: ['assembly', 'gone'] });
    expect(modal.field('Extras').value).toBe('Assembly');
    expect(modal.field('Tags').value).toBe('Tag 7');
    await modal.choose('Extras', ['Disposal', 'Insurance']);
    await modal.shows('Insured sum');
    await modal.choose('Tags', ['Tag 149', 'Tag 3']);
    await modal.submit();
    expect(world.submitted()).toEqual({ extras: ['disposal', 'insurance'], tags: ['Tag 149', 'Tag 3'], insured: null });
  });

  test('no choice in a required field, and a choice that is not an option, are refused', async () => {
    const modal = await world.openTask('several');
    expect((await modal.submit()).errors).toEqual({ Extras: expect.anything() });
    await modal.choose('Extras', 'Assembly');
    await world.submitInVain(modal);
    const answer = await world.tamper('view_submission', ({ state }) => {
      const tags = Object.entries(state.values).find(([id]) => id.endsWith('field:tags'))?.[1];
      for (const element of Object.values(tags ?? {}))
        Object.assign(element, { selected_options: [{ value: 'Tag 151' }] });
    });
    expect(answer).toContain('Must be a list of the options.');
  });
});

describe('keys with dots and groups with a path', () => {
  test('make one variable with entries', async () => {
    const modal = await world.openTask('paths', { client: { name: 'Carl', age: 40, address: { city: 'Bonn' } } });
    expect(modal.field('City').value).toBe('Bonn');
    await modal.fill('Postal code', '53111');
    await modal.submit();
    expect(world.submitted()).toEqual({ client: { name: 'Carl', address: { city: 'Bonn', zip: '53111' } } });
  });

  test('a start form has them too', async () => {
    const modal = await world.openStart('paths');
    await modal.fill('Name', 'Carl');
    await modal.fill('City', 'Nowhere');
    await modal.submit();
    await modal.shows('has completed');
    expect(world.office.engine.starts.at(-1)?.variables).toMatchObject({
      client: { name: 'Carl', address: { city: 'Nowhere' } },
    });
  });
});

test('expression fields are computed and submitted, whatever a client sends, unless they are hidden', async () => {
  const modal = await world.openTask('formula');
  await modal.fill('Price', 60);
  await world.submitInVain(modal);
  await world.tamper('view_submission', ({ state }) => {
    const price = Object.keys(state.values).find((id) => id.endsWith('field:price')) ?? '';
    state.values[price.replace(/price$/, 'total')] = { value: { type: 'number_input', value: '1' } };
  });
  expect(world.submitted()).toEqual({ price: 60, count: 2, total: 120, order: { discount: 10 } });
});

describe('texts, HTML and images', () => {
  const variables = {
    client: '<!channel> <b>Carl</b> *x*',
    sum: 12,
    photo: 'https://example.com/carl.png',
    items: [
      { name: 'Chair', count: 2 },
      { name: 'Table', count: 1 },
    ],
  };

  test('show what their expressions, conditions and loops make of the variables', async () => {
    const modal = await world.openTask('texts', variables);
    const shown = () => modal.texts().join('\n');
    for (const text of ['Chair × 2', 'Table × 1', 'see our terms', 'Sum: 12', 'Logo']) expect(shown()).toContain(text);
    for (const text of ['alert(1)', 'paid by card', '</p>']) expect(shown()).not.toContain(text);
    await modal.choose('Detailed', 'Yes');
    await modal.shows('paid by card');
    expect(JSON.stringify(modal.raw.blocks)).toContain('<https://example.com/carl.png|Photo of');
  });

  test('text of a client stays text', async () => {
    const modal = await world.openTask('texts', variables);
    const source = JSON.stringify(modal.raw.blocks);
    expect(source).not.toContain('<!channel>');
    expect(source).toContain('&lt;!channel&gt; &lt;b&gt;Carl&lt;/b&gt;');
  });
});

test('lines of text, a date and a time in UTC; separators, spacers and buttons are left out', async () => {
  const modal = await world.openTask('more');
  expect(modal.fields().map(({ label }) => label)).toEqual(['Story', 'Due', 'Call']);
  await modal.fill('Story', 'One\nTwo');
  await modal.fill('Due', '2030-01-31');
  await modal.fill('Call', new Date('2030-01-31T09:35:00+02:00'));
  expect((await modal.submit()).errors).toEqual({ Call: 'Must be a time in steps of 30 minutes.' });
  await modal.fill('Call', new Date('2030-01-31T09:30:00+02:00'));
  await modal.submit();
  expect(world.submitted()).toEqual({ story: 'One\nTwo', due: '2030-01-31', call: '2030-01-31T07:30:00Z' });
});
