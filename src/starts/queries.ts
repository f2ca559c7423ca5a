import { and, eq, type SQL, sql } from 'drizzle-orm';
import type { PgUpdateSetSource } from 'drizzle-orm/pg-core';
import type { Db } from '../db/client.ts';
import { selectRows } from '../db/query.ts';
import type { Variables } from '../processes/value-types.ts';
import { storableJson } from '../storable.ts';
import { traceparent } from '../tracing.ts';
import type { Message } from '../words/message.ts';
import { activityDue, activityDueAgain, activityDueIfWatched } from './activity-due.ts';
import { withFailedAttempt } from './failed-attempts.ts';
import { type ClaimedStart, startQueue } from './start-queue.ts';
import { starts } from './tables.ts';

export type Start = typeof starts.$inferSelect;
export type NewStart = Omit<typeof starts.$inferInsert, 'dueAt' | 'activityDueAt'> & {
  dueAt: SQL;
  /** Null: nobody follows a start that goes well. */
  activityDueAt: SQL | null;
};

/** Inserts a start. Returns its id, or undefined if a start with this key exists. */
export async function insertStart(db: Db, start: NewStart): Promise<string | undefined> {
  const [inserted] = await db
    .insert(starts)
    .values({ ...start, traceparent: traceparent() })
    .onConflictDoNothing({ target: [starts.teamId, starts.key] })
    .returning({ id: starts.id });
  return inserted?.id;
}

/** Returns undefined if there is none, for example for a made-up id. */
export async function getStart(db: Db, teamId: string, id: string): Promise<Start | undefined> {
  if (!isUuid(id)) return undefined;
  const [start] = await db
    .select()
    .from(starts)
    .where(and(eq(starts.teamId, teamId), eq(starts.id, id)));
  return start;
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether the text has the form of a start's id: the database rejects any other. */
export const isUuid = (id: string) => uuid.test(id);

export async function getStartByKey(db: Db, teamId: string, key: string): Promise<Start | undefined> {
  const [start] = await db
    .select()
    .from(starts)
    .where(and(eq(starts.teamId, teamId), eq(starts.key, key)));
  return start;
}

export interface RunningStart {
  id: string;
  /** The lease under which it was made. */
  lease: string;
  processInstanceKey: string;
  variables: Variables;
}

/**
 * Records the running instances and their variables. Instances may have ended in the meantime: a status past `running` stays.
 *
 * @returns for each, in the same order, whether its activity line is outdated; then signal `activity_due`
 */
export async function startsRunning(db: Db, running: RunningStart[]): Promise<boolean[]> {
  const due = await selectRows<{ id: string; isDue: boolean }>(
    db,
    sql`update starts
        set status = 'running', process_instance_key = x."processInstanceKey", variables = x.variables, due_at = null,
          unfinished = 0, reason = null, activity_due_at = ${activityDueIfWatched}, updated_at = now()
        from jsonb_to_recordset(${storableJson(running)}::jsonb) as x(id uuid, lease timestamptz, "processInstanceKey" text, variables jsonb)
        where starts.id = x.id and status = 'waiting' and due_at = x.lease
        returning starts.id, activity_due_at is not null as "isDue"`,
  );
  const isDue = new Set(due.filter((one) => one.isDue).map(({ id }) => id));
  return running.map(({ id }) => isDue.has(id));
}

/** Sets a client that became known after the event. */
export async function setStartClient(db: Db, id: string, userId: string): Promise<void> {
  const facts = sql`jsonb_set(${starts.facts}, '{clientUserId}', to_jsonb(${userId}::text))`;
  await db.update(starts).set({ facts }).where(eq(starts.id, id));
}

/** Schedules another attempt. */
export async function retryStart(db: Db, start: ClaimedStart, delayMs: number, reason: Message): Promise<void> {
  const dueAt = sql`now() + ${delayMs} * interval '1 millisecond'`;
  await tellTrouble(db, start, { dueAt, reason, failedAttempts: withFailedAttempt(reason) });
}

/** Fails the start: no attempt can succeed until a person corrects the cause and retries it. */
export async function failStart(db: Db, start: ClaimedStart, reason: Message): Promise<void> {
  await tellTrouble(db, start, { status: 'failed', dueAt: null, reason, failedAttempts: withFailedAttempt(reason) });
}

async function tellTrouble(db: Db, start: ClaimedStart, values: PgUpdateSetSource<typeof starts>): Promise<void> {
  await db
    .update(starts)
    .set({ ...values, unfinished: 0, activityDueAt: activityDue, updatedAt: sql`now()` })
    .where(and(eq(starts.id, start.id), eq(starts.status, 'waiting'), startQueue.isHeld(start)));
}

/** A failed start is due again, with its parameters filled again; signal `starts_due`. False: it is not failed (any more). */
export async function retryFailedStart(db: Db, teamId: string, id: string): Promise<boolean> {
  const retried = await db
    .update(starts)
    .set({
      status: 'waiting',
      dueAt: sql`now()`,
      reason: null,
      // Uses the binding's current mapping, which may have been corrected.
      mapping: sql`coalesce((
        select bindings.mapping from bindings
        where bindings.id = starts.binding_id
          and bindings.process_definition_id = starts.process_definition_id), starts.mapping)`,
      // Values that a person entered stay; values from properties are resolved again, since they may have been the cause.
      variables: sql`case when ${starts.event} is null then ${starts.variables} end`,
      activityDueAt: activityDueAgain,
      updatedAt: sql`now()`,
    })
    .where(
      and(eq(starts.teamId, teamId), eq(starts.id, id), eq(starts.status, 'failed'), sql`process_instance_key is null`),
    )
    .returning({ id: starts.id });
  if (retried.length === 0) return false;
  return true;
}
