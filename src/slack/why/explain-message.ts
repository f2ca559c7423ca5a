import type { MessageShortcut } from '@slack/bolt';
import type { BindingEvent } from '../../bindings/binding-kinds.ts';
import { listBindings } from '../../bindings/queries.ts';
import { isMessageSetAside } from '../../intake/conversation-queue.ts';
import {
  getDeferral,
  getMessageRecord,
  type HeldBackEvent,
  listHeldBackBeside,
  listStartsOfMessage,
  type MessageRecord,
} from '../../intake/message-trace.ts';
import type { Author } from '../../intake/session-event.ts';
import { listComingWaits } from '../../intake/waits/coming-waits.ts';
import { type Role, roleOf } from '../../live-chats/staff.ts';
import { missingFiles, seeFiles } from '../../sessions/message-files.ts';
import { instantOf } from '../../sessions/properties.ts';
import type { Start } from '../../starts/queries.ts';
import { type Message, message } from '../../words/message.ts';
import type { Words } from '../../words/words.ts';
import { leftOutLines } from '../block-kit/left-out.ts';
import { joined, type Markup, markup, mention, say } from '../block-kit/markup.ts';
import { sideOf } from '../conversation-events.ts';
import { type MessageEvent, readContent } from '../read-message.ts';
import type { AccessedSession } from '../rights/access-session.ts';
import type { SlackContext } from '../slack-context.ts';
import { isForeign, type OwnedMessage, whoseMessage } from '../whose-message.ts';
import { explainHeldBack } from './explain-held-back.ts';
import { explainStart } from './explain-start.ts';
import { type Evidence, verdictsOf } from './verdict.ts';

/** Explains what happened to a message, from its delivery to the engine. */
export interface Explanation {
  verdicts: Markup[];
  sections: { title: Markup; lines: Markup[] }[];
}

type ShortcutMessage = MessageShortcut['message'];

/** The reasons for what a message did: its author's role, and the result of every binding that was tried. */
export async function explainMessage(
  context: SlackContext,
  words: Words,
  { session, liveChat }: AccessedSession,
  shown: ShortcutMessage,
): Promise<Explanation> {
  const { db, identity } = context;
  const { ts } = shown;
  const at = instantOf(ts);
  const reading = await whoseMessage(context, { ...shown, channel: session.channelId } as MessageEvent);
  const openedSession = session.openedAt.getTime() === at.getTime();
  const { teamId } = identity;
  const [record, deferral, isUnpublished, beside, starts, bindings, coming] = await Promise.all([
    getMessageRecord(db, session.id, ts),
    getDeferral(db, session.channelId, ts),
    isMessageSetAside(db, session.id, ts),
    listHeldBackBeside(db, { sessionId: session.id, ts, limit: mostBeside }),
    listStartsOfMessage(db, { teamId, sessionId: session.id, ts, openedSession }),
    listBindings(db, teamId, liveChat.id),
    listComingWaits(db, liveChat, { sessionId: session.id, ts }),
  ]);
  const isHidden = await hides(context, liveChat, reading);
  const verdicts = verdictsOf({ at, reading, isHidden, record, deferral, session, liveChat, starts, words });
  const boundNow = bindings.flatMap(({ event, isOn, processName: process }) =>
    isOn && isOfMessage(event) ? [say(words, 'why.bound', { event: words(`event.${event}`), process })] : [],
  );
  const heldBack = await Promise.all((record?.heldBack ?? []).map((one) => explainHeldBack(context, words, one)));
  const waits = coming.map(({ event, processName: process, at }) =>
    say(words, `why.coming.${event}`, { event: words(`event.${event}`), process, at: words.dateTime(at) }),
  );
  const reactions = await besideLines(
    context,
    words,
    beside.filter(({ kind }) => kind === 'reaction'),
  );
  const others = await besideLines(
    context,
    words,
    beside.filter(({ kind }) => kind !== 'reaction'),
  );
  return {
    verdicts: [...verdicts.map((verdict) => say(words, verdict)), ...byHandLines(words, starts)],
    sections: [
      {
        title: say(words, 'why.delivery'),
        lines: [
          ...deliveryLines(words, shown, record, isUnpublished),
          ...leftOutLines(words, await missingIn(context, shown, starts)),
        ],
      },
      {
        title: say(words, 'why.session'),
        lines: [
          say(words, 'why.sessionIs', {
            name: session.givenName ?? `#${session.name}`,
            liveChat: liveChat.name,
          }),
          say(words, 'why.statusThen', { status: words(`session.status.${record?.sessionStatus ?? session.status}`) }),
          ...(openedSession ? [say(words, 'why.openedSession')] : []),
        ],
      },
      {
        title: say(words, 'why.author'),
        lines: await authorLines(context, words, liveChat, reading, { record, isHidden }),
      },
      {
        title: say(words, 'why.bindings'),
        lines: [...heldBack, ...bindingLines(words, record, starts, boundNow), ...reactions, ...waits],
      },
      ...(others.length > 0 ? [{ title: say(words, 'why.elsewhere'), lines: others }] : []),
      ...(await Promise.all(
        starts.map(async (one) => ({
          title: say(words, 'why.start', { process: one.processName, origin: originOf(words, one) }),
          lines: await explainStart(context, words, one),
        })),
      )),
    ],
  };
}

/** Maximum number of other events shown. */
const mostBeside = 10;

/** Bindings that were held back at other events than the message. */
async function besideLines(context: SlackContext, words: Words, events: HeldBackEvent[]): Promise<Markup[]> {
  const lines = events.flatMap(({ at, slackTs, kind, heldBack }) =>
    (heldBack ?? []).map(async (one) => {
      const line = await explainHeldBack(context, words, one);
      const emoji = kind === 'reaction' ? `:${slackTs.split(':')[1]}: ` : '';
      return markup`${words.dateTime(at)}: ${emoji}${line}`;
    }),
  );
  return Promise.all(lines);
}

/** Whether the author's role matters, but Slack does not show them. */
async function hides(
  { directory }: SlackContext,
  { clients }: AccessedSession['liveChat'],
  reading: OwnedMessage,
): Promise<boolean> {
  return reading.kind === 'human' && clients !== 'everyone' && !(await directory.person(reading.userId));
}

function byHandLines(words: Words, starts: Start[]): Markup[] {
  return starts.flatMap(({ startedBy, processName: process }) =>
    startedBy === null ? [] : [say(words, 'why.byHand', { person: mention(startedBy), process })],
  );
}

/** Whether a client's message triggers this event. */
const isOfMessage = (event: BindingEvent) => event === 'client_first_message' || event === 'message_received';

function originOf(words: Words, { event, startedBy }: Start): Markup {
  if (startedBy !== null) return mention(startedBy);
  return say(words, event ? `event.${event}` : 'event.unknown');
}

function deliveryLines(
  words: Words,
  { ts, edited }: ShortcutMessage,
  record: MessageRecord | undefined,
  isUnpublished: boolean,
): Markup[] {
  return [
    say(words, 'why.sentAt', { at: words.dateTime(instantOf(ts)) }),
    ...(record?.author ? [say(words, 'why.receivedAt', { at: words.dateTime(record.receivedAt) })] : []),
    ...(record ? [] : [say(words, 'why.notReceived')]),
    ...(record?.author
      ? [
          say(words, 'why.repeated', {
            count: record.deliveries,
            at: words.dateTime(record.redeliveredAt ?? record.receivedAt),
          }),
        ]
      : []),
    ...(isUnpublished ? [say(words, 'why.publishingSetAside')] : []),
    ...(edited ? [say(words, 'why.edited')] : []),
  ];
}

/** Why files of the message were left out of its starts, or would be today. */
async function missingIn({ directory }: SlackContext, shown: ShortcutMessage, starts: Start[]): Promise<Message[]> {
  const given = starts.find(({ facts }) => facts.message?.ts === shown.ts)?.facts.message?.files;
  return missingFiles(await seeFiles(directory, given ?? readContent(shown).files));
}

/** The role that the author counted as and why; and the role they would have today, if known and different. */
async function authorLines(
  context: SlackContext,
  words: Words,
  liveChat: AccessedSession['liveChat'],
  reading: OwnedMessage,
  { record, isHidden }: Pick<Evidence, 'record' | 'isHidden'>,
): Promise<Markup[]> {
  if (reading.kind !== 'human') return [say(words, reading.kind === 'app' ? 'why.byApp' : 'why.byNobody')];
  const { userId, team } = reading;
  const role = await roleOf(liveChat, userId, context.directory.groupMembers);
  const now = await sideOf(context, liveChat, reading);
  const then = record?.author ?? now;
  const isKnown = !isHidden || isForeign(context.identity, team) !== undefined;
  const reason = words(whyCounted(then, { role, liveChat, isHidden }));
  return [
    say(words, 'why.authorIs', { author: mention(userId), reason }),
    ...(now === then || !isKnown ? [] : [say(words, 'why.authorNow', { side: words(`why.side.${now}`) })]),
  ];
}

/** Why the author counted as a client, staff or neither. */
function whyCounted(
  then: Author,
  { role, liveChat, isHidden }: { role: Role | undefined; liveChat: AccessedSession['liveChat']; isHidden: boolean },
): Message {
  switch (then) {
    case 'staff':
      return message(role ? `why.as.${role}` : 'why.as.staff');
    case 'client':
      if (liveChat.clients === 'everyone') return message('why.as.client');
      return message(isHidden ? 'why.as.hiddenOutsider' : 'why.as.outsider');
    case 'bystander':
      return message(isHidden ? 'why.as.hidden' : 'why.as.bystander');
    case 'process':
    case 'app':
      return message('why.as.app');
  }
}

function bindingLines(words: Words, record: MessageRecord | undefined, starts: Start[], boundNow: Markup[]): Markup[] {
  const bound = starts.filter(({ event }) => event !== null);
  const used = bound.map((start) =>
    say(words, 'why.bound', { event: originOf(words, start), process: start.processName }),
  );
  if (bound.length > 0 || record?.heldBack) return used;
  const wasLookedAt = record?.author === 'client';
  return [
    ...used,
    ...(wasLookedAt && record.isBound === false ? [say(words, 'why.noneBound')] : []),
    ...(wasLookedAt ? [] : [say(words, 'why.notLookedAt')]),
    boundNow.length === 0
      ? say(words, 'why.noneBoundNow')
      : say(words, 'why.boundNow', { bindings: joined(boundNow, '; ') }),
  ];
}
