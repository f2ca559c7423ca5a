import { sessionFacts } from '../../sessions/read-facts.ts';
import type { SessionFacts } from '../../sessions/session-facts.ts';
import { sideOf } from '../conversation-events.ts';
import type { OperatedSession } from '../rights/require-operator.ts';
import type { SlackContext } from '../slack-context.ts';
import { messageFacts } from './message-facts.ts';
import type { StartPlace } from './start-place.ts';
import type { StartedFrom } from './views.ts';

/** Who is served: whom somebody chose, the message's author if that is a client, else the session's client; null: nobody is known yet. */
async function clientOf(
  context: SlackContext,
  { session, liveChat }: OperatedSession,
  { message }: StartPlace,
): Promise<string | null> {
  if (session.clientOrigin === 'chosen' || !message?.userId) return session.clientUserId;
  const { userId, team } = message;
  return (await sideOf(context, liveChat, { userId, team })) === 'client' ? userId : session.clientUserId;
}

/** What the first views name: the session and who is served in it. */
export async function startedFrom(
  context: SlackContext,
  operated: OperatedSession,
  place: StartPlace,
): Promise<StartedFrom> {
  const clientUserId = await clientOf(context, operated, place);
  const client = clientUserId === null ? undefined : await context.directory.person(clientUserId);
  // Slack shows the reader who somebody is whom it hides from us.
  const hidden = clientUserId === null ? undefined : { id: clientUserId, name: '' };
  return { place, sessionName: operated.session.givenName ?? operated.session.name, client: client ?? hidden };
}

/** The session as it is now, for a start by hand: the operator is the person who starts. */
export async function startFacts(
  context: SlackContext,
  operated: OperatedSession,
  place: StartPlace,
  userId: string,
): Promise<SessionFacts> {
  const { session, liveChat } = operated;
  const message = await messageFacts(context, place);
  return {
    ...(await sessionFacts(context.db, liveChat, session, message, { at: new Date(), withTranscript: true })),
    clientUserId: await clientOf(context, operated, place),
    operatorUserId: userId,
  };
}
