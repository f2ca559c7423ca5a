import type { Db } from '../db/client.ts';
import type { Session } from './session.ts';
import type { MessageFacts, SessionFacts } from './session-facts.ts';
import { readTranscript } from './transcript.ts';

/** The session as it is now. Of a message's event the client is the message's author, unless somebody chose the client. */
export async function sessionFacts(
  db: Db,
  liveChatName: string,
  session: Session,
  message: MessageFacts | null,
  withTranscript: boolean,
): Promise<SessionFacts> {
  return {
    liveChatName,
    channelId: session.channelId,
    sessionName: session.givenName ?? session.name,
    status: session.status,
    messageCount: session.messageCount,
    openedAt: session.openedAt.toISOString(),
    closedAt: session.closedAt?.toISOString() ?? null,
    clientUserId: session.clientOrigin === 'chosen' ? session.clientUserId : (message?.userId ?? session.clientUserId),
    operatorUserId: session.operatorUserId,
    lastClientMessageAt: session.lastClientMessageAt?.toISOString() ?? null,
    lastAnsweredAt: session.lastAnsweredAt?.toISOString() ?? null,
    transcript: withTranscript ? await readTranscript(db, session.id) : [],
    message,
  };
}
