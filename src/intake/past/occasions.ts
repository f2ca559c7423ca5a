import type { BindingEvent } from '../../bindings/binding-kinds.ts';
import type { NewReaction, Reactor } from '../../bindings/reactions.ts';
import type { EarlierStarts } from '../../bindings/replay.ts';
import type { MessageFacts, SessionFacts } from '../../sessions/session-facts.ts';
import { type PastLiveChat, type PastSession, pastSession } from './past-session.ts';
import { type PastStarts, pastStarts } from './past-starts.ts';
import type { KeptEvent, KeptSession } from './read-past.ts';

/** Something that happened in a session, with the session's facts at that time. */
export interface PastOccasion {
  id: string;
  sessionId: string;
  at: Date;
  /** Milliseconds since 1970. */
  heardAt: number;
  /** The session was marked as spam, so that nothing started. */
  isSpam: boolean;
  isAwaited: boolean;
  reaction?: NewReaction;
  facts: SessionFacts;
  /** The starts that really happened, by binding id. */
  started: ReadonlyMap<string, string>;
  /** The starts that were really running in the session, by process definition id. */
  running: ReadonlyMap<string, string>;
  /** Only for waits: the bindings whose waiting time ended. */
  bindingIds?: readonly string[];
  /** Only for waits: when somebody answered before the time of these bindings was over. */
  answeredAt?: Date;
}

/** An event as bindings see it (see {@link Fact}). `message` undefined: its message is no longer stored. */
interface PastFact {
  key: string;
  message: MessageFacts | null | undefined;
  isFirst?: boolean;
  reaction?: NewReaction;
  clientUserId?: string | null;
}

/**
 * The occasions of an event in a session, in the order in which Kickoff received them, each with the session's facts at that
 * time, as far as they are stored. Occasions whose message is no longer stored are left out.
 */
export function occasionsOf(
  kept: KeptSession,
  liveChat: PastLiveChat,
  event: BindingEvent,
): { occasions: PastOccasion[]; earlier: EarlierStarts } {
  const past = pastSession(kept, liveChat);
  const starts = pastStarts(kept);
  const occasions: PastOccasion[] = [];
  let earlier: EarlierStarts | undefined;
  for (const delivery of deliveriesOf(kept.events)) {
    const closingsBefore = past.closings();
    for (const heard of delivery) past.hear(heard);
    for (const heard of delivery) {
      const fact = factOf(past, event, heard, delivery, closingsBefore);
      const occasion = fact && occasionOf(past, starts, event, heard, fact);
      if (!occasion) continue;
      earlier ??= starts.lastBefore(heard.id, heard.heardAt);
      occasions.push(occasion);
    }
  }
  return { occasions, earlier: earlier ?? new Map() };
}

/**
 * Groups events that were recorded at one instant, and so by one delivery: a first message may also have created its session.
 */
function deliveriesOf(events: KeptEvent[]): KeptEvent[][] {
  const deliveries: KeptEvent[][] = [];
  for (const event of events) {
    const last = deliveries.at(-1);
    if (last?.[0]?.heardAt === event.heardAt) last.push(event);
    else deliveries.push([event]);
  }
  return deliveries;
}

/** Returns undefined if the event is not an occasion. */
function factOf(
  past: PastSession,
  event: BindingEvent,
  { kind, slackTs, author }: KeptEvent,
  delivery: KeptEvent[],
  closingsBefore: number,
): PastFact | undefined {
  switch (event) {
    case 'session_created':
      return kind === 'created' ? { key: '', message: null } : undefined;
    case 'client_first_message':
    case 'message_received': {
      if (kind !== 'message' || author !== 'client') return undefined;
      const isFirst = past.firstClientTs() === slackTs;
      if (event === 'client_first_message' && !isFirst) return undefined;
      const message = past.message(slackTs);
      return { key: slackTs, message, isFirst, ...(message ? { clientUserId: message.userId } : {}) };
    }
    case 'reaction_added':
      return kind === 'reaction' ? reactionFact(past, slackTs, delivery) : undefined;
    case 'session_closed': {
      const isCounted = kind === 'closed' && past.closings() > closingsBefore;
      return isCounted ? { key: String(past.closings()), message: null } : undefined;
    }
    default:
      return undefined;
  }
}

function reactionFact(past: PastSession, slackTs: string, delivery: KeptEvent[]): PastFact | undefined {
  const [ts = '', emoji = ''] = slackTs.split(':');
  const key = `${ts}:${emoji}`;
  const isNew = (from: string) => delivery.some((one) => one.kind === 'reaction' && one.slackTs === from);
  const newFrom: Reactor[] = [
    ...(isNew(key) ? (['anybody'] as const) : []),
    ...(isNew(`${key}:staff`) ? (['staff'] as const) : []),
  ];
  // A reaction that is new from anybody and from the staff at once is one occasion.
  if (newFrom.length === 2 && slackTs === key) return undefined;
  const message = past.message(ts);
  const isOfClient = past.authorOf(ts) === 'client';
  return {
    key,
    message,
    reaction: { emoji, newFrom },
    ...(isOfClient ? { isFirst: past.firstClientTs() === ts } : {}),
    ...(isOfClient && message ? { clientUserId: message.userId } : {}),
  };
}

function occasionOf(
  past: PastSession,
  starts: PastStarts,
  event: BindingEvent,
  { id, sessionId, at, heardAt, sessionStatus, isAwaited }: KeptEvent,
  { key, message, isFirst, reaction, clientUserId }: PastFact,
): PastOccasion | undefined {
  const started = starts.of(event, key);
  const then = started[0]?.facts ?? (message === undefined ? undefined : past.factsNow(at, message, clientUserId));
  if (!then) return undefined;
  return {
    id: String(id),
    sessionId,
    at,
    heardAt: heardAt / 1000,
    isSpam: sessionStatus === 'spam',
    isAwaited: isAwaited ?? false,
    ...(reaction ? { reaction } : {}),
    facts: {
      ...then,
      ...(isFirst === undefined ? {} : { isFirstMessage: isFirst }),
      ...(reaction ? { reaction: then.reaction ?? { emoji: reaction.emoji, ts: '0' } } : {}),
      transcript: past.transcriptNow(),
    },
    started: new Map(
      started.flatMap((start) => (start.bindingId === null ? [] : [[start.bindingId, start.id] as const])),
    ),
    running: starts.runningAt(event, id, heardAt),
  };
}
