import { eq, sql } from 'drizzle-orm';
import { afterEach, expect, test } from 'vitest';
import { EngineRefusedError } from '../../../src/engines/engine.ts';
import { notices, taskReminders } from '../../../src/slack/notices/tables.ts';
import { startReminderWorker } from '../../../src/slack/task-form/reminder-worker.ts';
import { openTasks } from '../../../src/starts/tables.ts';
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

test('people are reminded of a date that was moved, also after a reminder of the old one', async () => {
  await openTask();
  const { context, database } = office;
  const { db } = context;
  const moveDueDate = async (to: Date) => {
    await db.execute(sql`update engine_tasks set due_date = ${to.toISOString()}::timestamptz`);
    await db.execute(sql`insert into engine_changes (instance_key, due_at) select key, now() from engine_instances`);
    database.signal('engine_changed');
    const isMoved = (dates: (Date | null | undefined)[]) => dates.every((date) => date?.getTime() === to.getTime());
    await office.sandbox.traffic.until(async () => {
      const tasks = await db.select().from(openTasks);
      const rows = await db.select().from(taskReminders).where(eq(taskReminders.kind, 'due'));
      return isMoved([...tasks.map(({ dueDate }) => dueDate), ...rows.map(({ remindAt }) => remindAt)]);
    });
  };
  await moveDueDate(new Date());
  await office.people.sam.receives('This task is due');
  await office.quiet();
  await moveDueDate(hours(5));
  await office.quiet();
  expect(reminders()).toHaveLength(1);
  await moveDueDate(new Date());
  await office.sandbox.traffic.until(() => reminders().length === 2);
});

test('nobody is reminded of a date that was removed', async () => {
  await openTask();
  const { db } = office.context;
  await db.execute(sql`update engine_tasks set follow_up_date = null`);
  await passHours(1);
  wake();
  await untilDone();
  expect(reminders()).toEqual([]);
});

test('a task that the engine no longer has is not reminded of', async () => {
  await openTask();
  office.engine.getUserTask = async () => undefined;
  await passHours(1);
  wake();
  await office.sandbox.traffic.until(async () => (await office.context.db.select().from(taskReminders)).length === 0);
  expect(reminders()).toEqual([]);
});
