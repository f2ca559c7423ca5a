import { z } from 'zod';
import { endTurn, moveCursors, readCursors, takeTurn } from '../remote/cursors.ts';
import { type Polling, startPolling } from '../remote/polling.ts';
import type { Camunda8Context } from './context.ts';
import { rootsOf } from './instance-rows.ts';
import { createReceiverWatch } from './messages.ts';
import { allPages, dateSchema, keySchema, optionalText, page } from './search.ts';

/** A change of an instance. */
interface Happening {
  instance: string;
  /** Identifies the change: the same each time it is read. */
  mark: string;
  at: number;
}

/** Length of the lease to read, in milliseconds: longer than a slow round. */
const turnMs = 15_000;
/** How far back a new cursor begins, in milliseconds. */
const beginMs = 10 * 60_000;
/** Number of rounds between reads of the wide overlap. */
const wideEvery = 20;
/** Number of changes remembered as reported, so that the overlap reports none twice. */
const memory = 20_000;

const taskSchema = z.object({
  userTaskKey: keySchema,
  processInstanceKey: keySchema,
  assignee: optionalText,
  creationDate: dateSchema.nullish(),
  completionDate: dateSchema.nullish(),
});
const instanceSchema = z.object({ processInstanceKey: keySchema, endDate: dateSchema.nullish() });
const incidentSchema = z.object({
  incidentKey: keySchema,
  processInstanceKey: keySchema,
  creationTime: dateSchema.nullish(),
});

type Feed = (context: Camunda8Context, after: { $gte: string }) => Promise<Happening[]>;

/** Data with a date in the index: one search each, whatever the number of instances. */
const feeds: Record<string, Feed> = {
  async 'tasks created'({ cluster, tenantId }, creationDate) {
    const rows = await allPages((page_) =>
      cluster.ask(page(taskSchema), 'searchUserTasks', {
        filter: { tenantId, creationDate },
        sort: [{ field: 'creationDate', order: 'ASC' }],
        page: page_,
      }),
    );
    return rows.flatMap((row) => happening(row.processInstanceKey, row.userTaskKey, row.creationDate));
  },
  async 'tasks finished'({ cluster, tenantId }, completionDate) {
    const rows = await allPages((page_) =>
      cluster.ask(page(taskSchema), 'searchUserTasks', {
        filter: { tenantId, completionDate },
        sort: [{ field: 'completionDate', order: 'ASC' }],
        page: page_,
      }),
    );
    return rows.flatMap((row) => happening(row.processInstanceKey, row.userTaskKey, row.completionDate));
  },
  async 'instances ended'({ cluster, tenantId }, endDate) {
    const rows = await allPages((page_) =>
      cluster.ask(page(instanceSchema), 'searchProcessInstances', {
        filter: { tenantId, endDate },
        sort: [{ field: 'endDate', order: 'ASC' }],
        page: page_,
      }),
    );
    return rows.flatMap((row) => happening(row.processInstanceKey, row.processInstanceKey, row.endDate));
  },
  async incidents({ cluster, tenantId }, creationTime) {
    const rows = await allPages((page_) =>
      cluster.ask(page(incidentSchema), 'searchIncidents', {
        filter: { tenantId, creationTime },
        sort: [{ field: 'creationTime', order: 'ASC' }],
        page: page_,
      }),
    );
    return rows.flatMap((row) => happening(row.processInstanceKey, row.incidentKey, row.creationTime));
  },
};

function happening(instance: string, key: string, at: Date | null | undefined): Happening[] {
  return at ? [{ instance, mark: `${key} ${at.getTime()}`, at: at.getTime() }] : [];
}

/** Open items: key → instance, and the state that can change without a date. */
type Open = Map<string, { instance: string; state: string }>;

/** Reads open tasks with their assignees, and incidents: two searches for every thousand of them. */
async function readOpen({ cluster, tenantId }: Camunda8Context): Promise<Open> {
  const [tasks, incidents] = await Promise.all([
    allPages((page_) =>
      cluster.ask(page(taskSchema), 'searchUserTasks', { filter: { tenantId, state: 'CREATED' }, page: page_ }),
    ),
    allPages((page_) =>
      cluster.ask(page(incidentSchema), 'searchIncidents', { filter: { tenantId, state: 'ACTIVE' }, page: page_ }),
    ),
  ]);
  return new Map([
    ...tasks.map((row) => [row.userTaskKey, { instance: row.processInstanceKey, state: row.assignee ?? '' }] as const),
    ...incidents.map((row) => [row.incidentKey, { instance: row.processInstanceKey, state: '' }] as const),
  ]);
}

/** Instances with a task or incident that was opened, closed or changed between the two. */
function changedBetween(before: Open, now: Open): string[] {
  const gone = [...before].filter(([key]) => !now.has(key));
  const changed = [...now].filter(([key, { state }]) => before.get(key)?.state !== state);
  return [...gone, ...changed].map(([, { instance }]) => instance);
}

/**
 * Reads the changes in the cluster since the last round, and records which instances of Kickoff's starts they concern. The
 * index shows changes later than they are dated, so each round goes back a little. One replica at a time reads; four searches a
 * round, however many instances there are, and from time to time two more for data without a date.
 */
export function startChangePoll(context: Camunda8Context, reader: string): Polling {
  const { engine, database, logger, timings, cluster } = context;
  const { db } = database;
  const told = new Set<string>();
  /** Instance → the root of its calls, if a start of Kickoff's created it; null if Kickoff did not start it. */
  const roots = new Map<string, string | null>();
  const receivers = createReceiverWatch(context);
  let round = 0;
  let open: Open | undefined;
  let openReadAt = Number.NEGATIVE_INFINITY;

  const read = async (): Promise<void> => {
    if (!(await takeTurn(db, engine, reader, turnMs))) {
      // Changes that another replica reports need not be repeated when the turn comes back.
      open = undefined;
      return;
    }
    round += 1;
    const overlap = round % wideEvery === 1 ? timings.wideOverlapMs : timings.overlapMs;
    await receivers.look();
    const cursors = await readCursors(db, engine);
    const beginning = new Date(Math.min(Date.now(), cluster.now()?.getTime() ?? Date.now()) - beginMs);
    const moved = new Map<string, string>();
    const seen: Happening[] = [];
    await Promise.all(
      Object.entries(feeds).map(async ([name, feed]) => {
        const position = new Date(cursors.get(name) ?? beginning).getTime();
        const happenings = await feed(context, { $gte: new Date(position - overlap).toISOString() });
        const latest = happenings.reduce((so, { at }) => Math.max(so, at), position);
        if (latest > position || !cursors.has(name)) moved.set(name, new Date(latest).toISOString());
        seen.push(...happenings.map((one) => ({ ...one, mark: `${name} ${one.mark}` })));
      }),
    );
    const fresh = seen.filter(({ mark }) => !told.has(mark));
    const undated = await readUndated();
    const instances = [...fresh.map(({ instance }) => instance), ...undated.changed];
    const changed = await ours([...new Set(instances)]);
    if (moved.size > 0 || changed.length > 0) await moveCursors(db, engine, moved, changed);
    // A change of an instance that is not known yet is read again.
    for (const { mark, instance } of fresh) if (roots.has(instance)) told.add(mark);
    forget(told);
    undated.done();
    if (changed.length > 0) database.signal('remote_changed');
  };

  const readUndated = async (): Promise<{ changed: string[]; done(): void }> => {
    if (open && performance.now() - openReadAt < timings.openTasksMs) return { changed: [], done() {} };
    const now = await readOpen(context);
    return {
      // In the first round everything counts as changed: changes made while no replica ran are unknown.
      changed: changedBetween(open ?? new Map(), now),
      done() {
        open = now;
        openReadAt = performance.now();
      },
    };
  };

  /** The root instances of these that Kickoff's starts created. */
  const ours = async (instances: string[]): Promise<string[]> => {
    const unknown = instances.filter((key) => !roots.has(key));
    const found = await rootsOf(context, unknown);
    for (const key of unknown) {
      const root = found.get(key);
      // The start does not have its instance's key yet; the start's caller looks at the instance itself.
      if (!root || root.start?.instanceKey === null) continue;
      roots.set(key, root.start ? root.key : null);
    }
    forget(roots);
    return [...new Set(instances.flatMap((key) => roots.get(key) ?? []))];
  };

  const polling = startPolling({ name: `changes in ${engine}`, logger, intervalMs: timings.pollMs, work: read });
  return {
    async stop() {
      await polling.stop();
      // Otherwise another replica would wait for the lease to expire.
      await endTurn(db, engine, reader).catch((err) =>
        logger.debug({ err }, 'the lease to read changes was not released; it expires'),
      );
    },
  };
}

/** Drops the oldest entries beyond the limit. */
function forget(known: { size: number; keys(): Iterable<string>; delete(key: string): boolean }): void {
  for (const key of known.keys()) {
    if (known.size <= memory) break;
    known.delete(key);
  }
}
