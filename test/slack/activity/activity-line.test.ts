import { expect, test } from 'vitest';
import { type ActivityLine, activityLine } from '../../../src/slack/activity/activity-line.ts';
import { message } from '../../../src/words/message.ts';
import { english, wordsIn } from '../../../src/words/words.ts';

const asIs = (text: string) => message('asIs', { text });

type Overrides = Partial<Omit<ActivityLine, 'start'>> & { start?: Partial<ActivityLine['start']> };

function textOf({ start, ...line }: Overrides): string {
  return JSON.stringify(activityLine(english, aLine({ start: start ?? {}, ...line })));
}

function aLine({ start, ...line }: Overrides): ActivityLine {
  return {
    start: {
      id: 'start-1',
      processName: 'Create lead',
      status: 'running',
      reason: null,
      event: null,
      processInstanceKey: '1',
      isHeld: false,
      waitingJoins: null,
      facts: {
        liveChatName: 'Support',
        channelId: 'C1',
        sessionName: 'support-acme',
        status: 'open',
        messageCount: 1,
        openedAt: '2026-01-01T00:00:00Z',
        closedAt: null,
        clientUserId: 'U1',
        operatorUserId: null,
        transcript: [],
        message: null,
      },
      ...start,
    },
    startedBy: 'Oleg Operator',
    client: 'Carl Client',
    link: 'https://northwind.slack.com/archives/C1',
    tasks: [],
    offerRetry: true,
    ...line,
  };
}

test('a line names process, client, conversation and who started it', () => {
  expect(textOf({})).toContain(
    '*Create lead* for Carl Client in <https://northwind.slack.com/archives/C1|#support-acme>, started by Oleg Operator',
  );
});

test('an automatic start names its event, and no client if none is known', () => {
  const text = textOf({ startedBy: undefined, client: undefined, start: { event: 'message_received' } });
  expect(text).toContain('*Create lead* in <');
  expect(text).toContain('started on _Message received_');
});

test('names of people are not read as markup', () => {
  const text = textOf({ client: '<!channel> & Sons', start: { processName: '<b>' } });
  expect(text).toContain('&lt;!channel&gt; &amp; Sons');
  expect(text).not.toContain('<b>');
});

test('joins are named beside tasks, in English and Russian', () => {
  const start = { waitingJoins: [{ name: 'Both done', missing: 1, of: 2 }] };
  const tasks = [{ name: 'Ask', holders: ['Olga'], unknown: [] }];
  expect(textOf({ start })).toContain('▶️ Running: waits at *Both done* for 1 of 2');
  expect(textOf({ start, tasks })).toContain('“Ask” waits for Olga; waits at *Both done* for 1 of 2');
  const russian = activityLine(wordsIn({ locale: 'ru-RU' }), aLine({ start }));
  expect(JSON.stringify(russian)).toContain('ждёт в *Both done*: нет 1 из 2');
});

test.each([
  [{ start: { status: 'waiting' } }, '⏳ Starting'],
  [{ start: { status: 'waiting', reason: asIs('engine away') } }, '⏳ Waits and is tried again: engine away'],
  [{ start: { status: 'running', reason: asIs('Post lead: 500') } }, '⚠️ Stuck: Post lead: 500'],
  [{ tasks: [{ name: 'Approve', holders: ['@support', 'Sam'], unknown: [] }] }, '“Approve” waits for @support and Sam'],
  [{ tasks: [{ name: 'Approve', holders: [], unknown: [] }] }, '“Approve” waits for nobody'],
  [
    { tasks: [{ name: 'Approve', holders: ['Sam'], unknown: ['suport', '<!here>'] }] },
    '“Approve” waits for Sam (the process names suport and &lt;!here&gt;, who cannot be reached here)',
  ],
  [
    { tasks: [{ name: 'T', holders: ['1', '2', '3', '4', '5', '6', '7'], unknown: [] }] },
    'waits for 1, 2, 3, 4, 5, and 2 more',
  ],
  [{ start: { status: 'completed' } }, '✅ Completed'],
  [{ start: { status: 'cancelled' } }, '🚫 Cancelled'],
  [{ start: { status: 'failed', reason: asIs('no “Name”') } }, '❌ Failed: no “Name”'],
] as [Overrides, string][])('%# shows the state', (overrides, text) => {
  expect(textOf(overrides)).toContain(text);
});

test('a start that never ran, or has an incident, can be retried', () => {
  expect(textOf({ start: { status: 'failed', processInstanceKey: null } })).toContain('"Retry"');
  expect(textOf({ start: { status: 'failed', processInstanceKey: '1' } })).not.toContain('"Retry"');
  expect(textOf({ start: { status: 'waiting', processInstanceKey: null } })).not.toContain('"Retry"');
  expect(textOf({ start: { status: 'running', reason: asIs('Post lead: 500') } })).toContain('"Retry"');
  expect(textOf({ start: { status: 'running' } })).not.toContain('"Retry"');
});
