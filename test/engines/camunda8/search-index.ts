import { sql } from 'drizzle-orm';
import type { Db } from '../../../src/db/client.ts';
import { selectRows } from '../../../src/db/query.ts';
import type { ProcessEngine } from '../../../src/engines/engine.ts';
import { stringifyJson } from '../../../src/json.ts';
import type { Json } from '../../../src/values.ts';
import type { Indexed } from './search-rows.ts';
import { elementPlace, numberKey, placeKey } from './stand-in-keys.ts';

interface StoredInstance {
  definitionKey: string;
  processId: string;
  version: number;
  status: string;
  callerKey: string | null;
  callerToken: number | null;
  createdAt: number;
  endedAt: number | null;
  scopes: { token: number; local: Record<string, Json> | null }[] | null;
  tasks:
    | {
        token: number;
        elementId: string;
        status: string;
        assignee: string | null;
        candidateUsers: string[];
        candidateGroups: string[];
        createdAt: number;
        endedAt: number | null;
        dueDate: number | null;
        followUpDate: number | null;
      }[]
    | null;
  subscriptions: { token: number; elementId: string; name: string; correlationKey: string | null }[] | null;
}

/** The rows of one instance in the searches. */
interface InstanceRows {
  instance: Indexed;
  tasks: Indexed[];
  elements: Indexed[];
  incidents: Indexed[];
  variables: Indexed[];
  subscriptions: Indexed[];
}

interface DefinitionRow {
  key: string;
  processId: string;
  version: number;
  xml: string;
  forms: Record<string, string>;
}

export type RowKind = keyof InstanceRows;

export interface SearchIndex {
  /** Brings the index up to date with the engine. */
  refresh(engine: ProcessEngine): Promise<void>;
  /** The rows of these instances of the engine, or of all. */
  rows(kind: RowKind, instances?: readonly string[]): Indexed[];
  definitions(): Indexed[];
  definition(key: string): DefinitionRow | undefined;
  /** The element that has the open incident. */
  elementOf(incidentKey: string): { element: string; type: string } | undefined;
  /** Records that the incident at an element was resolved: a later one there is a new incident. */
  noteResolved(element: string): void;
}

export interface SearchIndexOptions {
  db: Db;
  tagsOf: (instance: string) => string[];
  /** The id of the tenant that everything belongs to. */
  tenant: string;
}

/** A search index over the embedded engine's tables. It shows their state at the last refresh. */
export function createSearchIndex({ db, tagsOf, tenant }: SearchIndexOptions): SearchIndex {
  const instances = new Map<string, InstanceRows>();
  /** The oldest transaction whose writes the index may have missed. */
  let unread = '0';
  let definitions = new Map<string, DefinitionRow>();
  const openIncidents = new Map<string, { key: string; shown: Record<string, unknown> }>();
  const pastIncidents = new Map<string, Indexed[]>();
  let incidentCount = 0;
  const seenSubscriptions = new Map<string, string>();

  const refreshDefinitions = async () => {
    const [count] = await selectRows<{ n: number }>(db, sql`select count(*)::int as n from engine_definitions`);
    if (count?.n === definitions.size) return;
    const rows = await selectRows<DefinitionRow>(
      db,
      sql`select key::text, process_id as "processId", version, xml, forms from engine_definitions order by key`,
    );
    definitions = new Map(rows.map((row) => [numberKey('definition', row.key), row]));
  };

  const readInstance = async (engine: ProcessEngine, key: string): Promise<InstanceRows> => {
    const [stored] = await selectRows<StoredInstance>(
      db,
      sql`select i.definition_key::text as "definitionKey", d.process_id as "processId", d.version, i.status,
          i.caller_key::text as "callerKey", i.caller_token as "callerToken",
          extract(epoch from i.created_at)::float8 * 1000 as "createdAt",
          extract(epoch from i.ended_at)::float8 * 1000 as "endedAt",
          (select jsonb_agg(jsonb_build_object('token', s.token, 'local', s.local)) from (
            select t.key::int as token, t.value->'local' as local from jsonb_each(i.state->'tokens') t
            union all select a.token, a.data->'local' from engine_tokens a where a.instance_key = i.key) s) as scopes,
          (select jsonb_agg(jsonb_build_object('token', t.token, 'elementId', t.element_id, 'status', t.status,
              'assignee', t.assignee, 'candidateUsers', t.candidate_users, 'candidateGroups', t.candidate_groups,
              'createdAt', extract(epoch from t.created_at)::float8 * 1000,
              'endedAt', extract(epoch from t.ended_at)::float8 * 1000,
              'dueDate', extract(epoch from t.due_date)::float8 * 1000,
              'followUpDate', extract(epoch from t.follow_up_date)::float8 * 1000))
            from engine_tasks t where t.instance_key = i.key) as tasks,
          (select jsonb_agg(jsonb_build_object('token', s.token, 'elementId', s.element_id, 'name', s.name,
              'correlationKey', s.correlation_key))
            from engine_subscriptions s where s.instance_key = i.key and s.kind = 'message') as subscriptions
        from engine_instances i join engine_definitions d on d.key = i.definition_key where i.key = ${key}::bigint`,
    );
    if (!stored) throw new Error(`there is no instance ${key}`);
    const [elements, incidents] = await Promise.all([engine.listElementInstances(key), engine.listIncidents(key)]);
    const xml = definitions.get(numberKey('definition', stored.definitionKey))?.xml ?? '';
    const common = {
      processDefinitionId: stored.processId,
      processDefinitionKey: numberKey('definition', stored.definitionKey),
      processInstanceKey: placeKey('element', { instance: key, token: 0 }),
      tenantId: tenant,
    };
    const isEnded = stored.endedAt !== null || ['completed', 'terminated'].includes(stored.status);
    const endDate = date(stored.endedAt) ?? (isEnded ? date(Date.now()) : undefined);
    const shownElements = elements.map((element): Indexed => {
      const place = elementPlace(element.key);
      const isBody = elements.some((one) => one.parentKey === element.key && one.elementId === element.elementId);
      const endDate_ = element.leftAt?.toISOString();
      return {
        shown: {
          ...common,
          elementInstanceKey: placeKey('element', place),
          elementId: element.elementId,
          elementName: element.name,
          type: place.token === 0 ? 'PROCESS' : isBody ? 'MULTI_INSTANCE_BODY' : typeOf(xml, element.elementId),
          state: stateOf(element.status),
          hasIncident: element.status === 'incident',
          startDate: element.enteredAt.toISOString(),
          ...(endDate_ && { endDate: endDate_ }),
        },
        hidden: {
          elementInstanceScopeKey: element.parentKey && placeKey('element', elementPlace(element.parentKey)),
        },
      };
    });
    const own = incidents.filter(({ processInstanceKey }) => processInstanceKey === key);
    const shownIncidents = own.map((incident): Indexed => {
      const place = elementPlace(incident.key);
      let open = openIncidents.get(incident.key);
      // An incident whose cause still exists after it was resolved is a new incident.
      const message = incident.reason.replace(/^[^:]*\([^)]*\): /, '');
      if (!open || resolved.delete(incident.key)) {
        if (open) pastIncidents.set(key, [...(pastIncidents.get(key) ?? []), asResolved(open.shown)]);
        incidentCount += 1;
        const incidentKey = numberKey('incident', incidentCount);
        open = { key: incidentKey, shown: { incidentKey, creationTime: new Date().toISOString() } };
        openIncidents.set(incident.key, open);
      }
      open.shown = {
        ...open.shown,
        ...common,
        elementId: incident.elementId,
        elementInstanceKey: placeKey('element', place),
        errorType: errorTypes.has(incident.type) ? incident.type : 'UNKNOWN',
        errorMessage: message,
        state: 'ACTIVE',
        ...(incident.type.endsWith('_NO_RETRIES') && { jobKey: placeKey('job', place) }),
      };
      return { shown: open.shown };
    });
    for (const [element, { shown }] of openIncidents) {
      if (elementPlace(element).instance !== key || own.some((one) => one.key === element)) continue;
      openIncidents.delete(element);
      resolved.delete(element);
      pastIncidents.set(key, [...(pastIncidents.get(key) ?? []), asResolved(shown)]);
    }
    const tags = tagsOf(key);
    const { callerKey, callerToken } = stored;
    return {
      instance: {
        shown: {
          ...common,
          processDefinitionName: nameOf(xml, stored.processId),
          processDefinitionVersion: stored.version,
          startDate: date(stored.createdAt),
          ...(endDate && { endDate }),
          state: stateOf(stored.status),
          hasIncident: incidents.length > 0,
          ...(callerKey !== null && {
            parentProcessInstanceKey: placeKey('element', { instance: callerKey, token: 0 }),
            parentElementInstanceKey: placeKey('element', { instance: callerKey, token: callerToken ?? 0 }),
          }),
          ...(tags.length > 0 && { tags }),
        },
      },
      elements: shownElements,
      incidents: [...(pastIncidents.get(key) ?? []), ...shownIncidents],
      tasks: (stored.tasks ?? []).map((task): Indexed => {
        const place = { instance: key, token: task.token };
        const element = elements.find((one) => one.key === `${key}-${task.token}`);
        return {
          shown: {
            ...common,
            userTaskKey: placeKey('task', place),
            elementInstanceKey: placeKey('element', place),
            elementId: task.elementId,
            ...(element && { name: element.name }),
            processName: nameOf(xml, stored.processId),
            processDefinitionVersion: stored.version,
            state: { open: 'CREATED', completed: 'COMPLETED', cancelled: 'CANCELED' }[task.status],
            ...(task.assignee && { assignee: task.assignee }),
            candidateUsers: task.candidateUsers,
            candidateGroups: task.candidateGroups,
            creationDate: date(task.createdAt),
            ...(task.endedAt !== null && task.status === 'completed' && { completionDate: date(task.endedAt) }),
            ...(task.dueDate !== null && { dueDate: date(task.dueDate) }),
            ...(task.followUpDate !== null && { followUpDate: date(task.followUpDate) }),
            customHeaders: {},
            priority: 50,
          },
        };
      }),
      variables: (stored.scopes ?? []).flatMap(({ token, local }) => {
        const scopeKey = placeKey('element', { instance: key, token: token === rootToken ? 0 : token });
        return Object.entries(local ?? {}).map(
          ([name, value]): Indexed => ({
            shown: {
              name,
              value: shortened(stringifyJson(value)),
              isTruncated: stringifyJson(value).length > longestValue,
              tenantId: tenant,
              variableKey: variableKey(key, token, name),
              scopeKey,
              processInstanceKey: common.processInstanceKey,
            },
            hidden: { whole: stringifyJson(value) },
          }),
        );
      }),
      subscriptions: (stored.subscriptions ?? []).map((one): Indexed => {
        const place = { instance: key, token: one.token };
        const id = `${key} ${one.token} ${one.elementId}`;
        const since = seenSubscriptions.get(id) ?? new Date().toISOString();
        seenSubscriptions.set(id, since);
        return {
          shown: {
            messageSubscriptionKey: variableKey(key, one.token, one.elementId, 'subscription'),
            processDefinitionId: common.processDefinitionId,
            processInstanceKey: common.processInstanceKey,
            elementId: one.elementId,
            elementInstanceKey: placeKey('element', place),
            messageSubscriptionState: 'CREATED',
            lastUpdatedDate: since,
            messageName: one.name,
            ...(one.correlationKey !== null && { correlationKey: one.correlationKey }),
            tenantId: tenant,
          },
        };
      }),
    };
  };

  /** Elements whose incident was resolved. */
  const resolved = new Set<string>();
  const numbers = new Map<string, number>();
  const variableKey = (key: string, token: number, name: string, kind: 'variable' | 'subscription' = 'variable') => {
    const id = `${kind} ${key} ${token} ${name}`;
    const number = numbers.get(id) ?? numbers.size + 1;
    numbers.set(id, number);
    return numberKey(kind, number);
  };

  return {
    async refresh(engine) {
      await refreshDefinitions();
      const { keys, next } = await writtenSince(unread);
      const changed = [...new Set([...keys, ...[...resolved].map((element) => elementPlace(element).instance)])];
      const read = await Promise.all(changed.map(async (key) => [key, await readInstance(engine, key)] as const));
      for (const [key, rows] of read) instances.set(key, rows);
      unread = next;
    },
    rows(kind, keys) {
      const found = keys ? keys.flatMap((key) => instances.get(key) ?? []) : [...instances.values()];
      return found.flatMap((rows) => rows[kind]);
    },
    definitions: () =>
      [...definitions].map(([key, row]): Indexed => {
        const isLatestVersion = ![...definitions.values()].some(
          (one) => one.processId === row.processId && one.version > row.version,
        );
        return {
          shown: {
            processDefinitionKey: key,
            processDefinitionId: row.processId,
            name: nameOf(row.xml, row.processId),
            version: row.version,
            resourceName: `${row.processId}.bpmn`,
            tenantId: tenant,
            hasStartForm: false,
          },
          hidden: { isLatestVersion },
        };
      }),
    definition: (key) => definitions.get(key),
    elementOf(incidentKey) {
      for (const [element, { key, shown }] of openIncidents) {
        if (key === incidentKey) return { element, type: String(shown.errorType) };
      }
      return undefined;
    },
    noteResolved: (element) => void resolved.add(element),
  };

  /** The instances that may have changed since that transaction, oldest first, and the transaction to continue with. */
  async function writtenSince(transaction: string): Promise<{ keys: string[]; next: string }> {
    const isUnread = (table: string) => sql.raw(`${table}.xmin::text::bigint >= ${transaction}`);
    const [found] = await selectRows<{ keys: string[]; next: string }>(
      db,
      sql`select pg_snapshot_xmin(pg_current_snapshot())::text as next, array(
          select key::text from (
            select key from engine_instances i where ${isUnread('i')}
            union select root_key from engine_instances i where root_key is not null and ${isUnread('i')}
            union select instance_key from engine_tasks t where ${isUnread('t')}
            union select instance_key from engine_subscriptions s where instance_key is not null and ${isUnread('s')}
          ) as written order by key) as keys`,
    );
    if (!found) throw new Error('the database did not answer');
    return found;
  }
}

const rootToken = 1;
const longestValue = 8191;
const shortened = (json: string) => (json.length > longestValue ? json.slice(0, longestValue) : json);

const asResolved = (shown: Record<string, unknown>): Indexed => ({ shown: { ...shown, state: 'RESOLVED' } });

const date = (ms: number | null) => (ms === null ? undefined : new Date(Math.round(ms)).toISOString());

const stateOf = (status: string) =>
  ({ completed: 'COMPLETED', terminated: 'TERMINATED' })[status as 'completed'] ?? 'ACTIVE';

/** The error types of 8.8. */
const errorTypes = new Set(
  'IO_MAPPING_ERROR JOB_NO_RETRIES CONDITION_ERROR EXTRACT_VALUE_ERROR CALLED_ELEMENT_ERROR UNHANDLED_ERROR_EVENT DECISION_EVALUATION_ERROR TASK_LISTENER_NO_RETRIES EXECUTION_LISTENER_NO_RETRIES'.split(
    ' ',
  ),
);

/** `serviceTask` → `SERVICE_TASK` */
function typeOf(xml: string, elementId: string): string {
  const tag = new RegExp(`<bpmn:(\\w+) [^>]*\\bid="${elementId}"[^>]*>`).exec(xml);
  const name = tag?.[1] ?? 'UNKNOWN';
  if (name === 'subProcess' && tag?.[0].includes('triggeredByEvent="true"')) return 'EVENT_SUB_PROCESS';
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

function nameOf(xml: string, processId: string): string {
  const tag = new RegExp(`<bpmn:process [^>]*\\bid="${processId}"[^>]*>`).exec(xml)?.[0] ?? '';
  return / name="([^"]*)"/.exec(tag)?.[1] ?? processId;
}
