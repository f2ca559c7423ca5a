import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EngineUnavailableError } from '../../../src/engines/engine.ts';
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

  test('what a typed number shows is asked for when the form is submitted', async () => {
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

  test('a client that sends a hidden field, or leaves out a shown one, gets no further', async () => {
    const modal = await world.openTask('hide', { kind: 'complaint' });
    await modal.fill('What is broken', 'The chair');
    world.office.engine.beforeComplete = async () => {
      throw new EngineUnavailableError('away');
    };
    await modal.submit();
    world.office.engine.beforeComplete = async () => {};
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
