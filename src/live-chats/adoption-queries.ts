import { and, eq, isNull, ne, sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import { selectRows } from '../db/query.ts';
import { liveChats, sessions } from '../db/schema.ts';

/** A worker's hold on the adoption of a live chat's channels. It is lost when the live chat is saved again. */
export interface AdoptionClaim {
  liveChatId: string;
  /** What `adoption_due_at` is while the hold lasts, in milliseconds since 1970. */
  leaseEnd: number;
}

/** To the millisecond, which is what JavaScript can compare: the end of the lease tells whose hold it is. */
const leaseEndIn = (leaseMs: number) => sql`date_trunc('milliseconds', now() + ${leaseMs} * interval '1 millisecond')`;

const epochMs = (column: string) => sql`(extract(epoch from ${sql.raw(column)}) * 1000)::float8`;

/** Claims all adoptions of the workspace that are due, for a lease. A lease that runs out is a crashed worker. */
export async function claimAdoptions(db: Db, teamId: string, leaseMs: number): Promise<AdoptionClaim[]> {
  return selectRows<AdoptionClaim>(
    db,
    sql`update live_chats set adoption_due_at = ${leaseEndIn(leaseMs)}
        where id in (select id from live_chats
          where team_id = ${teamId} and adoption_due_at <= now() for update skip locked)
        returning id as "liveChatId", ${epochMs('adoption_due_at')} as "leaseEnd"`,
  );
}

/** Says how far an adoption is and prolongs its lease. Undefined: the hold is lost. */
export async function continueAdoption(
  db: Db,
  claim: AdoptionClaim,
  leaseMs: number,
  progress: { total: number | null; done: number },
): Promise<AdoptionClaim | undefined> {
  const [row] = await db
    .update(liveChats)
    .set({ adoptionTotal: progress.total, adoptionDone: progress.done, adoptionDueAt: leaseEndIn(leaseMs) })
    .where(isHeld(claim))
    .returning({ leaseEnd: liveChats.adoptionDueAt });
  return row?.leaseEnd ? { ...claim, leaseEnd: row.leaseEnd.getTime() } : undefined;
}

/** All channels are adopted. */
export async function finishAdoption(db: Db, claim: AdoptionClaim, total: number): Promise<void> {
  await db
    .update(liveChats)
    .set({ adoptionTotal: total, adoptionDone: total, adoptionDueAt: null })
    .where(isHeld(claim));
}

/** Lets go of an adoption until later. */
export async function postponeAdoption(db: Db, claim: AdoptionClaim, delayMs: number): Promise<void> {
  await db
    .update(liveChats)
    .set({ adoptionDueAt: sql`now() + ${delayMs} * interval '1 millisecond'` })
    .where(isHeld(claim));
}

/** How long until an adoption is due, in milliseconds; undefined if none is. */
export async function nextAdoptionDueIn(db: Db, teamId: string): Promise<number | undefined> {
  const [row] = await selectRows<{ ms: number | null }>(
    db,
    sql`select ceil(extract(epoch from min(adoption_due_at) - now()) * 1000)::float8 as ms
        from live_chats where team_id = ${teamId} and adoption_due_at is not null`,
  );
  return row?.ms ?? undefined;
}

export interface KnownConversation {
  channelId: string;
  liveChatId: string | null;
  status: 'open' | 'closed' | 'spam';
}

/** The conversations of the workspace that have a session. */
export async function listKnownConversations(db: Db, teamId: string): Promise<KnownConversation[]> {
  return db
    .select({ channelId: sessions.channelId, liveChatId: sessions.liveChatId, status: sessions.status })
    .from(sessions)
    .where(eq(sessions.teamId, teamId));
}

/** The app is to join the channel of an open session, in which it is not. */
export async function queueJoin(db: Db, teamId: string, channelId: string): Promise<void> {
  await db
    .update(sessions)
    .set({ joinDueAt: sql`now()` })
    .where(
      and(
        eq(sessions.teamId, teamId),
        eq(sessions.channelId, channelId),
        ne(sessions.status, 'closed'),
        isNull(sessions.joinDueAt),
      ),
    );
}

function isHeld({ liveChatId, leaseEnd }: AdoptionClaim) {
  return and(eq(liveChats.id, liveChatId), eq(liveChats.adoptionDueAt, new Date(leaseEnd)));
}
