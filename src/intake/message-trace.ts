import { and, desc, eq, isNotNull, ne, or, sql } from 'drizzle-orm';
import type { HeldBack } from '../bindings/held-back.ts';
import { type KeptHeldBack, readHeldBack } from '../bindings/kept-held-back.ts';
import type { Db } from '../db/client.ts';
import { selectRows } from '../db/query.ts';
import type { Start } from '../starts/queries.ts';
import { starts } from '../starts/tables.ts';
import { sessionEvents } from './tables.ts';

/** The record of a message. */
export type MessageRecord = Omit<typeof sessionEvents.$inferSelect, 'heldBack'> & {
  /** Why bindings that were tried did not start their process; null if there were none. */
  heldBack: HeldBack[] | null;
};

/** Returns undefined if the message was not recorded. */
export async function getMessageRecord(db: Db, sessionId: string, ts: string): Promise<MessageRecord | undefined> {
  const { kind, slackTs } = sessionEvents;
  const [record] = await db
    .select()
    .from(sessionEvents)
    .where(and(eq(sessionEvents.sessionId, sessionId), eq(kind, 'message'), eq(slackTs, ts)));
  return record && withHeldBack(db, record);
}

/** An event of a session for which bindings were held back. */
export type HeldBackEvent = Pick<MessageRecord, 'kind' | 'slackTs' | 'at' | 'heldBack'>;

/**
 * The last events of a session for which bindings were held back, newest first: reactions to a message, and events that are not
 * about a message.
 */
export async function listHeldBackBeside(
  db: Db,
  { sessionId, ts, limit }: { sessionId: string; ts: string; limit: number },
): Promise<HeldBackEvent[]> {
  const { kind, slackTs, at, heldBack, id } = sessionEvents;
  const events = await db
    .select({ kind, slackTs, at, heldBack })
    .from(sessionEvents)
    .where(
      and(
        eq(sessionEvents.sessionId, sessionId),
        isNotNull(heldBack),
        ne(kind, 'message'),
        or(ne(kind, 'reaction'), sql`${slackTs} like ${`${ts}:%`}`),
      ),
    )
    .orderBy(desc(id))
    .limit(limit);
  return Promise.all(events.map((event) => withHeldBack(db, event)));
}

async function withHeldBack<Event extends { heldBack: KeptHeldBack | null }>(db: Db, event: Event) {
  return { ...event, heldBack: event.heldBack && (await readHeldBack(db, event.heldBack)) };
}

/** The starts that a message made, oldest first. `openedSession`: include the start made by opening the session. */
export async function listStartsOfMessage(
  db: Db,
  { teamId, sessionId, ts, openedSession }: { teamId: string; sessionId: string; ts: string; openedSession: boolean },
): Promise<Start[]> {
  const ofMessage = sql`${starts.facts} -> 'message' ->> 'ts' = ${ts}`;
  const ofOpening = and(eq(starts.sessionId, sessionId), eq(starts.event, 'session_created'));
  return db
    .select()
    .from(starts)
    .where(
      and(
        eq(starts.teamId, teamId),
        eq(starts.sessionId, sessionId),
        openedSession ? or(ofMessage, ofOpening) : ofMessage,
      ),
    )
    .orderBy(starts.createdAt);
}

export interface Deferral {
  /** Number of failed attempts to process the delivery. */
  attempts: number;
  /** True if it will not be tried again. */
  isSetAside: boolean;
}

/** The state of a message's deferred delivery; undefined if it is not deferred. */
export async function getDeferral(db: Db, channelId: string, ts: string): Promise<Deferral | undefined> {
  const [deferral] = await selectRows<Deferral>(
    db,
    sql`select attempts, due_at = 'infinity' as "isSetAside" from deferred_deliveries
        where body #>> '{event,channel}' = ${channelId} and body #>> '{event,ts}' = ${ts} limit 1`,
  );
  return deferral;
}
