import { type SQL, sql } from 'drizzle-orm';
import type { Db } from '../../db/client.ts';
import { selectRows } from '../../db/query.ts';
import type { ProcessInstance, UserTask } from '../engine.ts';
import type { DefinitionCache } from './definitions.ts';
import { type InstanceState, rootToken } from './instance-state.ts';
import { visibleVariables } from './variables.ts';

interface InstanceRow {
  startId: string | null;
  processId: string;
  status: ProcessInstance['status'];
  reason: string | null;
  state: InstanceState;
}

interface TaskRow {
  instanceKey: string;
  token: number;
  elementId: string;
  status: UserTask['status'];
  assignee: string | null;
  candidateUsers: string[];
  candidateGroups: string[];
  completedBy: string | null;
  /** Milliseconds since 1970. */
  createdAt: number;
  definitionKey: string;
  state: InstanceState;
}

/** Keys are whole numbers; whatever else is asked for does not exist. */
export const isInstanceKey = (key: string): boolean => /^\d{1,18}$/.test(key);

export async function readInstance(db: Db, key: string): Promise<ProcessInstance | undefined> {
  const [row] = await selectRows<InstanceRow>(
    db,
    sql`select i.start_id as "startId", d.process_id as "processId", i.status, i.reason, i.state
      from engine_instances i join engine_definitions d on d.key = i.definition_key where i.key = ${key}::bigint`,
  );
  if (!row) return undefined;
  return {
    key,
    startId: row.startId ?? undefined,
    processDefinitionId: row.processId,
    status: row.status,
    reason: row.reason ?? undefined,
    variables: visibleVariables(row.state, rootToken),
  };
}

export async function readTasks(db: Db, definitions: DefinitionCache, instanceKey: string): Promise<UserTask[]> {
  return tasksWhere(db, definitions, sql`t.instance_key = ${instanceKey}::bigint`);
}

export async function readTask(db: Db, definitions: DefinitionCache, taskKey: string): Promise<UserTask | undefined> {
  const key = parseTaskKey(taskKey);
  if (!key) return undefined;
  const { instanceKey, token } = key;
  const [task] = await tasksWhere(
    db,
    definitions,
    sql`t.instance_key = ${instanceKey}::bigint and t.token = ${token}::int`,
  );
  return task;
}

export function parseTaskKey(key: string): { instanceKey: string; token: number } | undefined {
  const [, instanceKey, token] = /^(\d{1,18})-(\d{1,9})$/.exec(key) ?? [];
  return instanceKey === undefined || token === undefined ? undefined : { instanceKey, token: Number(token) };
}

async function tasksWhere(db: Db, definitions: DefinitionCache, condition: SQL): Promise<UserTask[]> {
  const rows = await selectRows<TaskRow>(
    db,
    sql`select t.instance_key::text as "instanceKey", t.token, t.element_id as "elementId", t.status, t.assignee,
        to_jsonb(t.candidate_users) as "candidateUsers", to_jsonb(t.candidate_groups) as "candidateGroups",
        t.completed_by as "completedBy", extract(epoch from t.created_at)::float8 * 1000 as "createdAt",
        i.definition_key::text as "definitionKey", i.state
      from engine_tasks t join engine_instances i on i.key = t.instance_key where ${condition} order by t.token`,
  );
  return Promise.all(
    rows.map(async (row) => {
      const { model, forms } = await definitions.get(Number(row.definitionKey));
      const element = model.elements.get(row.elementId);
      const formId = element?.behaviour.kind === 'userTask' ? element.behaviour.formId : undefined;
      return {
        key: `${row.instanceKey}-${row.token}`,
        processInstanceKey: row.instanceKey,
        processDefinitionId: model.id,
        processName: model.name,
        elementId: row.elementId,
        name: element?.name ?? row.elementId,
        status: row.status,
        assignee: row.assignee ?? undefined,
        candidateUsers: row.candidateUsers,
        candidateGroups: row.candidateGroups,
        form: formId === undefined ? undefined : forms.get(formId),
        // Of a task that has ended, what the process has now.
        variables: visibleVariables(row.state, row.state.tokens[row.token] ? row.token : rootToken),
        completedBy: row.completedBy ?? undefined,
        createdAt: new Date(Math.round(row.createdAt)),
      };
    }),
  );
}
