import type { App } from '@slack/bolt';
import { afterEach, describe, expect, test } from 'vitest';
import { type Mode, type RunningApp, startApp } from './helpers.ts';

let running: RunningApp | undefined;
afterEach(async () => {
  await running?.stop();
  running = undefined;
});

async function start(mode: Mode, register: (app: App) => void): Promise<RunningApp> {
  running = await startApp(mode, register);
  return running;
}

const plain = (text: string) => ({ type: 'plain_text' as const, text });

function florist(app: App): void {
  app.shortcut('order', async ({ ack, shortcut, client }) => {
    await ack();
    await client.views.open({
      trigger_id: shortcut.trigger_id,
      view: {
        type: 'modal',
        callback_id: 'order',
        title: plain('Order flowers'),
        submit: plain('Order'),
        blocks: [
          {
            type: 'input',
            block_id: 'flower',
            label: plain('Flower'),
            element: { type: 'external_select', action_id: 'flower', min_query_length: 0 },
          },
          {
            type: 'input',
            block_id: 'count',
            label: plain('How many'),
            element: { type: 'number_input', action_id: 'count', is_decimal_allowed: false, min_value: '1' },
          },
          {
            type: 'input',
            block_id: 'card',
            label: plain('Card'),
            optional: true,
            element: { type: 'plain_text_input', action_id: 'card', multiline: true },
          },
        ],
      },
    });
  });
  app.options('flower', async ({ ack, options }) => {
    const flowers = ['Rose', 'Tulip', 'Rosemary'].filter((flower) => flower.includes(options.value));
    const all = flowers.map((flower) => ({ text: plain(flower), value: flower.toLowerCase() }));
    await ack({ option_groups: all.length > 0 ? [{ label: plain('In stock'), options: all }] : [] });
  });
  app.view('order', async ({ ack, view }) => {
    if (view.state.values.count?.count?.value === '13') {
      await ack({ response_action: 'errors', errors: { count: 'Not thirteen' } });
      return;
    }
    const chosen = view.state.values.flower?.flower?.selected_option?.value;
    await ack({
      response_action: 'update',
      view: {
        type: 'modal',
        title: plain('Ordered'),
        blocks: [{ type: 'section', text: { type: 'mrkdwn', text: `You ordered *${chosen}*` } }],
      },
    });
  });
}

describe.each<Mode>(['socket', 'http'])('over %s', (mode) => {
  test('an order from shortcut to the updated modal', async () => {
    const { sandbox } = await start(mode, florist);
    const { oleg } = sandbox.people;
    const message = await oleg.post('team-lunch', 'Flowers for the table?');
    expect(await oleg.shortcut('order', message)).toMatchObject({ acknowledged: true });
    const modal = await oleg.modalShown('Order flowers');

    const groups = await modal.options('Flower', 'Rose');
    expect(groups.map((group) => [group.label, group.options.map((option) => option.text)])).toEqual([
      ['In stock', ['Rose', 'Rosemary']],
    ]);
    expect(await modal.submit()).toEqual({
      closed: false,
      errors: {
        Flower: 'Please complete this required field.',
        'How many': 'Please complete this required field.',
      },
    });
    expect(sandbox.traffic.deliveriesOf('view_submission')).toHaveLength(0);

    await modal.choose('Flower', 'Tulip', { group: 'In stock' });
    await modal.fill('How many', 13);
    expect(await modal.submit()).toEqual({ closed: false, errors: { 'How many': 'Not thirteen' } });
    await modal.fill('How many', 12);
    expect(await modal.submit()).toEqual({ closed: false });
    expect(modal.title).toBe('Ordered');
    expect(modal.texts()).toEqual(['You ordered *tulip*']);
    await modal.close();
    expect(modal.isOpen).toBe(false);

    const [submission] = sandbox.traffic.deliveriesOf('view_submission').slice(-1);
    expect(submission?.body).toMatchObject({
      view: {
        app_installed_team_id: sandbox.teamId,
        state: {
          values: {
            flower: { flower: { type: 'external_select', selected_option: { value: 'tulip' } } },
            count: { count: { type: 'number_input', value: '12' } },
            card: { card: { type: 'plain_text_input', value: null } },
          },
        },
      },
    });
    expect(sandbox.violations).toEqual([]);
  });

  test('a control that is not offered cannot be used', async () => {
    const { sandbox } = await start(mode, florist);
    sandbox.timings.patienceMs = 100;
    const { oleg, carl } = sandbox.people;
    const message = await oleg.post('acme-project', 'Flowers?');
    await expect(oleg.shortcut('other', message)).rejects.toThrow('no message shortcut "other", but order');
    await expect(carl.shortcut('order', message)).rejects.toThrow('only to members of its own workspace');
    await oleg.shortcut('order', message);
    const modal = await oleg.modalShown('Order flowers');
    await expect(modal.choose('Flower', 'Cactus')).rejects.toThrow('"Flower" offers no "Cactus"');
    await expect(modal.click('Pay')).rejects.toThrow('There is no button "Pay" here:\n== Order flowers ==');
    await expect(modal.fill('Colour', 'red')).rejects.toThrow('no field "Colour"');
    await expect(oleg.post('leadership', 'hello')).rejects.toThrow('cannot see #leadership');
  });
});
