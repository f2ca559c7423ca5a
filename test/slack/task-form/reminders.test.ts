import { sql } from 'drizzle-orm';
import { afterEach, expect, test } from 'vitest';
import { EngineRefusedError } from '../../../src/engines/engine.ts';
import { notices, taskReminders } from '../../../src/slack/notices/tables.ts';
import { startReminderWorker } from '../../../src/slack/task-form/reminder-worker.ts';
import { aDefinition, type BusyOffice, openOffice } from '../../helpers/office.ts';

let office: BusyOffice;
afterEach(() => office.close());

const hours = (count: number) => new Date(Date.now() + count * 3_600_000);

/** A task of Sam's, with a follow-up and a due date in some hours, of which he was notified. */
const openTask = async () => {
  const task = { name: 'Approve', assignee: 'U0SAM000001', followUpDate: hours(1), dueDate: hours(2) };
  office = await openOffice([{ definition: aDefinition('call', 'Call back'), tasks: [task] }]);
  await office.start('oleg', 'Call back');
  await office.people.sam.receives('Approve');
  await office.quiet();
};

/** Makes rows older, as if this many hours had passed. */
const passHours = (count: number) =>
  office.context.db.execute(sql`update task_reminders set remind_at = remind_at - ${count} * interval '1 hour',
    due_at = due_at - ${count} * interval '1 hour'`);

const wake = () => office.context.database.signal('reminders_due');

const untilDone = () =>
  office.sandbox.traffic.until(async () =>
    (await office.context.db.select().from(taskReminders)).every(({ dueAt }) => dueAt === null || dueAt > hours(0.5)),
  );

const reminders = () => office.people.sam.inbox().filter(({ text }) => /is due|come back/.test(text));

test('a person who was notified late is reminded once, of the later date', async () => {
  await openTask();
  await passHours(5);
  wake();
  await office.people.sam.receives('This task is due');
  await untilDone();
  expect(reminders().map(({ text }) => text)).toEqual(['This task is due: Approve']);
});

test('two replicas remind once', async () => {
  await openTask();
  const other = await startReminderWorker(office.context);
  await passHours(1);
  wake();
  await office.people.sam.receives('come back');
  await untilDone();
  await other.stop();
  expect(reminders()).toHaveLength(1);
});

test('a reminder that a crashed Kickoff had sent, and not noted, is not sent again', async () => {
  await openTask();
  const { db } = office.context;
  await passHours(1);
  wake();
  const { ts } = await office.people.sam.receives('come back');
  await untilDone();
  await db.update(notices).set({ channelId: null, ts: null, shown: null });
  await db.execute(sql`update task_reminders set due_at = now() where kind = 'follow_up'`);
  wake();
  await untilDone();
  expect(reminders()).toHaveLength(1);
  const [row] = await db.select().from(notices);
  expect(row?.ts).toBe(ts);
});

test('a reminder waits while Slack is unavailable, and is sent afterwards', async () => {
  await openTask();
  office.sandbox.faults.error('conversations.open', 'internal_error', 1);
  await passHours(1);
  wake();
  await office.people.sam.receives('come back', { timeoutMs: 10_000 });
  await untilDone();
  expect(reminders()).toHaveLength(1);
});

test('a reminder waits while the engine cannot show the task, and is sent afterwards', async () => {
  await openTask();
  const { engine } = office;
  const { getUserTask } = engine;
  engine.getUserTask = async () => {
    engine.getUserTask = getUserTask;
    throw new EngineRefusedError('the engine has no connection to its database');
  };
  await passHours(1);
  wake();
  await office.people.sam.receives('come back', { timeoutMs: 10_000 });
  await untilDone();
  expect(reminders()).toHaveLength(1);
});

test('a task that the engine no longer has is not reminded of', async () => {
  await openTask();
  office.engine.getUserTask = async () => undefined;
  await passHours(1);
  wake();
  await office.sandbox.traffic.until(async () => (await office.context.db.select().from(taskReminders)).length === 0);
  expect(reminders()).toEqual([]);
});
