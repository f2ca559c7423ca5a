import { sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import { leaseFor } from '../db/due-queue.ts';
import type { Variables } from '../processes/value-types.ts';
import type { SessionFacts } from '../sessions/session-facts.ts';
import { getStart, getStartByKey, insertStart, type Start } from './queries.ts';
import { type ClaimedStart, startQueue } from './start-queue.ts';

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
  /** How long the start is held, in milliseconds, unless that is renewed. */
  leaseMs: number;
}

/**
 * The start that a person asked for. `claimed`: this call made it, and holds it for a lease, so whoever called runs it in
 * place; should the caller crash, the lease runs out and a worker takes the start over.
 */
export async function startByHand(
  db: Db,
  request: StartByHand,
): Promise<{ start: Start; claimed: ClaimedStart | undefined }> {
  const { teamId, viewId, sessionId, liveChatId, startedBy, process, facts, values, leaseMs } = request;
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
    unfinished: 1,
    dueAt: leaseFor(leaseMs),
  });
  const start = id === undefined ? await getStartByKey(db, teamId, key) : await getStart(db, teamId, id);
  if (!start) throw new Error(`start ${key} was neither inserted nor found`);
  // Whole milliseconds, which a date keeps.
  const lease = start.dueAt?.toISOString();
  return { start, claimed: id !== undefined && lease !== undefined ? { ...start, lease } : undefined };
}

/**
 * Claims one start, if it waits and is due, to run it in place. Undefined: a worker has it, or it waits for nothing. A row
 * that is locked for a moment, to mark its activity line, is waited for.
 */
export function claimStart(db: Db, id: string, leaseMs: number): Promise<ClaimedStart | undefined> {
  return startQueue.claimOne(db, { id }, leaseMs);
}
