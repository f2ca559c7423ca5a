import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Database } from '../db/client.ts';
import { formerChannels, sessions } from '../sessions/tables.ts';
import { mergeSessions } from './merge-sessions.ts';

/**
 * Gives a session the new id of its conversation, after Slack changed it (it became shared, or moved). If messages under the
 * new id came first and opened a session of their own, the two are merged. Idempotent.
 */
export async function changeChannelId(
  { db, signal }: Pick<Database, 'db' | 'signal'>,
  teamId: string,
  oldId: string,
  newId: string,
): Promise<void> {
  if (oldId === newId) return;
  const isTold = await db.transaction(async (tx) => {
    const found = await tx
      .select()
      .from(sessions)
      .where(and(eq(sessions.teamId, teamId), inArray(sessions.channelId, [oldId, newId])))
      .orderBy(sessions.id)
      .for('update');
    const session = found.find(({ channelId }) => channelId === oldId);
    const duplicate = found.find(({ channelId }) => channelId === newId);
    const isMergeTold = session && duplicate ? await mergeSessions(tx, session, duplicate) : false;
    if (session) {
      await tx.update(sessions).set({ channelId: newId }).where(eq(sessions.id, session.id));
      await tx
        .delete(formerChannels)
        .where(and(eq(formerChannels.teamId, teamId), eq(formerChannels.channelId, newId)));
      await tx.insert(formerChannels).values({ teamId, channelId: oldId, sessionId: session.id }).onConflictDoNothing();
      // Links contain the channel id, and Slack is asked for its members.
      await tx.execute(sql`update starts set facts = jsonb_set(facts, '{channelId}', to_jsonb(${newId}::text))
        where session_id = ${session.id}::uuid`);
    }
    await tx.execute(
      sql`update live_chats set channels = array_replace(channels, ${oldId}, ${newId}),
            activity_channel = case when activity_channel = ${oldId} then ${newId} else activity_channel end
          where team_id = ${teamId} and (activity_channel = ${oldId} or ${oldId} = any(channels))`,
    );
    await tx.execute(
      sql`update starts set activity_channel = ${newId} where team_id = ${teamId} and activity_channel = ${oldId}`,
    );
    return isMergeTold;
  });
  if (isTold) signal('conversations_due');
  signal('activity_due');
}
