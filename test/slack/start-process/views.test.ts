import { expect, test } from 'vitest';
import type { UserTask } from '../../../src/engines/engine.ts';
import { showForm } from '../../../src/processes/show-form.ts';
import { say } from '../../../src/slack/block-kit/markup.ts';
import { readPlace, type StartPlace, writePlace } from '../../../src/slack/start-process/start-place.ts';
import {
  failedModal,
  startFormModal,
  startProcessModal,
  waitingModal,
} from '../../../src/slack/start-process/views.ts';
import { utcOffset } from '../../../src/slack/task-form/utc-offset.ts';
import { closedTask, mentionHolders, taskFormModal } from '../../../src/slack/task-form/views.ts';
import { message } from '../../../src/words/message.ts';
import { english } from '../../../src/words/words.ts';

const place: StartPlace = {
  channelId: 'C1',
  message: { ts: '1.1', userId: 'U1', content: { text: 'Hello', files: [] } },
};
const from = { place, sessionName: 'a<b', client: { id: 'U1', name: 'C & A', company: '<Acme>' } };

test('the first modal names session and client, literally', () => {
  const text = JSON.stringify(startProcessModal(english, from));
  expect(text).toContain('#a&lt;b');
  expect(text).toContain('<@U1> (C &amp; A, &lt;Acme&gt;)');
  expect(JSON.stringify(startProcessModal(english, { ...from, client: undefined }))).toContain('not known yet');
});

test('titles fit, and a form with more than Slack has room for says so', () => {
  const items = (length: number) =>
    Array.from({ length }, (_, index) => ({ kind: 'text' as const, text: `Line ${index}` }));
  const definition = {
    id: 'p',
    name: 'A process with a very long name indeed',
    version: 1,
    parameters: [],
  };
  const modalOf = (length: number) =>
    startFormModal(english, from, definition, showForm({ id: 'f', items: items(length) }));
  const modal = modalOf(90);
  expect(modal.title.text).toHaveLength(24);
  expect(modal.blocks).toHaveLength(91);
  expect(() => modalOf(91)).toThrow('it has 91 fields and texts at once now, and Slack has room for 90');
  expect(modal.submit?.text).toBe('Start');
});

test('a message that is too long for private_metadata is left out of it', () => {
  const long = { ...place, message: { ts: '1.1', userId: 'U1', content: { text: '€'.repeat(3000), files: [] } } };
  expect(writePlace(long).length).toBeLessThanOrEqual(3000);
  expect(readPlace(writePlace(long)).message).toEqual({ ts: '1.1', userId: 'U1' });
  expect(readPlace(writePlace(place))).toEqual(place);
  expect(() => readPlace('{"channelId":1}')).toThrow('Please use the shortcut again');
});

const asIs = (text: string) => message('asIs', { text });

test('a start that waits or failed tells why', () => {
  expect(JSON.stringify(waitingModal(english, { processName: 'P', reason: asIs('the <engine> is away') }))).toContain(
    '*P* waits: the &lt;engine&gt; is away',
  );
  const failed = { id: 's', processName: 'P', reason: asIs('why'), processInstanceKey: null };
  expect(JSON.stringify(failedModal(english, failed))).toContain('"Retry"');
  expect(JSON.stringify(failedModal(english, { ...failed, processInstanceKey: '1' }))).not.toContain('"Retry"');
});

const task: UserTask = {
  key: '1-1',
  processInstanceKey: '1',
  processDefinitionId: 'p',
  processName: 'P',
  elementId: 't',
  name: '<Approve>',
  status: 'open',
  assignee: undefined,
  candidateUsers: [],
  candidateGroups: [],
  form: undefined,
  variables: {},
  completedBy: undefined,
  createdAt: new Date(),
  dueDate: undefined,
  followUpDate: undefined,
};

test('a task without a form shows its name and a Complete button', () => {
  const modal = taskFormModal(english, task);
  expect(modal.submit?.text).toBe('Complete');
  expect(JSON.stringify(modal.blocks)).toContain('*&lt;Approve&gt;*');
});

test('a task that is over says who did it, if anybody did', () => {
  expect(say(english, closedTask({ ...task, status: 'completed', completedBy: 'U1' })).source).toContain(
    'completed by <@U1>',
  );
  expect(english(closedTask({ ...task, status: 'completed' }))).toContain('was already completed.');
  expect(english(closedTask({ ...task, status: 'cancelled' }))).toContain('no longer needed');
});

test('the holders of a task are named, with a limit', () => {
  const groups = [{ id: 'S1', name: 'Support', handle: 'support' }];
  expect(mentionHolders(english, { userIds: ['U1'], groups }).source).toBe('@support and <@U1>');
  expect(mentionHolders(english, { userIds: ['U1', 'U2', 'U3', 'U4', 'U5', 'U6', 'U7'], groups: [] }).source).toMatch(
    /and 2 more$/,
  );
  expect(mentionHolders(english, { userIds: [], groups: [] }).source).toContain('nobody');
});

test.each([
  ['Europe/Berlin', '2026-07-01T00:00:00Z', 7200],
  ['America/New_York', '2026-01-01T00:00:00Z', -18_000],
  ['Asia/Kolkata', '2026-01-01T00:00:00Z', 19_800],
  ['UTC', '2026-01-01T00:00:00Z', 0],
  ['Nowhere/Land', '2026-01-01T00:00:00Z', 0],
  [undefined, '2026-01-01T00:00:00Z', 0],
])('%s at %s is %d seconds ahead of UTC', (zone, at, seconds) => {
  expect(utcOffset(zone, new Date(at))).toBe(seconds);
});
