import { sql } from 'drizzle-orm';
import type { Db } from '../../../db/client.ts';
import { gathered } from '../../../db/gathered.ts';
import { statement } from '../../../db/query.ts';
import type { ProcessInstance, UserTask } from '../../engine.ts';
import { type InstanceState, rootToken } from '../interpreter/instance-state.ts';
import { activityOf } from '../interpreter/model.ts';
import { visibleVariables } from '../interpreter/variables.ts';
import { instanceToLoad, withApart } from './apart-tokens.ts';
import type { DefinitionCache } from './definitions.ts';
import { waitingJoins } from './waiting-joins.ts';

interface InstanceRow {
  startId: string | null;
  processId: string;
  status: ProcessInstance['status'];
  reason: string | null;
  state: InstanceState;
  correlationKey: string | null;
  definitionKey: string;
  /** The called instances and their tokens at joins. */
  called: { definitionKey: string; tokens: InstanceState['tokens'] }[] | null;
}

interface TaskRow {
  token: number;
  elementId: string;
  status: UserTask['status'];
  assignee: string | null;
  candidateUsers: string[];
  candidateGroups: string[];
  completedBy: string | null;
  /** Milliseconds since 1970. */
  createdAt: number;
  dueDate: number | null;
  followUpDate: number | null;
}

interface TasksRow {
  instanceKey: string;
  rootKey: string;
  definitionKey: string;
  state: InstanceState;
  tasks: TaskRow[];
}

/** Whether the text can be an instance's key: keys are integers. */
export const isInstanceKey = (key: string): boolean => /^\d{1,18}$/.test(key);

// An incident of a called process counts as an incident of its caller.
const instancesAsked = sql`select asked.n, jsonb_build_object('startId', i.start_id, 'processId', d.process_id,
    'status', coalesce(c.status, i.status), 'reason', coalesce(c.reason, i.reason), 'state', i.state,
    'definitionKey', i.definition_key::text,
    'called', (select jsonb_agg(jsonb_build_object('definitionKey', w.definition_key::text, 'tokens', w.state -> 'tokens'))
      from engine_instances w where w.root_key = i.key and w.status in ('active', 'incident')
        and jsonb_path_exists(w.state, '$.tokens.*.arrived')),
    'correlationKey', (select m.correlation_key from engine_message_starts m where m.instance_key = i.key)) as found
  from asked join engine_instances i on i.key = asked."instanceKey" join engine_definitions d on d.key = i.definition_key
  left join lateral (
    select c.status, c.reason from engine_instances c where c.root_key = i.key and c.status = 'incident'
    order by c.key limit 1) c on i.status = 'active'
  where asked.what = 'instance'`;

const tasksAsked = sql`select asked.n, jsonb_build_object('instanceKey', i.key::text,
    'rootKey', coalesce(i.root_key, i.key)::text, 'definitionKey', i.definition_key::text, 'state', i.state,
    'tasks', t.tasks) as found
  from asked
  cross join lateral (select asked."instanceKey" as key
    union all select key from engine_instances where root_key = asked."instanceKey" and asked.token is null) k
  join engine_instances i on i.key = k.key cross join lateral (
    select jsonb_agg(jsonb_build_object('token', t.token, 'elementId', t.element_id, 'status', t.status,
      'assignee', t.assignee, 'candidateUsers', t.candidate_users, 'candidateGroups', t.candidate_groups,
      'completedBy', t.completed_by, 'createdAt', extract(epoch from t.created_at)::float8 * 1000,
      'dueDate', extract(epoch from t.due_date)::float8 * 1000,
      'followUpDate', extract(epoch from t.follow_up_date)::float8 * 1000) order by t.token
    ) as tasks from engine_tasks t
    where t.instance_key = i.key and t.token = coalesce(asked.token, t.token)) t
  where asked.what = 'tasks' and t.tasks is not null`;

const readAsked = statement(sql`with asked as materialized (
    select * from jsonb_to_recordset(${sql.placeholder('asked')}::jsonb) as x(n int, what text, "instanceKey" bigint, token int))
  ${instancesAsked} union all ${tasksAsked}`);

/** A question about an instance, or about its tasks. */
type Asked = { what: 'instance'; instanceKey: string } | { what: 'tasks'; instanceKey: string; token: number | null };

/**
 * Questions that are asked together share a statement: most want to know an instance and its tasks. Tasks have one row per
 * instance, not per task, since they share the state, which may be large. Called instances are included; with a token, there is
 * only that task.
 */
const rowsAsked = gathered({
  async query(db, asked: Asked[]) {
    const numbered = asked.map((one, n) => ({ n, ...one }));
    const rows = await readAsked<{ n: number; found: object }>(db, { asked: JSON.stringify(numbered) });
    const found: object[][] = asked.map(() => []);
    for (const row of rows) found[row.n]?.push(row.found);
    return found;
  },
});

const instanceRow = async (db: Db, instanceKey: string): Promise<InstanceRow | undefined> =>
  ((await rowsAsked(db, { what: 'instance', instanceKey })) as InstanceRow[])[0];

const tasksRows = async (db: Db, asked: { instanceKey: string; token: number | null }): Promise<TasksRow[]> =>
  (await rowsAsked(db, { what: 'tasks', ...asked })) as TasksRow[];

/** A process instance by its key; undefined if there is none. */
export async function readInstance(
  db: Db,
  definitions: DefinitionCache,
  key: string,
): Promise<ProcessInstance | undefined> {
  const row = await instanceRow(db, key);
  if (!row) return undefined;
  const isOver = row.status === 'completed' || row.status === 'terminated';
  const hasJoins = Object.values(row.state.tokens).some(({ arrived }) => arrived);
  const places = isOver ? [] : [...(hasJoins ? [{ ...row, tokens: row.state.tokens }] : []), ...(row.called ?? [])];
  const joins = places.map(async ({ definitionKey, tokens }) =>
    waitingJoins({ tokens }, (await definitions.get(Number(definitionKey))).model),
  );
  return {
    key,
    startId: row.startId ?? undefined,
    processDefinitionId: row.processId,
    status: row.status,
    reason: row.reason ?? undefined,
    variables: visibleVariables(row.state, rootToken),
    correlationKey: row.correlationKey ?? undefined,
    waitingJoins: (await Promise.all(joins)).flat(),
  };
}

/** All user tasks of an instance and of those that it called, oldest first, including closed ones. */
export async function readTasks(db: Db, definitions: DefinitionCache, instanceKey: string): Promise<UserTask[]> {
  return userTasksOf(db, definitions, await tasksRows(db, { instanceKey, token: null }));
}

/** A user task by its key; undefined if there is none. */
export async function readTask(db: Db, definitions: DefinitionCache, taskKey: string): Promise<UserTask | undefined> {
  const key = parseTaskKey(taskKey);
  if (!key) return undefined;
  const [task] = await userTasksOf(db, definitions, await tasksRows(db, key));
  return task;
}

/** Parses `<instance key>-<token>`; undefined if the key has another form. */
export function parseTaskKey(key: string): { instanceKey: string; token: number } | undefined {
  const [, instanceKey, token] = /^(\d{1,18})-(\d{1,9})$/.exec(key) ?? [];
  return instanceKey === undefined || token === undefined ? undefined : { instanceKey, token: Number(token) };
}

async function userTasksOf(db: Db, definitions: DefinitionCache, instances: TasksRow[]): Promise<UserTask[]> {
  const tasks = await Promise.all(instances.map((instance) => userTasks(db, definitions, instance)));
  return tasks.flat().sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime());
}

async function userTasks(db: Db, definitions: DefinitionCache, instance: TasksRow): Promise<UserTask[]> {
  const open = instance.tasks.flatMap(({ token, status }) => (status === 'open' ? token : []));
  const { state } = await withApart(db, instanceToLoad(instance.instanceKey, instance.state), open);
  const { model, forms } = await definitions.get(Number(instance.definitionKey));
  return instance.tasks.map((row) => {
    const element = model.elements.get(row.elementId);
    const behaviour = element && activityOf(element).behaviour;
    const formId = behaviour?.kind === 'userTask' ? behaviour.formId : undefined;
    return {
      key: `${instance.instanceKey}-${row.token}`,
      processInstanceKey: instance.rootKey,
      processDefinitionId: model.id,
      processName: model.name,
      elementId: row.elementId,
      name: element?.name ?? row.elementId,
      status: row.status,
      assignee: row.assignee ?? undefined,
      candidateUsers: row.candidateUsers,
      candidateGroups: row.candidateGroups,
      form: formId === undefined ? undefined : forms.get(formId),
      // For a task that has ended: the process's current variables.
      variables: visibleVariables(state, state.tokens[row.token] ? row.token : rootToken),
      completedBy: row.completedBy ?? undefined,
      createdAt: new Date(Math.round(row.createdAt)),
      dueDate: dateOf(row.dueDate),
      followUpDate: dateOf(row.followUpDate),
    };
  });
}

const dateOf = (ms: number | null) => (ms === null ? undefined : new Date(Math.round(ms)));
