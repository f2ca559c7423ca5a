import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Channel } from '../../../sandbox/driver/channel.ts';
import type { Message } from '../../../sandbox/driver/message.ts';
import { selectRows } from '../../../src/db/query.ts';
import { starts } from '../../../src/starts/tables.ts';
import * as b from '../../engines/diagram-builder.ts';
import { writeFolder } from '../../engines/embedded-world.ts';
import { startWorld, type World } from '../../helpers/kickoff.ts';
import { setUpLiveChat } from '../../helpers/set-up-live-chat.ts';

/** A process that hangs at its script until somebody sets `limit`. */
const approval = (expression: string) =>
  b.process(
    [
      b.start(),
      b.script('check', expression, 'ok', { name: 'Check limit' }),
      b.userTask('approve', { name: 'Approve' }),
      b.flow('start -> check -> approve'),
    ],
    { id: 'approval', name: 'Approval' },
  );
const lacking = '=assert(limit, limit != null, "there is no limit")';

let world: World;
let folder: string;
let activity: Channel;
let channel: Channel;
let question: Message;
beforeEach(async () => {
  folder = await writeFolder({ 'approval.bpmn': approval(lacking) });
  world = await startWorld({ environment: { PROCESSES_DIR: folder }, sandbox: { timings: { patienceMs: 20_000 } } });
  const { anna, oleg, sam, carl } = world.sandbox.people;
  activity = await anna.createChannel('kickoff-activity', { invite: [sam, oleg] });
  await anna.invite(activity, 'app');
  await setUpLiveChat(world, { activityChannel: 'kickoff-activity' });
  channel = await anna.createChannel('support-acme', { sharedWith: 'Acme' });
  for (const person of [oleg, sam, carl]) await anna.invite(channel, person);
  await world.quiet();
  question = await carl.post(channel, 'May we?');
  await world.quiet();
});
afterEach(async () => {
  await world.quiet();
  await world.close();
  await rm(folder, { recursive: true });
});

async function startApproval() {
  const { oleg } = world.sandbox.people;
  await oleg.shortcut('start_process', question);
  const search = await oleg.modalShown('Start business process');
  await search.choose('Business process', 'Approval');
  await search.submit();
  await search.shows('Approval');
  await search.closeAll();
  await world.quiet();
}

async function cardOf(person: World['sandbox']['people']['oleg']) {
  await person.command('/livechat-session', { in: channel });
  const card = await person.modalShown('Live-chat session');
  await card.shows('support-acme');
  return card;
}

test('a supervisor sets the variable that a process lacks, and it continues; an operator cannot', async () => {
  const { oleg, sam } = world.sandbox.people;
  await startApproval();
  expect((await cardOf(oleg)).buttons()).not.toContain('Set a variable');
  await oleg.modal.closeAll();
  const card = await cardOf(sam);
  await card.shows('there is no limit');
  await card.click('Set a variable');
  const form = await sam.modalShown('Set a variable');
  await form.shows('there is no limit');
  await form.fill('Variable', 'limit');
  await form.choose('Kind', 'Number');
  await form.fill('Value', 'five');
  expect((await form.submit()).errors).toEqual({ Value: 'This is no value of that kind.' });
  await form.fill('Variable', 'sessionId');
  await form.fill('Value', '5');
  expect((await form.submit()).errors).toMatchObject({ Variable: expect.stringContaining('cannot be set') });
  await form.fill('Variable', 'limit');
  await form.submit();
  await (await sam.modalShown('Live-chat session')).shows('“Approve” waits for');
});

test('a supervisor cannot set variables of a process that is not on the card', async () => {
  const { sam } = world.sandbox.people;
  await startApproval();
  const card = await cardOf(sam);
  await card.click('Set a variable');
  const form = await sam.modalShown('Set a variable');
  await form.shows('there is no limit');
  const { raw } = form;
  const { startId } = JSON.parse(String(raw.private_metadata));
  await startApproval();
  const other = (await world.database.db.select().from(starts)).find(({ id }) => id !== startId);
  const incidents = await selectRows<{ key: string }>(
    world.database.db,
    sql`select concat(engine_instances.key, '-', token.key) as key
      from engine_instances, jsonb_each(state -> 'tokens') as token(key, value)
      where engine_instances.key = ${other?.processInstanceKey}::bigint and token.value ? 'incident'`,
  );
  const chosen = (value: string) => ({ selected_option: { value } });
  const { answer } = await world.sandbox.faults.deliverInteraction({
    type: 'view_submission',
    user: { id: sam.id },
    trigger_id: '1.2.3',
    view: {
      ...raw,
      state: {
        values: {
          where: { where: chosen(incidents[0]?.key ?? '') },
          name: { name: { value: 'limit' } },
          kind: { kind: chosen('number') },
          value: { value: { value: '5' } },
          go_on: { go_on: { selected_options: [] } },
        },
      },
    },
  });
  expect(answer).toMatchObject({
    response_action: 'errors',
    errors: { value: expect.stringContaining('stuck any more') },
  });
});

test('Retry says when it cannot help, and a corrected version can', async () => {
  const { sam } = world.sandbox.people;
  await startApproval();
  const card = await cardOf(sam);
  await card.click('Retry');
  await card.shows('Retry alone cannot help.');
  await card.closeAll();
  await (await cardOf(sam)).click('Move to newest version');
  await sam.modal.shows('It runs the newest version already.');
  await sam.modal.closeAll();
  await writeFile(join(folder, 'approval.bpmn'), approval('=true'));
  await expect.poll(() => world.log.some(({ msg }) => msg === 'processes changed'), { timeout: 20_000 }).toBe(true);
  await (await cardOf(sam)).click('Move to newest version');
  await sam.modal.shows('“Approve” waits for');
});

test('a start can be cancelled from its line and from the card by people with the right', async () => {
  const { oleg, sam } = world.sandbox.people;
  await startApproval();
  const inActivity = { in: 'kickoff-activity' };
  await (await oleg.receives('Stuck', inActivity)).click('Cancel');
  await oleg.receives('Only supervisors of the live chat and administrators can cancel this.');
  const line = await sam.receives('Stuck', inActivity);
  await line.click('Cancel', { confirm: false });
  expect(line.buttons()).toEqual(['Cancel', 'Retry']);
  await line.click('Cancel');
  await line.shows('🚫 Cancelled');
  expect(line.buttons()).toEqual([]);
  await world.quiet();
  await startApproval();
  const card = await cardOf(sam);
  await card.click('Cancel');
  await expect.poll(() => card.buttons(), { timeout: 20_000 }).not.toContain('Cancel');
  expect(card.describe().match(/🚫 Cancelled/g)).toHaveLength(2);
});
