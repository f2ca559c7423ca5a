import { eq, sql } from 'drizzle-orm';
import type { LiveChat } from '../live-chats/live-chat.ts';
import { instantOf } from '../sessions/properties.ts';
import { sessions } from '../sessions/tables.ts';
import { withPeople } from './known-people.ts';
import type { IntakeDependencies } from './record-event.ts';
import { followWaits } from './waits/follow-waits.ts';

/**
 * Records a message that a process wrote to the session as an answer of the staff. Idempotent.
 *
 * @param ts Slack's timestamp of the message
 */
export async function recordAnswer(
  { db, signal, people, workspaceUrl }: IntakeDependencies,
  liveChat: LiveChat,
  sessionId: string,
  ts: string,
): Promise<void> {
  const at = instantOf(ts);
  await withPeople(people, (known) =>
    db.transaction(async (tx) => {
      const [session] = await tx
        .update(sessions)
        .set({ lastAnsweredAt: sql`greatest(last_answered_at, ${at.toISOString()})` })
        .where(eq(sessions.id, sessionId))
        .returning();
      if (session?.liveChatId !== liveChat.id || session.status === 'spam') return;
      await followWaits(tx, { liveChat, session, people: known, workspaceUrl }, { by: 'staff', at, ts });
    }),
  );
  signal('starts_due');
}
