import type { MessageShortcut } from '@slack/bolt';
import { listBindings } from '../../bindings/queries.ts';
import { roleOf } from '../../live-chats/staff.ts';
import {
  getDeferral,
  getMessageRecord,
  listStartsOfMessage,
  type MessageRecord,
} from '../../sessions/message-trace.ts';
import { instantOf } from '../../sessions/properties.ts';
import type { Start } from '../../starts/queries.ts';
import type { Words } from '../../words/words.ts';
import { escapeMrkdwn } from '../block-kit/limits.ts';
import { sideOf } from '../conversation-events.ts';
import { type MessageEvent, type MessageReading, readMessage } from '../read-message.ts';
import type { AccessedSession } from '../session-card/session-access.ts';
import type { SlackContext } from '../slack-context.ts';
import { mentionUser } from '../task-form/views.ts';
import { explainStart } from './explain-start.ts';
import { verdictOf } from './verdict.ts';

/** What became of a message, from its delivery to the engine. Everything is mrkdwn. */
export interface Explanation {
  verdict: string;
  sections: { title: string; lines: string[] }[];
}

type ShortcutMessage = MessageShortcut['message'];

export async function explainMessage(
  context: SlackContext,
  words: Words,
  { session, liveChat }: AccessedSession,
  message: ShortcutMessage,
): Promise<Explanation> {
  const { db, identity } = context;
  const { ts } = message;
  const at = instantOf(ts);
  const reading = readMessage({ ...message, channel: session.channelId } as MessageEvent);
  const openedSession = session.openedAt.getTime() === at.getTime();
  const { teamId } = identity;
  const [record, deferral, starts, bindings] = await Promise.all([
    getMessageRecord(db, session.id, ts),
    getDeferral(db, session.channelId, ts),
    listStartsOfMessage(db, { teamId, sessionId: session.id, ts, openedSession }),
    listBindings(db, teamId, liveChat.id),
  ]);
  const start = starts.find(({ event }) => event === 'message_received');
  const verdict = verdictOf({ at, reading, record, deferral, session, liveChat, start, words });
  const boundNow = bindings.find(({ event }) => event === 'message_received')?.processName;
  return {
    verdict: words(verdict),
    sections: [
      { title: words('why.delivery'), lines: deliveryLines(words, message, record) },
      {
        title: words('why.session'),
        lines: [
          words('why.sessionIs', {
            name: escapeMrkdwn(session.givenName ?? `#${session.name}`),
            liveChat: escapeMrkdwn(liveChat.name),
          }),
          words('why.statusThen', { status: words(`session.status.${record?.sessionStatus ?? session.status}`) }),
          ...(openedSession ? [words('why.openedSession')] : []),
        ],
      },
      { title: words('why.author'), lines: await authorLines(context, words, liveChat, reading, record) },
      { title: words('why.bindings'), lines: bindingLines(words, record, starts, boundNow) },
      ...(await Promise.all(
        starts.map(async (one) => ({
          title: words('why.start', { process: escapeMrkdwn(one.processName), origin: originOf(words, one) }),
          lines: await explainStart(context, words, one),
        })),
      )),
    ],
  };
}

function originOf(words: Words, { event, startedBy }: Start): string {
  if (startedBy !== null) return mentionUser(startedBy);
  return words(event ? `event.${event}` : 'event.unknown');
}

function deliveryLines(words: Words, message: ShortcutMessage, record: MessageRecord | undefined): string[] {
  const edited: unknown = message.edited;
  return [
    words('why.sentAt', { at: words.dateTime(instantOf(message.ts)) }),
    ...(record?.author ? [words('why.receivedAt', { at: words.dateTime(record.receivedAt) })] : []),
    ...(record ? [] : [words('why.notReceived')]),
    ...(record?.author
      ? [
          words('why.repeated', {
            count: record.deliveries,
            at: words.dateTime(record.redeliveredAt ?? record.receivedAt),
          }),
        ]
      : []),
    ...(edited ? [words('why.edited')] : []),
  ];
}

/** Whose message it is, what that counted as and why, and what it would count as today if that differs. */
async function authorLines(
  context: SlackContext,
  words: Words,
  liveChat: AccessedSession['liveChat'],
  reading: MessageReading,
  record: MessageRecord | undefined,
): Promise<string[]> {
  if (reading.kind !== 'human') return [words(reading.kind === 'app' ? 'why.byApp' : 'why.byNobody')];
  const { userId } = reading;
  const role = await roleOf(liveChat, userId, context.directory.groupMembers);
  const now = await sideOf(context, liveChat, userId);
  const author = mentionUser(userId);
  const then = record?.author ?? now;
  const reason =
    then === 'staff'
      ? words(role ? `why.as.${role}` : 'why.as.staff')
      : words(
          then === 'client'
            ? liveChat.clients === 'everyone'
              ? 'why.as.client'
              : 'why.as.outsider'
            : 'why.as.bystander',
        );
  return [
    words('why.authorIs', { author, reason }),
    ...(now === then ? [] : [words('why.authorNow', { side: words(`why.side.${now}`) })]),
  ];
}

function bindingLines(
  words: Words,
  record: MessageRecord | undefined,
  starts: Start[],
  boundNow: string | undefined,
): string[] {
  const bound = starts.filter(({ event }) => event !== null);
  const used = bound.map((start) =>
    words('why.bound', { event: originOf(words, start), process: escapeMrkdwn(start.processName) }),
  );
  if (bound.some(({ event }) => event === 'message_received')) return used;
  const wasLookedAt = record?.author === 'client';
  return [
    ...used,
    ...(wasLookedAt && record.isBound === false ? [words('why.noneBound')] : []),
    ...(wasLookedAt ? [] : [words('why.notLookedAt')]),
    boundNow === undefined ? words('why.noneBoundNow') : words('why.boundNow', { process: escapeMrkdwn(boundNow) }),
  ];
}
