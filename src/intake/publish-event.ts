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

export type PublishDependencies = Pick<RunStartDependencies, 'db' | 'people' | 'workspaceUrl' | 'liveChat'> & {
  engine: Pick<ProcessEngine, 'publishMessage'>;
};

/** Camunda's clients keep a message for an hour if they are not told otherwise. In milliseconds. */
const timeToLiveMs = 3_600_000;

/** For a process that is still to begin, an outage may take longer. */
const waitingTimeToLiveMs = 7 * 24 * 3_600_000;

/** What a message to processes is made of: properties of the session, as the parameters of a start are named. */
const variableNames: Record<string, string> = {
  'message.text': 'messageText',
  'message.link': 'messageLink',
  'message.sentAt': 'messageSentAt',
  'message.files': 'messageFiles',
  'client.name': 'clientName',
  'client.user': 'clientUser',
};

/**
 * Publishes what happened to the processes of its session, once: the engine knows its id again for as long as it keeps
 * it. After that it may have been published by an attempt that did not live to say so, and is not again.
 */
export async function publishEvent(dependencies: PublishDependencies, event: ClaimedEvent): Promise<void> {
  const { engine } = dependencies;
  const { sessionId, kind, key } = event;
  const remainingMs = (await isForWaitingStart(dependencies.db, event))
    ? waitingTimeToLiveMs
    : Math.max(0, event.at + timeToLiveMs - Date.now());
  if (event.attempts > 1 && remainingMs === 0) return;
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
      // What begins with the message begins once, in the session that there is.
      startsProcesses: event.startsProcesses && id === session.id,
    });
  }
}

/** Whether a process of the session that may wait for it is still to begin. */
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
