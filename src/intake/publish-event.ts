import { sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import { selectRows } from '../db/query.ts';
import type { ProcessEngine } from '../engines/engine.ts';
import type { Variables } from '../processes/value-types.ts';
import { microsecondsOf } from '../sessions/properties.ts';
import { getSession, listSessionIds } from '../sessions/queries.ts';
import { sessionFacts } from '../sessions/read-facts.ts';
import type { Session } from '../sessions/session.ts';
import { type RunStartDependencies, readProperties } from '../starts/run-start.ts';
import type { ClaimedEvent, ConversationEvent } from './conversation-queue.ts';
import { listensTo, messageReceived, sessionClosed } from './tell-processes.ts';

export type PublishDependencies = Pick<
  RunStartDependencies,
  'db' | 'people' | 'workspaceUrl' | 'liveChat' | 'logger'
> & {
  engine: Pick<ProcessEngine, 'publishMessage'>;
};

/** Time to live of a published message, in milliseconds: one hour, the default of Camunda's clients. */
const timeToLiveMs = 3_600_000;

/** Time to live if a start is still waiting: longer, to survive an outage of the engine. */
const waitingTimeToLiveMs = 7 * 24 * 3_600_000;

/** Variables of the message: property code → variable name, in camel case like the parameters of a start. */
const variableNames: Record<string, string> = {
  'message.text': 'messageText',
  'message.link': 'messageLink',
  'message.sentAt': 'messageSentAt',
  'message.files': 'messageFiles',
  'client.name': 'clientName',
  'client.user': 'clientUser',
};

/**
 * Publishes an event to the processes of its session. The message id makes the engine ignore repetitions for as long as it
 * keeps the message; after that time an earlier attempt may have published it unrecorded, and it is not published again, which
 * the log says.
 */
export async function publishEvent(dependencies: PublishDependencies, event: ClaimedEvent): Promise<void> {
  const { engine, logger } = dependencies;
  const { sessionId, kind, key } = event;
  const remainingMs = (await isForWaitingStart(dependencies.db, event))
    ? waitingTimeToLiveMs
    : Math.max(0, event.at + timeToLiveMs - Date.now());
  if (event.attempts > 1 && remainingMs === 0) {
    logger.warn('an event was not published to processes: it is too old to tell whether an earlier attempt did');
    return;
  }
  const session = await getSession(dependencies.db, sessionId);
  if (!session) return;
  const variables = await variablesOf(dependencies, session, event);
  for (const id of await listSessionIds(dependencies.db, session.id)) {
    await engine.publishMessage({
      name: kind === 'message' ? messageReceived : sessionClosed,
      correlationKey: id,
      variables: { ...variables, sessionId: id },
      timeToLiveMs: remainingMs,
      messageId: `${id}:${kind}:${key}`,
      saidAt: kind === 'message' ? microsecondsOf(key) : Math.round(event.at * 1000),
      // Processes that begin with the message begin in the current session only, not once for each merged session.
      startsProcesses: event.startsProcesses && id === session.id,
    });
  }
}

/** Whether a process of the session that may wait for the event has a start that has not begun. */
async function isForWaitingStart(db: Db, { sessionId, kind }: ConversationEvent): Promise<boolean> {
  const rows = await selectRows(
    db,
    sql`select from starts where session_id = ${sessionId}::uuid and status = 'waiting'
      and ${listensTo(kind === 'message' ? messageReceived : sessionClosed)} limit 1`,
  );
  return rows.length > 0;
}

async function variablesOf(
  dependencies: PublishDependencies,
  session: Session,
  { kind, key, message, at }: ConversationEvent,
): Promise<Variables> {
  const { db, liveChat } = dependencies;
  const known = session.liveChatId === null ? undefined : liveChat(session.liveChatId);
  const { name, businessHours } = known ?? { name: '', businessHours: null };
  const moment = { at: new Date(at), withTranscript: false };
  const facts = await sessionFacts(db, { name, businessHours }, session, message, moment);
  if (kind === 'closed') return { sessionClosings: Number(key) };
  const values = await readProperties(dependencies, facts, Object.keys(variableNames));
  const named = Object.entries(variableNames).map(([code, variable]) => [variable, values[code] ?? null]);
  return Object.fromEntries(named);
}
