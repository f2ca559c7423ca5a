import { type SQL, sql } from 'drizzle-orm';
import { marked } from '../../../db/due-queue.ts';
import { type Statement, statement } from '../../../db/query.ts';
import { closeSubscription, lookForMessage, openSubscription } from '../correlation/subscriptions.ts';
import type { Effect } from '../interpreter/effects.ts';

const value = sql.placeholder;

/** Attributes that `x.changes` does not name stay. */
const changedTask = sql`
      assignee = case when x.changes ? 'assignee' then x.changes ->> 'assignee' else t.assignee end,
      candidate_users = case when x.changes ? 'candidateUsers'
        then array(select jsonb_array_elements_text(x.changes -> 'candidateUsers')) else t.candidate_users end,
      candidate_groups = case when x.changes ? 'candidateGroups'
        then array(select jsonb_array_elements_text(x.changes -> 'candidateGroups')) else t.candidate_groups end,
      due_date = case when x.changes ? 'dueDate' then (x.changes ->> 'dueDate')::timestamptz else t.due_date end,
      follow_up_date = case when x.changes ? 'followUpDate' then (x.changes ->> 'followUpDate')::timestamptz
        else t.follow_up_date end`;

/** Parts named after an effect write the rows of all effects of that kind, which they are given as JSON. */
const effectParts = {
  closeTask: sql`update engine_tasks t set status = x.status, ended_at = i.now, completed_by = x.by, ${changedTask}
    from i, jsonb_to_recordset(${value('closeTask')}::jsonb) as x(token int, status text, by text, changes jsonb)
    where t.instance_key = i.key and t.token = x.token`,
  changeTask: sql`update engine_tasks t set ${changedTask}
    from i, jsonb_to_recordset(${value('changeTask')}::jsonb) as x(token int, changes jsonb)
    where t.instance_key = i.key and t.token = x.token`,
  closeJob: sql`delete from engine_jobs j using i, jsonb_to_recordset(${value('closeJob')}::jsonb) as x(token int)
    where j.instance_key = i.key and j.token = x.token`,
  holdJob: sql`update engine_jobs j set due_at = null, unfinished = 0, last_error = x.error
    from i, jsonb_to_recordset(${value('holdJob')}::jsonb) as x(token int, error text)
    where j.instance_key = i.key and j.token = x.token`,
  releaseJob: sql`update engine_jobs j set due_at = now(), unfinished = 0, retries = greatest(j.retries, x.retries)
    from i, jsonb_to_recordset(${value('releaseJob')}::jsonb) as x(token int, retries int)
    where j.instance_key = i.key and j.token = x.token`,
  closeTimer: sql`delete from engine_timers t using i,
      jsonb_to_recordset(${value('closeTimer')}::jsonb) as x(token int, "elementId" text)
    where t.instance_key = i.key and t.token = x.token and t.element_id = x."elementId"`,
  moveTimer: sql`update engine_timers t set fires_at = x."dueAt", due_at = x."dueAt", repetitions = x.repetitions,
      attempts = 0, unfinished = 0
    from i, jsonb_to_recordset(${value('moveTimer')}::jsonb) as x(token int, "elementId" text, "dueAt" timestamptz,
      repetitions int)
    where t.instance_key = i.key and t.token = x.token and t.element_id = x."elementId"`,
  closeSubscription,
  openTask: sql`insert into engine_tasks (instance_key, token, element_id, status, assignee, candidate_users,
      candidate_groups, created_at, due_date, follow_up_date)
    select i.key, x.token, x."elementId", 'open', x.assignee, x."candidateUsers", x."candidateGroups", i.now, x."dueDate",
      x."followUpDate"
    from i, jsonb_to_recordset(${value('openTask')}::jsonb) as x(token int, "elementId" text, assignee text,
      "candidateUsers" text[], "candidateGroups" text[], "dueDate" timestamptz, "followUpDate" timestamptz)`,
  openJob: sql`insert into engine_jobs (instance_key, token, element_id, type, retries, due_at)
    select i.key, x.token, x."elementId", x.type, x.retries, now()
    from i, jsonb_to_recordset(${value('openJob')}::jsonb) as x(token int, "elementId" text, type text, retries int)`,
  openTimer: sql`insert into engine_timers (instance_key, token, element_id, fires_at, due_at, repetitions)
    select i.key, x.token, x."elementId", x."dueAt", x."dueAt", x.repetitions
    from i, jsonb_to_recordset(${value('openTimer')}::jsonb) as x(token int, "elementId" text, "dueAt" timestamptz,
      repetitions int)`,
  openSubscription,
} satisfies { [Kind in Effect['kind']]?: SQL };

/**
 * A worker that tells of an earlier change leaves the row, so that this one is told too. One that was set aside is tried
 * again: this is another change.
 */
export const change = sql`insert into engine_changes (instance_key, due_at) select i.key, now() from i
  on conflict (instance_key) do update set due_at = case when engine_changes.due_at = 'infinity' then now()
    else ${marked(sql`engine_changes.due_at`)} end`;

/** Every part can use the instance as `i`, and does nothing if there is none. */
const parts = {
  ...effectParts,
  lookForMessage,
  history: sql`insert into engine_history (instance_key, revision, at, entries)
    select i.key, i.revision, i.now, ${value('history')}::jsonb from i`,
  keepTokens: sql`insert into engine_tokens (instance_key, token, branch, scope, data)
    select i.key, x.token, x.branch, x.scope, x.data
    from i, jsonb_to_recordset(${value('keepTokens')}::jsonb) as x(token int, branch int, scope int, data jsonb)
    on conflict (instance_key, token) do update set data = excluded.data`,
  dropTokens: sql`delete from engine_tokens t using i,
      jsonb_to_recordset(${value('dropTokens')}::jsonb) as x(token int)
    where t.instance_key = i.key and t.token = x.token`,
  freeCorrelationKey: sql`update engine_message_starts m set due_at = now(), unfinished = 0 from i where m.instance_key = i.key`,
  change,
};

export type PartName = keyof typeof parts;

/** The parts that write the rows of some effects. */
export function partsOf(effects: readonly Effect[]): PartName[] {
  const kinds = new Set<string>(effects.map(({ kind }) => kind));
  const names: PartName[] = (Object.keys(effectParts) as (keyof typeof effectParts)[]).filter((kind) =>
    kinds.has(kind),
  );
  return kinds.has('closeSubscription') ? [...names, 'lookForMessage'] : names;
}

const insertion = sql`insert into engine_instances (key, start_id, definition_key, status, reason,
    revision, state, caller_key, caller_token, root_key, hears_after, created_at, ended_at, continue_due_at)
  overriding system value
  values (coalesce(${value('key')}::bigint, nextval('engine_instances_key_seq')), ${value('startId')},
    ${value('definitionKey')}::bigint, ${value('status')}, ${value('reason')}, ${value('revision')}::int,
    ${value('state')}::jsonb, ${value('callerKey')}::bigint, ${value('callerToken')}::int, ${value('rootKey')}::bigint,
    coalesce(${value('hearsAfter')}::bigint,
      (select root.hears_after from engine_instances root where root.key = ${value('rootKey')}::bigint)),
    ${value('now')}::timestamptz, ${value('endedAt')}::timestamptz, case when ${value('isToContinue')}::boolean then now() end)
  on conflict (start_id) do nothing returning key, definition_key, revision, hears_after, created_at as now`;

const update = sql`update engine_instances set status = ${value('status')},
    reason = ${value('reason')}, revision = ${value('revision')}::int, state = coalesce(${value('state')}::jsonb, state),
    ended_at = coalesce(ended_at, ${value('endedAt')}::timestamptz), continue_due_at = case when ${value('isToContinue')}::boolean then now() end,
    continue_attempts = 0, continue_unfinished = 0
  where key = ${value('key')}::bigint returning key, definition_key, revision, hears_after, ${value('now')}::timestamptz as now`;

/** Writes a new instance and returns its key; nothing if its start has an instance already. */
export const insertStatement = withParts(insertion);
/** Writes what a command made of an instance. */
export const updateStatement = withParts(update);

/** The statement with these parts; each combination is built once. */
function withParts(instance: SQL): (names: readonly PartName[]) => Statement {
  const built = new Map<string, Statement>();
  return (names) => {
    const combination = names.join();
    let found = built.get(combination);
    if (!found) {
      const tables = names.map((name) => sql`, ${sql.identifier(name)} as (${parts[name]})`);
      found = statement(sql`with i as (${instance})${sql.join(tables)} select key::text from i`);
      built.set(combination, found);
    }
    return found;
  };
}
