import { and, eq, inArray } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import { absences } from './tables.ts';

/** Marks a person as away, or back, in live chats. */
export async function setAway(db: Db, userId: string, liveChatIds: string[], isAway: boolean): Promise<void> {
  if (liveChatIds.length === 0) return;
  if (isAway) {
    await db
      .insert(absences)
      .values(liveChatIds.map((liveChatId) => ({ liveChatId, userId })))
      .onConflictDoNothing();
    return;
  }
  await db.delete(absences).where(and(eq(absences.userId, userId), inArray(absences.liveChatId, liveChatIds)));
}

/** Slack ids of everybody who is marked away in a live chat, including people who are no longer its staff. */
export async function whoIsAway(db: Db, liveChatId: string): Promise<Set<string>> {
  const rows = await db.select({ userId: absences.userId }).from(absences).where(eq(absences.liveChatId, liveChatId));
  return new Set(rows.map(({ userId }) => userId));
}

export async function isAway(db: Db, liveChatId: string, userId: string): Promise<boolean> {
  const rows = await db
    .select({ userId: absences.userId })
    .from(absences)
    .where(and(eq(absences.liveChatId, liveChatId), eq(absences.userId, userId)));
  return rows.length > 0;
}

/** The subset of these live chats in which the person is away. */
export async function whereAway(db: Db, userId: string, liveChatIds: string[]): Promise<Set<string>> {
  if (liveChatIds.length === 0) return new Set();
  const rows = await db
    .select({ liveChatId: absences.liveChatId })
    .from(absences)
    .where(and(eq(absences.userId, userId), inArray(absences.liveChatId, liveChatIds)));
  return new Set(rows.map(({ liveChatId }) => liveChatId));
}
