import { isOpenAt } from '../../live-chats/business-hours.ts';
import type { LiveChat } from '../../live-chats/live-chat.ts';
import { instantOf } from '../../sessions/properties.ts';
import type { MessageFacts, SessionFacts, TranscriptMessage } from '../../sessions/session-facts.ts';
import { transcriptLength } from '../../sessions/transcript.ts';
import { countClosings, type StatusChange } from '../closings.ts';
import { type Author, isPersons } from '../session-event.ts';
import type { KeptEvent, KeptSession } from './read-past.ts';

/** The current settings of a live chat. */
export type PastLiveChat = Pick<LiveChat, 'name' | 'businessHours'>;

/** A session's state, replayed event by event. */
export interface PastSession {
  hear(event: KeptEvent): void;
  closings(): number;
  /** The ts of the first client message so far. */
  firstClientTs(): string | undefined;
  authorOf(ts: string): Author | undefined;
  /** Returns undefined if the message is no longer stored. */
  message(ts: string): MessageFacts | undefined;
  /** `clientUserId`: the author of the message, if they are a client. */
  factsNow(at: Date, message: MessageFacts | null, clientUserId: string | null | undefined): SessionFacts;
  transcriptNow(): TranscriptMessage[];
}

/**
 * Replays a session from its beginning. Data without a history is taken from the session as it is now: its name, who chose its
 * client, and the operator if the message they answered with is gone.
 */
export function pastSession({ session, events, messages }: KeptSession, liveChat: PastLiveChat): PastSession {
  const kept = new Map(messages.map((message) => [message.ts, message]));
  const authors = new Map(
    events.flatMap(({ kind, slackTs, author }) => (kind === 'message' ? [[slackTs, author]] : [])),
  );
  const counts = ({ kind, author }: KeptEvent) => kind === 'message' && isPersons(author);
  const lastAnswer = events.findLast(({ kind, author }) => kind === 'message' && author === 'staff')?.slackTs;
  const changes: StatusChange[] = [];
  const heard = new Set<string>();
  let messageCount = session.messageCount - events.filter(counts).length;
  let closings = 0;
  let firstClientTs: string | undefined;
  let answerTs: string | undefined;
  let lastClientMessageAt: Date | null = null;
  let lastAnsweredAt: Date | null = null;

  const clientNow = (): string | null => {
    if (session.clientOrigin !== 'message') return session.clientUserId;
    return firstClientTs === undefined ? null : (kept.get(firstClientTs)?.userId ?? session.clientUserId);
  };
  const operatorNow = (): string | null => {
    if (answerTs === undefined) return null;
    return answerTs === lastAnswer ? session.operatorUserId : (kept.get(answerTs)?.userId ?? null);
  };

  return {
    hear(event) {
      const { kind, slackTs, author, at } = event;
      if (kind === 'closed' || kind === 'reopened') {
        changes.push({ kind, slackTs });
        closings = Math.max(closings, countClosings(changes).closings);
      }
      if (kind !== 'message') return;
      heard.add(slackTs);
      if (counts(event)) messageCount += 1;
      if (author === 'client') {
        firstClientTs ??= slackTs;
        lastClientMessageAt = latest(lastClientMessageAt, at);
      } else if (author === 'staff') {
        answerTs = slackTs;
        lastAnsweredAt = latest(lastAnsweredAt, at);
      }
    },
    closings: () => closings,
    firstClientTs: () => firstClientTs,
    authorOf: (ts) => authors.get(ts) ?? undefined,
    message(ts) {
      const found = kept.get(ts);
      if (!found) return undefined;
      const { threadTs, userId, text, files } = found;
      return { ts, ...(threadTs === null ? {} : { threadTs }), userId: userId ?? '', text, files: files ?? [] };
    },
    factsNow(at, message, clientUserId) {
      const { closedTs } = countClosings(changes);
      return {
        liveChatName: liveChat.name,
        channelId: session.channelId,
        sessionName: session.givenName ?? session.name,
        status: closedTs === undefined ? 'open' : 'closed',
        messageCount,
        openedAt: session.openedAt.toISOString(),
        closedAt: closedTs === undefined ? null : instantOf(closedTs).toISOString(),
        clientUserId: session.clientOrigin === 'chosen' ? session.clientUserId : (clientUserId ?? clientNow()),
        operatorUserId: operatorNow(),
        lastClientMessageAt: lastClientMessageAt?.toISOString() ?? null,
        lastAnsweredAt: lastAnsweredAt?.toISOString() ?? null,
        isBusinessHours: isOpenAt(liveChat.businessHours, at),
        transcript: [],
        message,
      };
    },
    // Messages without an event were read from the channel's history, before the app joined.
    transcriptNow: () =>
      messages
        .filter(({ ts }) => heard.has(ts) || !authors.has(ts))
        .slice(-transcriptLength)
        .map(({ ts, userId, authorName, text }) => ({ ts, userId, authorName, text })),
  };
}

const latest = (one: Date | null, other: Date) => (one && one > other ? one : other);
