import { isNotNull } from 'drizzle-orm';
import { afterEach, expect, test } from 'vitest';
import type { Sandbox } from '../../../sandbox/sandbox.ts';
import { EngineUnavailableError, UserTaskDeniedError } from '../../../src/engines/engine.ts';
import { taskMessages } from '../../../src/slack/notices/tables.ts';
import type { SlackContext } from '../../../src/slack/slack-context.ts';
import { reconcileInstance, releaseModal, releaseOverdue } from '../../../src/slack/task-form/notify-tasks.ts';
import { starts } from '../../../src/starts/tables.ts';
import { changeTimings, type Timings } from '../../../src/timings.ts';
import { aDefinition, type BusyOffice, openOffice, type TaskSeed } from '../../helpers/office.ts';

let office: BusyOffice;
afterEach(() => office.close());

const form = JSON.stringify({
  type: 'default',
  id: 'findings',
  components: [{ type: 'textfield', key: 'findings', label: 'Findings', validate: { required: true } }],
});

const open = async (...tasks: TaskSeed[]) => {
  office = await openOffice([{ definition: aDefinition('call', 'Call back'), tasks }]);
};

/** The latest interaction of that type, to be repeated by somebody else. */
const latest = (sandbox: Sandbox, type: string) => {
  const delivery = sandbox.traffic.deliveries.findLast((one) => one.type === type);
  if (!delivery) throw new Error(`there was no ${type}`);
  return delivery.body;
};

test('a group’s task is sent to each member, and the first to complete it gets it', async () => {
  await open({ name: 'Look into it', candidateGroups: ['@support-team'], form });
  const { sam, oleg, olga } = office.people;
  const modal = await office.start('sam', 'Call back');
  await modal.shows('The first task, *Look into it*, is with @support-team.');
  const toOleg = await oleg.receives('Look into it');
  const toOlga = await olga.receives('Look into it');
  await toOlga.click('Open task');
  const task = await olga.modalShown('Look into it');
  await task.fill('Findings', 'Nothing');
  await toOleg.click('Open task');
  const late = await oleg.modalShown('Look into it');
  await late.fill('Findings', 'Something');
  expect((await task.submit()).errors).toBeUndefined();
  await task.shows('The process has completed.');
  await late.submit();
  await late.shows(`*Look into it* was already completed by <@${olga.id}>.`);
  await office.quiet();
  expect(office.engine.completions).toMatchObject([{ completedBy: olga.id, variables: { findings: 'Nothing' } }]);
  for (const message of [toOleg, toOlga]) {
    expect(message.texts().join()).toContain(`✅ Done by <@${olga.id}>`);
    expect(message.buttons()).toEqual([]);
  }
  expect(sam.inbox()).toEqual([]);
});

test('a group is found by its handle in capitals, although that looks like a person’s id', async () => {
  await open({ name: 'Look into it', candidateGroups: ['WAREHOUSE'] });
  const { olga } = office.people;
  office.sandbox.workspace.createUserGroup('warehouse', 'Warehouse', [olga]);
  await office.sandbox.traffic.settled();
  const modal = await office.start('sam', 'Call back');
  await modal.shows('The first task, *Look into it*, is with @warehouse.');
  await olga.receives('Look into it');
});

test('a task is found by the e-mail address of its assignee', async () => {
  await open({ name: 'Approve', assignee: 'Sam.Supervisor@northwind.example' });
  const { sam } = office.people;
  const { engine } = office;
  const modal = await office.start('oleg', 'Call back');
  await modal.shows(`with <@${sam.id}>`);
  const message = await sam.receives('Approve');
  await message.click('Open task');
  await (await sam.modalShown('Approve')).shows('This task has no form.');
  await sam.modal.submit();
  expect(engine.completions).toMatchObject([{ completedBy: sam.id }]);
});

test('a stranger’s submission of an open task is refused', async () => {
  await open({ name: 'Approve', assignee: 'U0SAM000001', form });
  const { sam, emma } = office.people;
  const { sandbox, engine } = office;
  await office.start('oleg', 'Call back');
  await (await sam.receives('Approve')).click('Open task');
  const task = await sam.modalShown('Approve');
  await task.fill('Findings', 'Fine');
  engine.beforeComplete = async () => {
    throw new EngineUnavailableError('away');
  };
  await task.submit();
  engine.beforeComplete = async () => {};
  const asEmma = { id: emma.id, username: 'emma', name: 'emma', team_id: sandbox.teamId };
  const outcome = await sandbox.faults.deliverInteraction({ ...latest(sandbox, 'view_submission'), user: asEmma });
  expect(JSON.stringify(outcome)).toContain('This task is not yours');
  expect(engine.completions).toEqual([]);
});

test('without an assignment a task is the starter’s; the form shows its mistakes and keeps what was entered', async () => {
  await open({ name: 'Write it down', form }, { name: 'Check it', assignee: 'U0OLGA00001' });
  const { engine } = office;
  const modal = await office.start('oleg', 'Call back');
  await modal.shows('*Write it down*');
  await modal.fill('Findings', 'A long story');
  engine.beforeComplete = async () => {
    throw new EngineUnavailableError('away');
  };
  await modal.submit();
  await modal.shows('What you entered is still here');
  expect(modal.field('Findings').value).toBe('A long story');
  engine.beforeComplete = async () => {};
  await modal.submit();
  await modal.shows(`The next task, *Check it*, is with <@${office.people.olga.id}>.`);
  expect(engine.completions).toMatchObject([{ variables: { findings: 'A long story' } }]);
});

test('a listener’s refusal shows in the task’s form, which keeps the input', async () => {
  await open({ name: 'Write it down', form });
  const { engine } = office;
  const modal = await office.start('oleg', 'Call back');
  await modal.shows('*Write it down*');
  await modal.fill('Findings', 'A long story');
  engine.beforeComplete = async () => {
    throw new UserTaskDeniedError('it is <too> long');
  };
  await modal.submit();
  await modal.shows('The process does not accept this: it is &lt;too&gt; long');
  expect(modal.field('Findings').value).toBe('A long story');
});

test('a task of a person unknown to Slack goes to the person who started the process', async () => {
  await open({ name: 'Approve', candidateUsers: ['gone@northwind.example'], candidateGroups: ['no-such-group'] });
  const modal = await office.start('oleg', 'Call back');
  await modal.shows('*Approve*');
  expect(modal.submitLabel).toBe('Complete');
});

test('the client gets no task, even if the process names them', async () => {
  await open({ name: 'Approve', assignee: 'U0CARL00001' });
  const modal = await office.start('oleg', 'Call back');
  await modal.shows('*Approve*');
  await office.quiet();
  expect(office.people.carl.inbox()).toEqual([]);
});

test.each([
  ['by id', 'U0GINA00001'],
  ['by e-mail address', 'gina.guest@globex.example'],
])('a second client gets no task either, named %s', async (_, assignee) => {
  await open({ name: 'Approve', assignee });
  const modal = await office.start('oleg', 'Call back');
  await modal.shows('*Approve*');
  await office.quiet();
  expect(office.people.gina.inbox()).toEqual([]);
});

test('a guest who operates the live chat gets their tasks', async () => {
  office = await openOffice(
    [{ definition: aDefinition('call', 'Call back'), tasks: [{ name: 'Approve', assignee: 'U0GINA00001' }] }],
    ({ people }) => ({ operators: [people.oleg.id, people.gina.id] }),
  );
  await office.start('oleg', 'Call back');
  await office.people.gina.receives('Approve');
});

test('a task of somebody who has left goes to the person who started the process, or to the operators', async () => {
  await open({ name: 'Approve', assignee: 'U0SAM000001', candidateUsers: ['WEB'] });
  const { people, sandbox, context } = office;
  sandbox.workspace.changePerson(people.sam, { deleted: true });
  await sandbox.traffic.settled();
  const modal = await office.start('oleg', 'Call back');
  await modal.shows('*Approve*');
  expect(modal.submitLabel).toBe('Complete');
  sandbox.workspace.changePerson(people.oleg, { deleted: true });
  await sandbox.traffic.settled();
  await reconcileInstance(context, '1');
  await people.olga.receives('Approve');
});

test('Slack is asked once for the person with an e-mail address', async () => {
  await open({ name: 'Approve', assignee: 'sam.supervisor@northwind.example' });
  const { people, sandbox, context } = office;
  await office.start('oleg', 'Call back');
  await people.sam.receives('Approve');
  await reconcileInstance(context, '1');
  expect(sandbox.traffic.calls.filter(({ method }) => method === 'users.lookupByEmail')).toHaveLength(1);
});

test('a task is sent as a message some time after its modal was lost without being closed', async () => {
  await open({ name: 'Write it down' });
  const { context, people } = office;
  const modal = await office.start('oleg', 'Call back');
  await modal.shows('*Write it down*');
  await office.quiet();
  // The process may be old: only the time since the person opened the task counts.
  await context.db.execute(`update starts set created_at = now() - interval '1 hour'`);
  await releaseAfter(context, { holdMs: 60_000, claimMs: 60_000 });
  expect(people.oleg.inbox()).toEqual([]);
  await releaseAfter(context, { holdMs: -1, claimMs: 60_000 });
  expect(people.oleg.inbox()).toHaveLength(1);
  await releaseAfter(context, { holdMs: -1, claimMs: -1 });
  expect(people.oleg.inbox()).toHaveLength(1);
});

test('a task message that failed when the modal was closed is sent later', async () => {
  await open({ name: 'Write it down' });
  const { context, people, engine } = office;
  const modal = await office.start('oleg', 'Call back');
  await modal.shows('*Write it down*');
  await office.quiet();
  const [held] = await context.db.select().from(taskMessages).where(isNotNull(taskMessages.viewId));
  const { getProcessInstance } = engine;
  engine.getProcessInstance = async () => {
    throw new EngineUnavailableError('away');
  };
  await expect(releaseModal(context, held?.viewId ?? '')).rejects.toThrow('away');
  engine.getProcessInstance = getProcessInstance;
  await releaseAfter(context, { holdMs: 60_000, claimMs: 60_000 });
  expect(people.oleg.inbox()).toEqual([]);
  await releaseAfter(context, { holdMs: 60_000, claimMs: -1 });
  expect(people.oleg.inbox()).toHaveLength(1);
});

test('a start that was not recorded with its instance finds it later, and everybody is notified once', async () => {
  await open({ name: 'Approve', assignee: 'U0SAM000001' });
  const { context, engine, people } = office;
  await office.start('oleg', 'Call back');
  await people.sam.receives('Approve');
  await office.quiet();
  await context.db.execute(`update starts set status = 'waiting', process_instance_key = null, due_at = null`);
  await reconcileInstance(context, '1');
  await reconcileInstance(context, '1');
  const [start] = await context.db.select().from(starts);
  expect(start).toMatchObject({ status: 'running', processInstanceKey: '1' });
  expect(people.sam.inbox()).toHaveLength(1);
  await engine.change('1', { status: 'incident', reason: 'Post lead: 500' });
  expect(await context.db.select().from(starts)).toMatchObject([
    { status: 'running', reason: { key: 'asIs', values: { text: 'Post lead: 500' } } },
  ]);
  await engine.cancelProcessInstance('1');
  await office.quiet();
  expect(await context.db.select().from(starts)).toMatchObject([{ status: 'cancelled', reason: null }]);
});

test('a task whose modal was closed is sent once Slack accepts messages again, and only once', async () => {
  office = await openOffice([{ definition: aDefinition('call', 'Call back'), tasks: [{ name: 'Call the client' }] }]);
  const { sandbox, people } = office;
  const modal = await office.start('oleg', 'Call back');
  await modal.shows('*Call the client*');
  sandbox.faults.rateLimit('chat.postMessage', { retryAfterSeconds: 2 });
  await modal.close();
  await people.oleg.receives('Call the client', { timeoutMs: 10_000 });
  await office.quiet();
  expect(people.oleg.inbox()).toHaveLength(1);
});

test('a completed task says so although the next one cannot be shown, which is sent as a message', async () => {
  await open({ name: 'Write it down' }, { name: 'Check it' });
  const { engine, people } = office;
  const modal = await office.start('oleg', 'Call back');
  await modal.shows('*Write it down*');
  await office.quiet();
  const { completeUserTask, getProcessInstance } = engine;
  engine.completeUserTask = async (request) => {
    await completeUserTask(request);
    engine.getProcessInstance = async () => {
      throw new Error('broken');
    };
  };
  await modal.submit();
  await modal.shows('*Write it down* is done');
  engine.getProcessInstance = getProcessInstance;
  await people.oleg.receives('Check it');
  await office.quiet();
  expect(people.oleg.inbox()).toHaveLength(1);
});

const releaseAfter = (context: SlackContext, tasks: Partial<Timings['tasks']>) =>
  releaseOverdue({ ...context, timings: changeTimings(context.timings, { tasks }) });
