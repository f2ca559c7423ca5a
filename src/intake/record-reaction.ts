import { sql } from 'drizzle-orm';
import type { Reactor } from '../bindings/reactions.ts';
import type { Db } from '../db/client.ts';
import { selectRows } from '../db/query.ts';
import type { Session } from '../sessions/session.ts';
import type { Fact } from './fact.ts';
import { keepFact } from './keep-fact.ts';
import type { Reaction } from './session-event.ts';

/**
 * Records a reaction; it is a fact if the message never had that emoji before. If a client adds an emoji and the staff add it
 * later, that is new to bindings that accept reactions of the staff only. Removing and adding an emoji again is not new.
 */
export async function newReaction(tx: Db, session: Session, reaction: Reaction): Promise<Fact[]> {
  const { at, author, userId, emoji, messageTs, message, messageAuthor, slackTs: ts } = reaction;
  const key = `${messageTs}:${emoji}`;
  const fact = { sessionId: session.id, kind: 'reaction', at, author, sessionStatus: session.status } as const;
  const newFrom: Reactor[] = [];
  if (await keepFact(tx, { ...fact, slackTs: key })) newFrom.push('anybody');
  if (author === 'staff' && (await keepFact(tx, { ...fact, slackTs: `${key}:staff` }))) newFrom.push('staff');
  if (newFrom.length === 0) return [];
  const isOfClient = message !== null && messageAuthor === 'client';
  return [
    {
      event: 'reaction_added',
      key,
      message,
      ...(isOfClient ? { isFirst: await isFirstMessage(tx, session.id, messageTs) } : {}),
      reaction: {
        emoji,
        newFrom,
        ts,
        operatorUserId: author === 'staff' ? userId : null,
        clientUserId: isOfClient ? message.userId : null,
      },
      keptAs: { kind: 'reaction', slackTs: newFrom.includes('staff') ? `${key}:staff` : key },
    },
  ];
}

/** Whether a client's message is the first client message of its session. */
async function isFirstMessage(tx: Db, sessionId: string, ts: string): Promise<boolean> {
  const [first] = await selectRows<{ ts: string }>(
    tx,
    sql`select slack_ts as ts from session_events
      where session_id = ${sessionId}::uuid and kind = 'message' and author = 'client' order by id limit 1`,
  );
  return first?.ts === ts;
}
