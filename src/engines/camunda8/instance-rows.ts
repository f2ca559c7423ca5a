import { z } from 'zod';
import { findStarts, type RequestedStart, startsOfInstances } from '../remote/requests.ts';
import { type Camunda8Context, isKey } from './context.ts';
import { allPages, byKey, dateSchema, keySchema, page } from './search.ts';

export const instanceSchema = z.object({
  processInstanceKey: keySchema,
  processDefinitionKey: keySchema,
  processDefinitionId: z.string(),
  state: z.string(),
  hasIncident: z.boolean(),
  startDate: dateSchema,
  endDate: dateSchema.nullish(),
  parentProcessInstanceKey: keySchema.nullish(),
  parentElementInstanceKey: keySchema.nullish(),
  tags: z.array(z.string()).nullish(),
});
export type InstanceRow = z.infer<typeof instanceSchema>;

/** A process instance from the search index, running or ended; undefined if the index has none (yet). */
export async function findInstance({ cluster }: Camunda8Context, key: string): Promise<InstanceRow | undefined> {
  return isKey(key) ? cluster.find(instanceSchema, 'getProcessInstance', { processInstanceKey: key }) : undefined;
}

/** The instances that an instance called directly. */
export async function calledBy({ cluster }: Camunda8Context, key: string): Promise<InstanceRow[]> {
  const called = await allPages((page_) =>
    cluster.ask(page(instanceSchema), 'searchProcessInstances', {
      filter: { parentProcessInstanceKey: key },
      page: page_,
    }),
  );
  return called.sort((a, b) => byKey(a.processInstanceKey, b.processInstanceKey));
}

/** The instance and all instances that it called, level by level. */
export async function instanceTree(context: Camunda8Context, key: string): Promise<InstanceRow[]> {
  const root = await findInstance(context, key);
  if (!root) return [];
  const tree = [root];
  for (const caller of tree) {
    const { model } = await context.definitions.get(caller.processDefinitionKey);
    if (model.calls) tree.push(...(await calledBy(context, caller.processInstanceKey)));
  }
  return tree;
}

const tagPrefix = 'kickoff:';

/** The tag of an instance that Kickoff starts. A tag begins with a letter. */
export const tagOf = (startId: string): string => tagPrefix + startId;

/** The root instance of the calls that led to an instance. */
export interface Root {
  key: string;
  /** The start that created it, if Kickoff started it. Its `instanceKey` is null until the start gets the instance's key. */
  start: RequestedStart | undefined;
}

/** Maximum number of call levels that are followed. */
const deepest = 100;

/** Roots by instance. Undefined where the index does not show an instance (yet). */
export async function rootsOf(context: Camunda8Context, keys: string[]): Promise<Map<string, Root>> {
  const { cluster, database, engine } = context;
  const found = new Map<string, Root>();
  /** Instances to look up → the instances whose root is searched for through them. */
  let open = new Map(keys.filter(isKey).map((key) => [key, [key]]));
  for (let level = 0; open.size > 0 && level < deepest; level += 1) {
    const starts = await startsOfInstances(database.db, engine, [...open.keys()]);
    const unknown = [...open.keys()].filter((key) => !starts.has(key));
    for (const [key, start] of starts) for (const from of open.get(key) ?? []) found.set(from, { key, start });
    const rows =
      unknown.length === 0
        ? []
        : await allPages((page_) =>
            cluster.ask(page(instanceSchema), 'searchProcessInstances', {
              filter: { processInstanceKey: { $in: unknown } },
              page: page_,
            }),
          );
    const pending = await pendingStarts(context, rows);
    const callers = new Map<string, string[]>();
    for (const { processInstanceKey: key, parentProcessInstanceKey: parent } of rows) {
      const from = open.get(key) ?? [];
      if (parent) callers.set(parent, [...(callers.get(parent) ?? []), ...from]);
      else for (const one of from) found.set(one, { key, start: pending.get(key) });
    }
    open = callers;
  }
  return found;
}

/** Instance → the start whose tag it has, for starts that do not have their instance's key yet. */
async function pendingStarts(
  { database, engine }: Camunda8Context,
  rows: InstanceRow[],
): Promise<Map<string, RequestedStart>> {
  const tagged = rows.flatMap(({ processInstanceKey: key, tags }) =>
    (tags ?? []).flatMap((tag) => (tag.startsWith(tagPrefix) ? [{ key, startId: tag.slice(tagPrefix.length) }] : [])),
  );
  if (tagged.length === 0) return new Map();
  const starts = await findStarts(
    database.db,
    engine,
    tagged.map(({ startId }) => startId),
  );
  const pending = new Map(starts.flatMap((start) => (start.instanceKey === null ? [[start.startId, start]] : [])));
  return new Map(
    tagged.flatMap(({ key, startId }) => {
      const start = pending.get(startId);
      return start ? [[key, start] as const] : [];
    }),
  );
}

/** The outermost caller of an instance; undefined if the index does not show the instance. */
export async function rootOf(context: Camunda8Context, key: string): Promise<Root | undefined> {
  return (await rootsOf(context, [key])).get(key);
}
