import { type Job, PermanentJobError } from '../../engines/engine.ts';
import { getSession } from '../../sessions/queries.ts';
import type { Session } from '../../sessions/session.ts';
import { isUuid, type Start } from '../../starts/queries.ts';
import { getStartOf } from '../../starts/start-of-instance.ts';
import type { SlackContext } from '../slack-context.ts';

export interface JobOrigin {
  session: Session;
  /** Undefined if a message started the instance. */
  start: Start | undefined;
}

/**
 * The session of the job's instance: that of its start or, if a message of a session started it, the session that the message
 * is correlated by. Never taken from a variable: services, people and other processes write those.
 *
 * @throws PermanentJobError if there is none (any more)
 */
export async function originOfJob({ db, engine, identity }: SlackContext, job: Job): Promise<JobOrigin> {
  const instance = await engine.getProcessInstance(job.processInstanceKey);
  const start = instance && (await getStartOf(db, instance));
  const sessionId = start?.sessionId ?? instance?.correlationKey;
  const session = sessionId !== undefined && isUuid(sessionId) ? await getSession(db, sessionId) : undefined;
  if (session?.teamId === identity.teamId) return { session, start };
  throw new PermanentJobError('This process was not started from a session, or the session is gone.');
}
