import { sql } from 'drizzle-orm';
import type { Db } from '../../../db/client.ts';
import { selectRows } from '../../../db/query.ts';
import type { TaskAttributes, TaskChanges } from '../interpreter/effects.ts';
import { type InstanceState, type Listening, tokenAt } from '../interpreter/instance-state.ts';
import { isTaskEvent } from '../interpreter/model.ts';

/** A user task as seen by its listeners: with the requested changes and the corrections of earlier listeners. */
export interface ListenedTask {
  taskKey: string;
  token: number;
  attributes: TaskAttributes;
  /** Names of the attributes changed by the event. */
  changed: string[];
}

/** The event of a task listener's job; undefined for other jobs. */
export function listeningOf(state: InstanceState, job: number): Listening | undefined {
  const token = tokenAt(state, job);
  if (!token?.isListener || token.scope === undefined) return undefined;
  return tokenAt(state, token.scope)?.listening;
}

/** Returns undefined if the job is not a task listener's. */
export async function readListenedTask(
  db: Db,
  state: InstanceState,
  { instanceKey, token: job }: { instanceKey: string; token: number },
): Promise<ListenedTask | undefined> {
  const listening = listeningOf(state, job);
  const token = tokenAt(state, job)?.scope;
  if (!listening || token === undefined || !isTaskEvent(listening.event)) return undefined;
  const { opens, changes = {} } = listening;
  const before = opens ?? (await readAttributes(db, instanceKey, token));
  const after = { ...before, ...withoutNull(changes) };
  const isOther = (name: string) =>
    JSON.stringify(after[name as keyof TaskAttributes]) !== JSON.stringify(before[name as keyof TaskAttributes]);
  const isAssigned = listening.event === 'assigning' && opens !== undefined;
  return {
    taskKey: `${instanceKey}-${token}`,
    token,
    attributes: after,
    changed: [...new Set([...(isAssigned ? ['assignee'] : []), ...Object.keys(changes).filter(isOther)])],
  };
}

/** The task's attributes as job headers, as in Camunda 8. */
export function taskHeaders(
  { event }: Listening,
  { taskKey, attributes, changed }: ListenedTask,
): Record<string, string> {
  const { assignee, candidateUsers, candidateGroups, dueDate, followUpDate } = attributes;
  const headers = {
    action: actions[event],
    assignee,
    candidateUsers: listOf(candidateUsers),
    candidateGroups: listOf(candidateGroups),
    changedAttributes: listOf(changed),
    dueDate,
    followUpDate,
    userTaskKey: taskKey,
  };
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (value ? [[`io.camunda.zeebe:${name}`, value]] : [])),
  );
}

export const actions: { readonly [event: string]: string } = {
  creating: 'create',
  assigning: 'assign',
  updating: 'update',
  completing: 'complete',
};

const listOf = (texts: readonly string[]): string | undefined => (texts.length > 0 ? JSON.stringify(texts) : undefined);

function withoutNull(changes: TaskChanges): Partial<TaskAttributes> {
  return Object.fromEntries(Object.entries(changes).map(([name, value]) => [name, value ?? undefined]));
}

async function readAttributes(db: Db, instanceKey: string, token: number): Promise<TaskAttributes> {
  const [row] = await selectRows<{
    assignee: string | null;
    candidateUsers: string[];
    candidateGroups: string[];
    dueDate: number | null;
    followUpDate: number | null;
  }>(
    db,
    sql`select nullif(assignee, '') as assignee, candidate_users as "candidateUsers",
        candidate_groups as "candidateGroups", extract(epoch from due_date)::float8 * 1000 as "dueDate",
        extract(epoch from follow_up_date)::float8 * 1000 as "followUpDate"
      from engine_tasks where instance_key = ${instanceKey}::bigint and token = ${token}::int`,
  );
  const dateOf = (ms: number | null | undefined) => (ms ? new Date(Math.round(ms)).toISOString() : undefined);
  return {
    assignee: row?.assignee ?? undefined,
    candidateUsers: row?.candidateUsers ?? [],
    candidateGroups: row?.candidateGroups ?? [],
    dueDate: dateOf(row?.dueDate),
    followUpDate: dateOf(row?.followUpDate),
  };
}
