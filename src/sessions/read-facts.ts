import type { Db } from '../db/client.ts';
import { isOpenAt } from '../live-chats/business-hours.ts';
import type { LiveChat } from '../live-chats/live-chat.ts';
import type { Session } from './session.ts';
import type { MessageFacts, SessionFacts } from './session-facts.ts';
import { readTranscript } from './transcript.ts';

/**
 * The session's facts now, with whether its live chat was open at an instant. The client is the message's author, unless
 * somebody chose the client.
 */
export async function sessionFacts(
  db: Db,
  liveChat: Pick<LiveChat, 'name' | 'businessHours'>,
  session: Session,
  message: MessageFacts | null,
  { at, withTranscript }: { at: Date; withTranscript: boolean },
): Promise<SessionFacts> {
  return {
    liveChatName: liveChat.name,
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
    isBusinessHours: isOpenAt(liveChat.businessHours, at),
    transcript: withTranscript ? await readTranscript(db, session.id) : [],
    message,
  };
}
