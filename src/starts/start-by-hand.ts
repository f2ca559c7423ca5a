import { sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import { selectRows } from '../db/query.ts';
import type { Variables } from '../processes/value-types.ts';
import type { SessionFacts } from '../sessions/session-facts.ts';
import { startLeaseMs } from './hold-start.ts';
import { getStart, getStartByKey, insertStart, type Start } from './queries.ts';

export interface StartByHand {
  teamId: string;
  /** The root view that the person started it from: a second click, or Slack's retry, finds the same start. */
  viewId: string;
  sessionId: string;
  liveChatId: string;
  startedBy: string;
  process: { id: string; name: string };
  facts: SessionFacts;
  /** What the person entered into the start form; none: the process has no start form. */
  values: Variables;
}

/**
 * The start that a person asked for. `isMine`: this call made it, and holds it for a lease, so whoever called runs it in
 * place; should the caller crash, the lease runs out and a worker takes the start over.
 */
export async function startByHand(db: Db, request: StartByHand): Promise<{ start: Start; isMine: boolean }> {
  const { teamId, viewId, sessionId, liveChatId, startedBy, process, facts, values } = request;
  const key = `view:${viewId}`;
  const id = await insertStart(db, {
    teamId,
    key,
    sessionId,
    liveChatId,
    startedBy,
    processDefinitionId: process.id,
    processName: process.name,
    facts,
    variables: { ...values, sessionId },
    status: 'waiting',
    activityDueAt: sql`now()`,
    attempts: 1,
    dueAt: sql`now() + ${startLeaseMs} * interval '1 millisecond'`,
  });
  const start = id === undefined ? await getStartByKey(db, teamId, key) : await getStart(db, teamId, id);
  if (!start) throw new Error(`start ${key} was neither inserted nor found`);
  return { start, isMine: id !== undefined };
}

/**
 * Claims one start, if it waits and is due, to run it in place. Undefined: a worker has it, or it waits for nothing. A row
 * that is locked for a moment, to mark its activity line, is waited for.
 */
export async function claimStart(db: Db, teamId: string, id: string): Promise<Start | undefined> {
  const claimed = await selectRows<{ id: string }>(
    db,
    sql`update starts set due_at = now() + ${startLeaseMs} * interval '1 millisecond', attempts = attempts + 1
        where id = (
          select id from starts where team_id = ${teamId} and id = ${id} and status = 'waiting' and due_at <= now()
            and not is_held
          for update)
        returning id`,
  );
  return claimed.length === 0 ? undefined : getStart(db, teamId, id);
}
