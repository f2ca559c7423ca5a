import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Job, type JobHandler, PermanentJobError } from '../../../src/engines/engine.ts';
import { UnavailableError } from '../../../src/errors.ts';
import { sessions } from '../../../src/sessions/tables.ts';
import { createSendMessage } from '../../../src/slack/job-handlers/send-message.ts';
import { createSendResponse } from '../../../src/slack/job-handlers/send-response.ts';
import { aDefinition, type BusyOffice, openOffice } from '../../helpers/office.ts';

let office: BusyOffice;
let sendResponse: JobHandler;
let sendMessage: JobHandler;
const { signal } = new AbortController();

beforeEach(async () => {
  office = await openOffice(
    [{ definition: aDefinition('call', 'Call back'), tasks: [{ name: 'Call' }] }],
    (sandbox) => ({
      activityChannel: sandbox.channel('leadership').id,
    }),
  );
  const { context, people } = office;
  await people.anna.invite('leadership', 'app');
  sendResponse = createSendResponse(() => context);
  sendMessage = createSendMessage(() => context);
  await (await office.start('oleg', 'Call back')).shows('*Call*');
  await office.quiet();
});
afterEach(() => office.close());

const aJob = (variables: Job['variables'], overrides: Partial<Job> = {}): Job => ({
  key: '1-7',
  type: 'live-chat:send-response',
  processInstanceKey: '1',
  elementId: 'send',
  variables,
  headers: {},
  attempt: 1,
  ...overrides,
});

const answers = () => office.channel.messagesOfApp();
const inLeadership = () =>
  office.sandbox
    .channel('leadership')
    .messagesOfApp()
    .filter((message) => message.record.metadata?.event_type === 'kickoff_job');

test('a response goes to the session; another attempt finds it and does not write it again', async () => {
  await sendResponse(aJob({ text: 'Yes, *five*.' }), signal);
  await sendResponse(aJob({ text: 'Yes, *five*.' }, { attempt: 2 }), signal);
  expect(answers().map(({ text }) => text)).toEqual(['Yes, *five*.']);
  await sendResponse(aJob({ text: 'Anything else?' }, { key: '1-8', attempt: 2 }), signal);
  expect(answers()).toHaveLength(2);
});

test('an outage of Slack is retried, a refusal is permanent', async () => {
  const { faults } = office.sandbox;
  faults.fail('chat.postMessage');
  await expect(sendResponse(aJob({ text: 'Yes.' }), signal)).rejects.toBeInstanceOf(UnavailableError);
  faults.error('chat.postMessage', 'internal_error');
  await expect(sendResponse(aJob({ text: 'Yes.' }), signal)).rejects.toBeInstanceOf(UnavailableError);
  faults.error('chat.postMessage', 'is_archived');
  await expect(sendResponse(aJob({ text: 'Yes.' }), signal)).rejects.toBeInstanceOf(PermanentJobError);
});

test('a job that fails because the app lacks a scope says which, and what to do', async () => {
  const { sandbox, people } = office;
  sandbox.workspace.removeScope('chat:write');
  const attempt = sendMessage(aJob({ text: 'Look', user: people.sam.id }), signal);
  await expect(attempt).rejects.toThrow(/lacks the scope chat:write.*OAuth & Permissions/);
  await expect(attempt).rejects.not.toBeInstanceOf(UnavailableError);
});

test('a response can go into the thread of the message that the process was started from', async () => {
  await sendResponse(aJob({ text: 'Yes.', thread: true }), signal);
  await sendResponse(aJob({ text: 'Yes.', thread: true }, { attempt: 2 }), signal);
  const [answer, ...more] = office.people.carl.sees(office.channel).filter(({ text }) => text === 'Yes.');
  expect(answer?.thread_ts).toBe(office.question.ts);
  expect(more).toEqual([]);
});

test('a rate limit is waited out; any other failure costs an attempt and nothing is sent twice', async () => {
  const { faults } = office.sandbox;
  faults.rateLimit('chat.postMessage', { retryAfterSeconds: 1 });
  await sendResponse(aJob({ text: 'One' }), signal);
  expect(answers()).toHaveLength(1);
  faults.fail('chat.postMessage', { status: 503 });
  await expect(sendResponse(aJob({ text: 'Two' }, { key: '1-8' }), signal)).rejects.not.toBeInstanceOf(
    PermanentJobError,
  );
  expect(answers()).toHaveLength(1);
  await sendResponse(aJob({ text: 'Two' }, { key: '1-8', attempt: 2 }), signal);
  expect(answers()).toHaveLength(2);
});

test.each([
  [{ text: '  ' }, '“text” is empty'],
  [{ text: null }, '“text” is empty'],
  [{ text: 'x'.repeat(40_001) }, '40001 characters'],
])('%# a message that cannot be sent is a permanent failure, with the reason', async (variables, reason) => {
  const attempt = sendResponse(aJob(variables), signal);
  await expect(attempt).rejects.toThrow(reason);
  await expect(attempt).rejects.toBeInstanceOf(PermanentJobError);
});

test('a job of a process without a session cannot answer, whatever its variables say', async () => {
  const [session] = await office.context.db.select().from(sessions);
  const job = aJob({ text: 'Hello', sessionId: session?.id ?? '' }, { processInstanceKey: '2' });
  for (const attempt of [sendResponse(job, signal), sendMessage(job, signal)]) {
    await expect(attempt).rejects.toThrow('not started from a session');
    await expect(attempt).rejects.toBeInstanceOf(PermanentJobError);
  }
  expect(answers()).toEqual([]);
});

test('a response to an archived conversation is a permanent failure', async () => {
  await office.people.anna.archive(office.channel);
  const attempt = sendResponse(aJob({ text: 'Hello' }), signal);
  await expect(attempt).rejects.toBeInstanceOf(PermanentJobError);
  // Slack may also report that the app is not a member, because archiving has removed it.
  office.sandbox.faults.error('chat.postMessage', 'not_in_channel');
  await expect(sendResponse(aJob({ text: 'Hello' }), signal)).rejects.toThrow('The conversation is archived.');
});

test('an app that was removed from the conversation says so, and does not come back to answer', async () => {
  await office.people.anna.kick(office.channel, 'app');
  await office.quiet();
  const attempt = sendResponse(aJob({ text: 'Hello' }), signal);
  await expect(attempt).rejects.toThrow('not a member of the conversation. Invite it there');
  expect(office.channel.hasApp).toBe(false);
});

test('a message goes to the activity channel, or to a colleague, once', async () => {
  const { people } = office;
  await sendMessage(aJob({ text: 'Look <!here>' }), signal);
  await sendMessage(aJob({ text: 'Look <!here>' }, { attempt: 2 }), signal);
  await sendMessage(aJob({ text: 'Look', liveChat: 'support' }, { key: '1-8' }), signal);
  expect(inLeadership().map(({ text }) => text)).toEqual(['Look @here', 'Look']);
  await sendMessage(aJob({ text: 'Please help', user: people.sam.id }, { key: '1-9' }), signal);
  await sendMessage(aJob({ text: 'Please help', user: people.sam.id }, { key: '1-9', attempt: 2 }), signal);
  await sendMessage(aJob({ text: 'You too', user: 'olga.operator@northwind.example' }, { key: '1-10' }), signal);
  expect(people.sam.inbox().map(({ text }) => text)).toEqual(['Please help']);
  expect(people.olga.inbox().map(({ text }) => text)).toEqual(['You too']);
  expect(answers()).toEqual([]);
});

test.each([
  [{ text: 'Hi', user: 'U0CARL00001' }, '“user” is a client'],
  [{ text: 'Hi', user: 'U0GINA00001' }, '“user” is a client'],
  [{ text: 'Hi', user: 'nobody@northwind.example' }, '“user” names nobody in Slack'],
  [{ text: 'Hi', liveChat: 'Sales' }, '“liveChat” names no live chat: Sales'],
])('%# a message to nobody, or to a client, is refused', async (variables, reason) => {
  const attempt = sendMessage(aJob(variables), signal);
  await expect(attempt).rejects.toThrow(reason);
  await expect(attempt).rejects.toBeInstanceOf(PermanentJobError);
});
