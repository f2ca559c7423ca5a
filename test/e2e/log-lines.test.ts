import { sql } from 'drizzle-orm';
import { afterEach, expect, test } from 'vitest';
import { starts } from '../../src/starts/tables.ts';
import { end, flow, job, process, start } from '../engines/diagram-builder.ts';
import { writeFolder } from '../engines/embedded-world.ts';
import { startWorld, type World } from '../helpers/kickoff.ts';
import { setUpByClicking } from '../helpers/set-up-by-clicking.ts';

let world: World;
afterEach(() => world.close({ tolerate: true }));

const one = (id: string, step: string) =>
  process([start('start', { form: 'message' }), step, end(), flow('start -> step -> end')], { id, name: id });

const writeFailingProcesses = () =>
  writeFolder({
    'message.form': JSON.stringify({
      id: 'message',
      type: 'default',
      components: [{ type: 'textfield', key: 'messageText', label: 'Text' }],
    }),
    'tell.bpmn': one(
      'Tell',
      job('step', {
        type: 'live-chat:send-message',
        inputs: { text: '="Hi"', user: '="nobody@elsewhere.example"' },
      }),
    ),
    'post.bpmn': one(
      'Post',
      job('step', {
        type: 'io.camunda:http-json:1',
        retries: '1',
        inputs: { method: 'POST', url: '{{secrets.CRM_URL}}/x?who=Secretive', body: '={text: messageText}' },
      }),
    ),
    'count.bpmn': one('Count', job('step', { type: 'live-chat:send-response', inputs: { text: '=messageText * 2' } })),
  });

test('log lines of failures contain no text or names of people or services', async () => {
  world = await startWorld({ environment: { PROCESSES_DIR: await writeFailingProcesses() } });
  const { sandbox, crm, log } = world;
  await setUpByClicking(world);
  const { anna, oleg, carl } = sandbox.people;
  const channel = await anna.createChannel('support-acme', { sharedWith: 'Acme' });
  for (const person of [oleg, carl]) await anna.invite(channel, person);
  const question = await carl.post(channel, 'My password is Secretive');
  await world.quiet();
  crm.answer('{"error": "Secretive is no valid name"}');
  for (const name of ['Tell', 'Post', 'Count']) {
    crm.failNext(500, 1);
    await oleg.shortcut('start_process', question);
    const modal = await oleg.modalShown('Start business process');
    await modal.choose('Business process', name);
    await modal.submit();
    await modal.shows('Text');
    await modal.fill('Text', 'Secretive');
    await modal.submit();
    await world.quiet();
    await oleg.modal.closeAll();
  }
  const long = 'x'.repeat(50_000);
  await sandbox.faults.deliver({ type: long, team_id: 'T0OTHER', team: { id: 'T0OTHER' } });
  const lines = log.map((line) => JSON.stringify(line));
  expect(log.filter(({ msg }) => msg === 'incident')).toHaveLength(3);
  expect(lines.filter((line) => /Secretive|@elsewhere|Carl/.test(line))).toEqual([]);
  expect(lines.filter((line) => line.length > 2000)).toEqual([]);
  expect(lines.join()).toContain('/x: 500');
});

test('a failed interaction names action, person and team, and its lines share an id that no other line has', async () => {
  world = await startWorld();
  const { sandbox, database, log } = world;
  await setUpByClicking(world);
  const { anna, oleg, carl } = sandbox.people;
  const channel = await anna.createChannel('support-acme', { sharedWith: 'Acme' });
  for (const person of [oleg, carl]) await anna.invite(channel, person);
  const question = await carl.post(channel, 'Where is my order?');
  await world.quiet();
  await database.db.execute(sql`alter table sessions rename to away`);
  for (let nth = 0; nth < 2; nth += 1) await oleg.shortcut('start_process', question);
  const isFailed = () => log.filter(({ msg }) => msg === 'an interaction failed').length === 2;
  await sandbox.traffic.until(isFailed, { timeoutMs: 10_000 });
  await database.db.execute(sql`alter table away rename to sessions`);
  const failed = log.filter(({ msg }) => msg === 'an interaction failed');
  const { users, team } = sandbox.state;
  const operator = Object.values(users).find(({ handle }) => handle === 'oleg')?.id;
  for (const line of failed) {
    expect(line).toMatchObject({ action: 'start_process', userId: operator, teamId: team.id });
    expect(line.interactionId).toMatch(/^[\da-f]{12}$/);
  }
  expect(new Set(failed.map(({ interactionId }) => interactionId)).size).toBe(2);
});

test('every line of a start has its id; for a manual start also the submission’s id', async () => {
  world = await startWorld({ environment: { PROCESSES_DIR: await writeFailingProcesses() } });
  const { sandbox, log, database } = world;
  await setUpByClicking(world, { bindings: { 'Message received': { process: 'Tell' } } });
  const { anna, oleg, carl } = sandbox.people;
  const channel = await anna.createChannel('support-acme', { sharedWith: 'Acme' });
  for (const person of [oleg, carl]) await anna.invite(channel, person);
  const question = await carl.post(channel, 'Where is my order?');
  await world.quiet();
  await oleg.shortcut('start_process', question);
  const modal = await oleg.modalShown('Start business process');
  await modal.choose('Business process', 'Count');
  await modal.submit();
  await modal.shows('Text');
  await modal.fill('Text', '5');
  await modal.submit();
  await world.quiet();
  const rows = await database.db.select().from(starts);
  const started = log.filter(({ msg }) => msg === 'process started');
  const linesOf = (name: string) => {
    const id = rows.find(({ processName }) => processName === name)?.id;
    return started.filter(({ startId }) => startId === id);
  };
  const [[automatic], [byHand]] = [linesOf('Tell'), linesOf('Count')];
  expect(automatic).toMatchObject({ processDefinitionId: expect.stringContaining('Tell') });
  // A message woke the worker, but the work belongs to the start.
  expect(Object.keys(automatic ?? {})).not.toContain('eventId');
  expect(byHand?.interactionId).toMatch(/^[\da-f]{12}$/);
});

test('every line about a delivery has the id that Slack gave it', async () => {
  world = await startWorld();
  const { sandbox, database, log } = world;
  await setUpByClicking(world);
  const channel = await sandbox.people.anna.createChannel('support-acme', { sharedWith: 'Acme' });
  await sandbox.people.anna.invite(channel, sandbox.people.carl);
  await world.quiet();
  const from = log.length;
  await database.db.execute(sql`alter table session_events rename to away`);
  await sandbox.people.carl.post(channel, 'Hello?');
  const isTold = () => log.slice(from).some(({ level }) => level >= 40);
  await sandbox.traffic.until(isTold, { timeoutMs: 10_000 });
  await database.db.execute(sql`alter table away rename to session_events`);
  const lines = log.slice(from).filter(({ level }) => level >= 40);
  expect(lines.length).toBeGreaterThan(0);
  const ids = sandbox.traffic.deliveries.map(({ body }) => (body as { event_id?: string }).event_id);
  expect(lines.filter(({ eventId }) => !ids.includes(eventId as string))).toEqual([]);
});
