import { randomUUID } from 'node:crypto';
import type { Sql } from 'postgres';

/** The rows that the engine wrote for one instance, to be written again without the engine. */
export interface Sample {
  definitionKey: string;
  /** The state as JSON, and the history of the command that produced it. */
  started: { state: string; history: string };
  completed: { state: string; history: string };
}

/** Reads the rows of an instance as its last command left them. */
export async function takeSample(
  client: Sql,
  instanceKey: string,
): Promise<Sample['started'] & { definitionKey: string }> {
  const [row] = await client<{ definitionKey: string; state: string; history: string }[]>`
    select definition_key::text as "definitionKey", state::text, (select entries::text from engine_history h
      where h.instance_key = i.key order by revision desc limit 1) as history
    from engine_instances i where key = ${instanceKey}::bigint`;
  if (!row) throw new Error('there is no such instance');
  return row;
}

/** Inserts the rows of a start with a single statement. */
export async function insertBare(client: Sql, { definitionKey, started }: Sample): Promise<string> {
  const [row] = await client<{ key: string }[]>`
    with i as (insert into engine_instances (start_id, definition_key, status, revision, state)
        values (${randomUUID()}, ${definitionKey}::bigint, 'active', 1, ${started.state}::text::jsonb) returning key),
      t as (insert into engine_tasks (instance_key, token, element_id, status, assignee, candidate_users,
          candidate_groups, created_at)
        select key, 3, 'first', 'open', 'U012ABCDEF', '{}', '{}', now() from i),
      h as (insert into engine_history (instance_key, revision, at, entries)
        select key, 1, now(), ${started.history}::text::jsonb from i),
      c as (insert into engine_changes (instance_key, due_at) select key, now() from i)
    select key::text from i`;
  return row?.key ?? '';
}

/** Writes the rows of a completed task and the next one: locks and reads the instance, then writes everything. */
export async function updateBare(client: Sql, key: string, { completed }: Sample): Promise<void> {
  await client.begin(async (tx) => {
    await tx`select key::text, definition_key::text, status, revision, state from engine_instances
      where key = ${key}::bigint for update`;
    await tx`
      with i as (update engine_instances set revision = 2, state = ${completed.state}::text::jsonb
          where key = ${key}::bigint returning key),
        d as (update engine_tasks t set status = 'completed', ended_at = now(), completed_by = 'U1' from i
          where t.instance_key = i.key and t.token = 3),
        t as (insert into engine_tasks (instance_key, token, element_id, status, assignee, candidate_users,
            candidate_groups, created_at)
          select key, 5, 'second', 'open', 'U012ABCDEF', '{}', '{}', now() from i),
        h as (insert into engine_history (instance_key, revision, at, entries)
          select key, 2, now(), ${completed.history}::text::jsonb from i),
        c as (insert into engine_changes (instance_key, due_at) select key, now() from i
          on conflict (instance_key) do update set due_at = now())
      select key::text from i`;
  });
}
