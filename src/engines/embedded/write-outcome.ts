import { type SQL, sql } from 'drizzle-orm';
import type { Db } from '../../db/client.ts';
import { selectRows } from '../../db/query.ts';
import { closeSubscriptions, openSubscriptions } from './correlation/subscriptions.ts';
import type { Effect } from './effects.ts';
import { rootToken } from './instance-state.ts';
import type { Outcome } from './interpreter.ts';
import { instant, json, storable } from './sql-values.ts';

/** Where a new instance comes from. */
export interface Origin {
  definitionKey: number;
  startId?: string;
  /** If it is known already. */
  key?: string;
  caller?: { instanceKey: string; token: number; rootKey: string };
}

/**
 * Writes a new instance with all its rows, in one statement.
 *
 * @returns the instance's key; undefined if the start has an instance already, and then nothing was written
 */
export async function insertInstance(
  db: Db,
  { definitionKey, startId, key, caller }: Origin,
  outcome: Pick<Outcome, 'state' | 'status' | 'reason' | 'effects' | 'history'>,
  now: Date,
): Promise<string | undefined> {
  const { state, status, reason, effects } = outcome;
  const keyed = key === undefined ? sql`default` : sql`${key}::bigint`;
  const instance = sql`insert into engine_instances (key, start_id, definition_key, status, reason, revision, state,
      caller_key, caller_token, root_key, created_at, ended_at)
    ${key === undefined ? sql`` : sql`overriding system value`}
    values (${keyed}, ${startId ?? null}, ${definitionKey}::bigint, ${status}, ${storable(reason)}, 1, ${json(state)},
      ${caller?.instanceKey ?? null}::bigint, ${caller?.token ?? null}::int, ${caller?.rootKey ?? null}::bigint,
      ${instant(now)}, ${ended(outcome, now)})
    on conflict (start_id) do nothing returning key, definition_key`;
  // Those who watch are told of the root alone.
  const parts = [...openings(effects, now), past(1, outcome, now), ...(caller ? [] : [change(1, now)])];
  const rows = await selectRows<{ key: string }>(db, sql`${withAll(instance, parts)} select key::text from i`);
  return rows[0]?.key;
}

export interface OutcomeToWrite extends Pick<Outcome, 'state' | 'status' | 'reason' | 'effects' | 'history'> {
  instanceKey: string;
  /** The instance's revision after the command. */
  revision: number;
  /** Whether those who watch the instance are to be told. */
  isChange: boolean;
  /** Slack id of who completed the task that the command closes. */
  completedBy?: string;
}

/** Writes what a command made of an instance, in one statement. The caller has locked the instance. */
export async function updateInstance(db: Db, outcome: OutcomeToWrite, now: Date): Promise<void> {
  const { instanceKey, revision, state, status, reason, effects, isChange, completedBy } = outcome;
  const instance = sql`update engine_instances set status = ${status}, reason = ${storable(reason)},
      revision = ${revision}::int, state = ${json(state)}, ended_at = ${ended(outcome, now)}
    where key = ${instanceKey}::bigint returning key, definition_key`;
  const parts = [
    ...closings(effects, now, completedBy),
    ...openings(effects, now),
    past(revision, outcome, now),
    ...(freesCorrelationKey(outcome)
      ? [sql`update engine_message_starts m set due_at = ${instant(now)} from i where m.instance_key = i.key`]
      : []),
    ...(isChange ? [change(revision, now)] : []),
  ];
  await db.execute(sql`${withAll(instance, parts)} select key::text from i`);
}

/** Tells those who watch an instance that something has changed in what it called. */
export async function writeChange(db: Db, instanceKey: string, now: Date): Promise<void> {
  await db.execute(sql`with i as (
      update engine_instances set revision = revision + 1 where key = ${instanceKey}::bigint returning key, revision)
    insert into engine_changes (instance_key, revision, due_at) select i.key, i.revision, ${instant(now)} from i
    on conflict (instance_key) do update set revision = excluded.revision`);
}

/** Whether the instance ends that messages of its correlation key have waited for, perhaps to start the next. */
export function freesCorrelationKey({ status, state }: Pick<Outcome, 'status' | 'state'>): boolean {
  return (status === 'completed' || status === 'terminated') && state.tokens[rootToken]?.startedBy !== undefined;
}

/** Part of the statement; with a name others can refer to it. */
type Part = SQL | { name: string; part: SQL };

/** Every part can use the instance's key as `i.key`, and does nothing if there is no instance. */
function withAll(instance: SQL, parts: Part[]): SQL {
  const tables = parts.map((part, index) =>
    'name' in part ? sql`${sql.raw(part.name)} as (${part.part})` : sql`${sql.raw(`p${index}`)} as (${part})`,
  );
  return sql`with i as (${instance})${sql.join(
    tables.map((table) => sql`, ${table}`),
    sql``,
  )}`;
}

function openings(effects: Effect[], now: Date): SQL[] {
  const tasks = effects.filter((effect) => effect.kind === 'openTask');
  const jobs = effects.filter((effect) => effect.kind === 'openJob');
  const timers = effects.filter((effect) => effect.kind === 'openTimer');
  const subscriptions = effects.filter((effect) => effect.kind === 'openSubscription');
  const parts: SQL[] = [];
  if (tasks.length > 0) {
    parts.push(sql`insert into engine_tasks
        (instance_key, token, element_id, status, assignee, candidate_users, candidate_groups, created_at,
          due_date, follow_up_date)
      select i.key, x.token, x."elementId", 'open', x.assignee, x."candidateUsers", x."candidateGroups", ${instant(now)},
          x."dueDate", x."followUpDate"
      from i, jsonb_to_recordset(${json(tasks)}) as x(token int, "elementId" text, assignee text,
        "candidateUsers" text[], "candidateGroups" text[], "dueDate" timestamptz, "followUpDate" timestamptz)`);
  }
  if (jobs.length > 0) {
    parts.push(sql`insert into engine_jobs (instance_key, token, element_id, type, retries, due_at)
      select i.key, x.token, x."elementId", x.type, x.retries, ${instant(now)}
      from i, jsonb_to_recordset(${json(jobs)}) as x(token int, "elementId" text, type text, retries int)`);
  }
  if (timers.length > 0) {
    parts.push(sql`insert into engine_timers (instance_key, token, element_id, due_at, repetitions)
      select i.key, x.token, x."elementId", x."dueAt", x.repetitions
      from i, jsonb_to_recordset(${json(timers)}) as x(token int, "elementId" text, "dueAt" timestamptz,
        repetitions int)`);
  }
  if (subscriptions.length > 0) parts.push(openSubscriptions(subscriptions, now));
  return parts;
}

function closings(effects: Effect[], now: Date, completedBy: string | undefined): Part[] {
  const tasks = effects.filter((effect) => effect.kind === 'closeTask');
  const jobs = effects.filter((effect) => effect.kind === 'closeJob');
  const held = effects.filter((effect) => effect.kind === 'holdJob');
  const released = effects.filter((effect) => effect.kind === 'releaseJob');
  const timers = effects.filter((effect) => effect.kind === 'closeTimer');
  const moved = effects.filter((effect) => effect.kind === 'moveTimer');
  const subscriptions = effects.filter((effect) => effect.kind === 'closeSubscription');
  const parts: Part[] = [];
  if (tasks.length > 0) {
    parts.push(sql`update engine_tasks t set status = x.status, ended_at = ${instant(now)},
        completed_by = case x.status when 'completed' then ${completedBy ?? null}::text end
      from i, jsonb_to_recordset(${json(tasks)}) as x(token int, status text)
      where t.instance_key = i.key and t.token = x.token`);
  }
  if (jobs.length > 0) {
    parts.push(sql`delete from engine_jobs j using i, jsonb_to_recordset(${json(jobs)}) as x(token int)
      where j.instance_key = i.key and j.token = x.token`);
  }
  if (held.length > 0) {
    parts.push(sql`update engine_jobs j set due_at = null, last_error = x.error
      from i, jsonb_to_recordset(${json(held)}) as x(token int, error text)
      where j.instance_key = i.key and j.token = x.token`);
  }
  if (released.length > 0) {
    parts.push(sql`update engine_jobs j set due_at = ${instant(now)}, retries = greatest(j.retries, x.retries)
      from i, jsonb_to_recordset(${json(released)}) as x(token int, retries int)
      where j.instance_key = i.key and j.token = x.token`);
  }
  if (timers.length > 0) {
    parts.push(sql`delete from engine_timers t using i,
        jsonb_to_recordset(${json(timers)}) as x(token int, "elementId" text)
      where t.instance_key = i.key and t.token = x.token and t.element_id = x."elementId"`);
  }
  if (moved.length > 0) {
    parts.push(sql`update engine_timers t set due_at = x."dueAt", repetitions = x.repetitions, leased_until = null
      from i, jsonb_to_recordset(${json(moved)}) as x(token int, "elementId" text, "dueAt" timestamptz, repetitions int)
      where t.instance_key = i.key and t.token = x.token and t.element_id = x."elementId"`);
  }
  if (subscriptions.length > 0) {
    const closing = Object.entries(closeSubscriptions(subscriptions, now));
    parts.push(...closing.map(([name, part]) => ({ name, part })));
  }
  return parts;
}

function past(revision: number, { history }: Pick<Outcome, 'history'>, now: Date): SQL {
  return sql`insert into engine_history (instance_key, revision, at, entries)
    select i.key, ${revision}::int, ${instant(now)}, ${json(history)} from i`;
}

/** A teller that is at it with an older revision leaves the row, so that this one is told too. */
function change(revision: number, now: Date): SQL {
  return sql`insert into engine_changes (instance_key, revision, due_at)
    select i.key, ${revision}::int, ${instant(now)} from i
    on conflict (instance_key) do update set revision = excluded.revision`;
}

function ended({ status }: Pick<Outcome, 'status'>, now: Date): SQL {
  return status === 'completed' || status === 'terminated' ? instant(now) : sql`null::timestamptz`;
}
