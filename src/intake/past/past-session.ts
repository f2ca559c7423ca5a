import { isOpenAt } from '../../live-chats/business-hours.ts';
import type { LiveChat } from '../../live-chats/live-chat.ts';
import { instantOf } from '../../sessions/properties.ts';
import type { MessageFacts, SessionFacts, TranscriptMessage } from '../../sessions/session-facts.ts';
import { transcriptLength } from '../../sessions/transcript.ts';
import { countClosings, type StatusChange } from '../closings.ts';
import { type Author, isPersons } from '../session-event.ts';
import type { KeptEvent, KeptSession } from './read-past.ts';

/** A live chat as it is now. */
export type PastLiveChat = Pick<LiveChat, 'name' | 'businessHours'>;

/** A session as it was, event by event. */
export interface PastSession {
  hear(event: KeptEvent): void;
  closings(): number;
  /** The first message that a client wrote there, by its ts. */
  firstClientTs(): string | undefined;
  authorOf(ts: string): Author | undefined;
  /** Undefined: it is not kept any more. */
  message(ts: string): MessageFacts | undefined;
  /** `clientUserId`: who wrote the message, if that is a client. */
  factsNow(at: Date, message: MessageFacts | null, clientUserId: string | null | undefined): SessionFacts;
  transcriptNow(): TranscriptMessage[];
}

/**
 * Goes through a session again, from its beginning. What is not kept is taken from the session as it is: its name, who chose
 * its client, and the operator where the message that they answered with is gone.
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
    // What has no event was read in the channel, from before the app was there.
    transcriptNow: () =>
      messages
        .filter(({ ts }) => heard.has(ts) || !authors.has(ts))
        .slice(-transcriptLength)
        .map(({ ts, userId, authorName, text }) => ({ ts, userId, authorName, text })),
  };
}

const latest = (one: Date | null, other: Date) => (one && one > other ? one : other);
