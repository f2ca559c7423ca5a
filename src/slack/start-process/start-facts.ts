import { sessionFacts } from '../../sessions/read-facts.ts';
import type { SessionFacts } from '../../sessions/session-facts.ts';
import { sideOf } from '../conversation-events.ts';
import type { OperatedSession } from '../rights/require-operator.ts';
import type { SlackContext } from '../slack-context.ts';
import { messageFacts } from './message-facts.ts';
import type { StartPlace } from './start-place.ts';
import type { StartedFrom } from './views.ts';

/**
 * The client: the one chosen by hand, else the message's author if they are a client, else the session's client; null if there
 * is none.
 */
async function clientOf(
  context: SlackContext,
  { session, liveChat }: OperatedSession,
  { message }: StartPlace,
): Promise<string | null> {
  if (session.clientOrigin === 'chosen' || !message?.userId) return session.clientUserId;
  const { userId, team } = message;
  return (await sideOf(context, liveChat, { userId, team })) === 'client' ? userId : session.clientUserId;
}

/** Loads the session and its client, as the first view names them. */
export async function startedFrom(
  context: SlackContext,
  operated: OperatedSession,
  place: StartPlace,
): Promise<StartedFrom> {
  const clientUserId = await clientOf(context, operated, place);
  const client = clientUserId === null ? undefined : await context.directory.person(clientUserId);
  // Slack shows the reader a person whom it hides from the app.
  const hidden = clientUserId === null ? undefined : { id: clientUserId, name: '' };
  return { place, sessionName: operated.session.givenName ?? operated.session.name, client: client ?? hidden };
}

/** The session's current facts for a manual start; the operator is the person who starts. */
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
