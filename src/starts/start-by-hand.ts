import { sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import { leaseFor } from '../db/due-queue.ts';
import type { Variables } from '../processes/value-types.ts';
import type { SessionFacts } from '../sessions/session-facts.ts';
import { getStart, getStartByKey, insertStart, type Start } from './queries.ts';
import { type ClaimedStart, startQueue } from './start-queue.ts';

export interface StartByHand {
  teamId: string;
  /** The root view that the person started it from: a second click or Slack's retry finds the same start. */
  viewId: string;
  sessionId: string;
  liveChatId: string;
  startedBy: string;
  process: { id: string; name: string };
  facts: SessionFacts;
  /** The input of the start form; absent if the process has none. */
  values: Variables;
  /** Length of the lease in milliseconds, unless it is renewed. */
  leaseMs: number;
}

/**
 * Inserts the start that a person asked for. `claimed`: this call inserted it and holds the lease, so that the caller runs it
 * directly. If the caller crashes, a worker takes the start over when the lease expires.
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
  // A lease has whole milliseconds, which a Date can hold.
  const lease = start.dueAt?.toISOString();
  return { start, claimed: id !== undefined && lease !== undefined ? { ...start, lease } : undefined };
}

/**
 * Claims a start that is waiting and due, to run it directly. Returns undefined if a worker has it, or it is not waiting. Waits
 * for a row that is locked briefly to mark its activity line.
 */
export function claimStart(db: Db, id: string, leaseMs: number): Promise<ClaimedStart | undefined> {
  return startQueue.claimOne(db, { id }, leaseMs);
}
