import { and, eq, inArray, sql } from 'drizzle-orm';
import type { BindingEvent } from '../bindings/queries.ts';
import type { Db } from '../db/client.ts';
import { bindings } from '../db/schema.ts';
import type { LiveChat } from '../live-chats/live-chat.ts';
import { sessionFacts } from '../sessions/read-facts.ts';
import type { Session } from '../sessions/session.ts';
import type { MessageFacts } from '../sessions/session-facts.ts';
import { insertStart } from '../starts/queries.ts';

/** A fact about a session, as bindings know it. */
export interface Fact {
  event: BindingEvent;
  /** Distinguishes this fact from others of its kind in the session; empty for the creation. */
  key: string;
  message: MessageFacts | null;
}

/** Inserts the starts that the live chat's bindings ask for. */
export async function startBoundProcesses(tx: Db, liveChat: LiveChat, session: Session, facts: Fact[]): Promise<void> {
  const bound = await tx
    .select()
    .from(bindings)
    .where(
      and(
        eq(bindings.liveChatId, liveChat.id),
        inArray(
          bindings.event,
          facts.map(({ event }) => event),
        ),
      ),
    );
  for (const { event, key, message } of facts) {
    const binding = bound.find((candidate) => candidate.event === event);
    if (!binding) continue;
    const withTranscript = Object.values(binding.mapping).includes('session.transcript');
    await insertStart(tx, {
      teamId: session.teamId,
      key: `event:${session.id}:${event}:${key}`,
      sessionId: session.id,
      liveChatId: liveChat.id,
      event,
      processDefinitionId: binding.processDefinitionId,
      processName: binding.processName,
      facts: await sessionFacts(tx, liveChat.name, session, message, withTranscript),
      mapping: binding.mapping,
      status: 'waiting',
      dueAt: sql`now()`,
      activityDueAt: liveChat.activityChannel ? sql`now()` : null,
    });
  }
}
