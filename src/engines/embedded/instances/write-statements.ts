import { type SQL, sql } from 'drizzle-orm';
import { leaseFor, marked } from '../../../db/due-queue.ts';
import { type Statement, statement } from '../../../db/query.ts';
import { closeSubscription, lookForMessage, openSubscription } from '../correlation/subscriptions.ts';
import type { Effect } from '../interpreter/effects.ts';

/** Attributes that `x.changes` does not name stay unchanged. */
const changedTask = sql`
      assignee = case when x.changes ? 'assignee' then x.changes ->> 'assignee' else t.assignee end,
      candidate_users = case when x.changes ? 'candidateUsers'
        then array(select jsonb_array_elements_text(x.changes -> 'candidateUsers')) else t.candidate_users end,
      candidate_groups = case when x.changes ? 'candidateGroups'
        then array(select jsonb_array_elements_text(x.changes -> 'candidateGroups')) else t.candidate_groups end,
      due_date = case when x.changes ? 'dueDate' then (x.changes ->> 'dueDate')::timestamptz else t.due_date end,
      follow_up_date = case when x.changes ? 'followUpDate' then (x.changes ->> 'followUpDate')::timestamptz
        else t.follow_up_date end`;

/**
 * Parts named after an effect write the rows of all effects of that kind, given as JSON in the column of `i` with that name.
 */
const effectParts = {
  closeTask: sql`update engine_tasks t set status = x.status, ended_at = i.now, completed_by = x.by, ${changedTask}
    from i, jsonb_to_recordset(i."closeTask") as x(token int, status text, by text, changes jsonb)
    where t.instance_key = i.key and t.token = x.token`,
  changeTask: sql`update engine_tasks t set ${changedTask}
    from i, jsonb_to_recordset(i."changeTask") as x(token int, changes jsonb)
    where t.instance_key = i.key and t.token = x.token`,
  closeJob: sql`delete from engine_jobs j using i, jsonb_to_recordset(i."closeJob") as x(token int)
    where j.instance_key = i.key and j.token = x.token`,
  holdJob: sql`update engine_jobs j set due_at = null, unfinished = 0, last_error = x.error
    from i, jsonb_to_recordset(i."holdJob") as x(token int, error text)
    where j.instance_key = i.key and j.token = x.token`,
  releaseJob: sql`update engine_jobs j set due_at = now(), unfinished = 0, retries = greatest(j.retries, x.retries)
    from i, jsonb_to_recordset(i."releaseJob") as x(token int, retries int)
    where j.instance_key = i.key and j.token = x.token`,
  closeTimer: sql`delete from engine_timers t using i,
      jsonb_to_recordset(i."closeTimer") as x(token int, "elementId" text)
    where t.instance_key = i.key and t.token = x.token and t.element_id = x."elementId"`,
  moveTimer: sql`update engine_timers t set fires_at = x."dueAt", due_at = x."dueAt", repetitions = x.repetitions,
      attempts = 0, unfinished = 0
    from i, jsonb_to_recordset(i."moveTimer") as x(token int, "elementId" text, "dueAt" timestamptz,
      repetitions int)
    where t.instance_key = i.key and t.token = x.token and t.element_id = x."elementId"`,
  closeSubscription,
  openTask: sql`insert into engine_tasks (instance_key, token, element_id, status, assignee, candidate_users,
      candidate_groups, created_at, due_date, follow_up_date)
    select i.key, x.token, x."elementId", 'open', x.assignee, x."candidateUsers", x."candidateGroups", i.now, x."dueDate",
      x."followUpDate"
    from i, jsonb_to_recordset(i."openTask") as x(token int, "elementId" text, assignee text,
      "candidateUsers" text[], "candidateGroups" text[], "dueDate" timestamptz, "followUpDate" timestamptz)`,
  openJob: sql`insert into engine_jobs (instance_key, token, element_id, type, retries, due_at)
    select i.key, x.token, x."elementId", x.type, x.retries, now()
    from i, jsonb_to_recordset(i."openJob") as x(token int, "elementId" text, type text, retries int)`,
  openTimer: sql`insert into engine_timers (instance_key, token, element_id, fires_at, due_at, repetitions)
    select i.key, x.token, x."elementId", x."dueAt", x."dueAt", x.repetitions
    from i, jsonb_to_recordset(i."openTimer") as x(token int, "elementId" text, "dueAt" timestamptz,
      repetitions int)`,
  openSubscription,
} satisfies { [Kind in Effect['kind']]?: SQL };

/**
 * A worker that is reporting an earlier change must leave the row, so that this change is reported too. A row that was set
 * aside becomes due again.
 */
export const change = sql`insert into engine_changes (instance_key, due_at) select i.key, now() from i
  on conflict (instance_key) do update set due_at = case when engine_changes.due_at = 'infinity' then now()
    else ${marked(sql`engine_changes.due_at`)} end`;

/** SQL condition: the worker has room for the change of this new instance. */
const hasRoom = sql`i.n < ${sql.placeholder('room')}::int`;

/** The change of a new instance, which is claimed at once where the worker has room for it. */
const firstChange = sql`insert into engine_changes (instance_key, due_at, attempts, unfinished)
  select i.key, case when ${hasRoom} then ${leaseFor(sql.placeholder('leaseMs'))} else now() end,
    (${hasRoom})::int, (${hasRoom})::int from i
  returning instance_key, due_at::text as lease`;

/** Every part can read the written instances as `i`, and does nothing for instances it does not concern. */
const parts = {
  ...effectParts,
  lookForMessage,
  history: sql`insert into engine_history (instance_key, revision, at, entries)
    select i.key, i.revision, i.now, i.history from i`,
  keepTokens: sql`insert into engine_tokens (instance_key, token, branch, scope, data)
    select i.key, x.token, x.branch, x.scope, x.data
    from i, jsonb_to_recordset(i."keepTokens") as x(token int, branch int, scope int, data jsonb)
    on conflict (instance_key, token) do update set data = excluded.data`,
  dropTokens: sql`delete from engine_tokens t using i,
      jsonb_to_recordset(i."dropTokens") as x(token int)
    where t.instance_key = i.key and t.token = x.token`,
  freeCorrelationKey: sql`update engine_message_starts m set due_at = now(), unfinished = 0 from i where m.instance_key = i.key`,
  change,
};

export type PartName = keyof typeof parts;

/** The parts needed to write the rows of these effects. */
export function partsOf(effects: readonly Effect[]): PartName[] {
  const kinds = new Set<string>(effects.map(({ kind }) => kind));
  const names: PartName[] = (Object.keys(effectParts) as (keyof typeof effectParts)[]).filter((kind) =>
    kinds.has(kind),
  );
  return kinds.has('closeSubscription') ? [...names, 'lookForMessage'] : names;
}

/** Parts that read the column with their name. */
const columns = new Set<string>([...Object.keys(effectParts), 'history', 'keepTokens', 'dropTokens']);

/** The columns of each instance in the JSON of {@link InstanceWrite}. */
const given = sql`n int, key bigint, "startId" text, "definitionKey" bigint, status text, reason text, revision int,
  state jsonb, "callerKey" bigint, "callerToken" int, "rootKey" bigint, "hearsAfter" bigint, now timestamptz,
  "endedAt" timestamptz, "isToContinue" boolean`;

const instances = sql`${sql.placeholder('instances')}::jsonb`;

const insertion = {
  from: sql`jsonb_to_recordset(${instances})`,
  read: sql`select g.*, coalesce(g.key, nextval('engine_instances_key_seq')) as new_key,
    coalesce(g."hearsAfter",
      (select root.hears_after from engine_instances root where root.key = g."rootKey")) as hears_after`,
  write: sql`insert into engine_instances (key, start_id, definition_key, status, reason, revision, state, caller_key,
      caller_token, root_key, hears_after, created_at, ended_at, continue_due_at)
    overriding system value
    select new_key, "startId", "definitionKey", status, reason, revision, state, "callerKey", "callerToken", "rootKey",
      hears_after, now, "endedAt", case when "isToContinue" then now() end
    from g
    on conflict (start_id) do nothing returning key, definition_key, hears_after`,
  key: sql`g.new_key`,
  change: firstChange,
  returned: (names: readonly PartName[]) =>
    names.includes('change')
      ? sql`select n, key::text, lease from i left join change on instance_key = key`
      : sql`select n, key::text, null as lease from i`,
};

const update = {
  // A single row, so that Postgres looks it up by its key, whatever its statistics of the table say.
  from: sql`jsonb_to_record(${instances} -> 0)`,
  read: sql`select g.*`,
  write: sql`update engine_instances e set status = g.status, reason = g.reason, revision = g.revision,
      state = coalesce(g.state, e.state), ended_at = coalesce(e.ended_at, g."endedAt"),
      continue_due_at = case when g."isToContinue" then now() end, continue_attempts = 0, continue_unfinished = 0
    from g where e.key = g.key returning e.key, e.definition_key, e.hears_after`,
  key: sql`g.key`,
  change,
  returned: () => sql`select n, key::text from i`,
};

/** Inserts instances, and returns those whose start had none. Takes `room` and `leaseMs` for the part `change`. */
export const insertStatement = withParts(insertion);
/** Updates an instance after a command. */
export const updateStatement = withParts(update);

/**
 * Builds the statement with these parts, once per combination. Its input are the instances as JSON, `g`; `i` are those that
 * were written.
 */
function withParts({
  from,
  read,
  write,
  key,
  change,
  returned,
}: typeof insertion): (names: readonly PartName[]) => Statement {
  const built = new Map<string, Statement>();
  return (names) => {
    const combination = names.join();
    let found = built.get(combination);
    if (!found) {
      const own = names.filter((name) => columns.has(name)).map((name) => sql.identifier(name));
      const types = sql.join(own.map((name) => sql`, ${name} jsonb`));
      const taken = sql.join(own.map((name) => sql`, g.${name}`));
      const tables = names.map(
        (name) => sql`, ${sql.identifier(name)} as (${name === 'change' ? change : parts[name]})`,
      );
      found = statement(sql`with g as materialized (
          ${read} from ${from} as g(${given}${types})),
        written as (${write}),
        i as (select written.*, g.n, g.revision, g.now${taken} from written join g on ${key} = written.key)
        ${sql.join(tables)} ${returned(names)}`);
      built.set(combination, found);
    }
    return found;
  };
}
