import { z } from 'zod';
import { type Job, PermanentJobError } from '../../engines/engine.ts';
import { getSession } from '../../sessions/queries.ts';
import type { Session } from '../../sessions/record-event.ts';
import type { Start } from '../../starts/queries.ts';
import { getStartOf } from '../../starts/start-of-instance.ts';
import type { SlackContext } from '../slack-context.ts';

/** The session that the job's process was started from. Throws {@link PermanentJobError} if there is none (any more). */
export async function sessionOfJob({ db, identity }: SlackContext, { variables }: Job): Promise<Session> {
  const { sessionId } = variables;
  const id = z.guid().safeParse(sessionId).data;
  const session = id === undefined ? undefined : await getSession(db, id);
  if (session?.teamId === identity.teamId) return session;
  throw new PermanentJobError('The session that this process was started from is not known: “sessionId” names none.');
}

/** The start that the job's process came of. */
export async function startOfJob({ db, engine }: SlackContext, job: Job): Promise<Start | undefined> {
  const instance = await engine.getProcessInstance(job.processInstanceKey);
  return instance && getStartOf(db, instance);
}
