import { z } from 'zod';
import { endTurn, moveCursors, readCursors, takeTurn } from '../remote/cursors.ts';
import { type Polling, startPolling } from '../remote/polling.ts';
import { findStarts } from '../remote/requests.ts';
import type { OperatonContext } from './context.ts';
import { rootOf } from './instance-rows.ts';
import { dateSchema, engineDate } from './typed-values.ts';
import { createReceiverWatch } from './watch-receivers.ts';

/** A stream of changes, read with one query per round, however many instances there are. */
interface Feed {
  name: string;
  path: string;
  /** The query for changes after a time. */
  after(time: string): { body: Record<string, unknown> };
  /** Fields of a row with the time of the change; the first one that is set counts. */
  at: string[];
}

const rowSchema = z.record(z.string(), z.unknown());
type Row = z.infer<typeof rowSchema>;

const ascending = (sortBy: string) => [{ sortBy, sortOrder: 'asc' }];

const feeds: Feed[] = [
  // A task that was never changed counts with its creation time.
  {
    name: 'tasks changed',
    path: '/task',
    after: (time) => ({ body: { updatedAfter: time, sorting: ascending('lastUpdated') } }),
    at: ['lastUpdated', 'created'],
  },
  {
    name: 'tasks finished',
    path: '/history/task',
    after: (time) => ({ body: { finishedAfter: time, sorting: ascending('endTime') } }),
    at: ['endTime'],
  },
  {
    name: 'instances started',
    path: '/history/process-instance',
    after: (time) => ({ body: { startedAfter: time, sorting: ascending('startTime') } }),
    at: ['startTime'],
  },
  {
    name: 'instances finished',
    path: '/history/process-instance',
    after: (time) => ({ body: { finishedAfter: time, sorting: ascending('endTime') } }),
    at: ['endTime'],
  },
];

/** Incidents can only be queried with GET. */
const incidentFeeds = [
  { name: 'incidents', parameter: 'createTimeAfter', sortBy: 'createTime', at: 'createTime' },
  { name: 'incidents resolved', parameter: 'endTimeAfter', sortBy: 'endTime', at: 'endTime' },
] as const;

const pageSize = 500;
/** Length of the lease to read, in milliseconds: longer than a slow round. */
const turnMs = 15_000;
/** How far back a new cursor begins, in milliseconds. */
const beginMs = 10 * 60_000;
/** Number of rounds between reads of the wide overlap. */
const wideEvery = 20;
/** Number of changes remembered as reported, so that the overlap does not report them again. */
const memory = 20_000;

/**
 * Reads the changes in the engine since the last round, and records which instances of Kickoff's starts they concern. The
 * engine dates a change when its step runs and shows it when the transaction commits, so each round goes back a little. One
 * replica at a time reads; six calls a round, however many instances there are.
 */
export function startChangePoll(context: OperatonContext, reader: string): Polling {
  const { engine, database, logger, timings } = context;
  const { db } = database;
  const told = new Set<string>();
  /** Instance → the root of its calls, if a start of Kickoff's created it; null if Kickoff did not start it. */
  const roots = new Map<string, string | null>();
  const receivers = createReceiverWatch(context);
  let round = 0;

  const read = async (): Promise<void> => {
    if (!(await takeTurn(db, engine, reader, turnMs))) return;
    round += 1;
    const overlap = round % wideEvery === 1 ? timings.wideOverlapMs : timings.overlapMs;
    await receivers.look(overlap);
    const cursors = await readCursors(db, engine);
    const beginning = new Date(Math.min(Date.now(), context.rest.now()?.getTime() ?? Date.now()) - beginMs);
    const moved = new Map<string, string>();
    const seen: { instance: string; mark: string }[] = [];
    await Promise.all(
      [...feeds, ...incidentFeeds].map(async (feed) => {
        const position = new Date(cursors.get(feed.name) ?? beginning);
        const rows = await readFeed(context, feed, new Date(position.getTime() - overlap));
        let latest = position.getTime();
        for (const row of rows) {
          const at = timeOf(feed, row);
          const instance = row.processInstanceId ?? row.id;
          if (at === undefined || typeof instance !== 'string') continue;
          latest = Math.max(latest, at);
          seen.push({ instance, mark: `${feed.name} ${row.id} ${at}` });
        }
        if (latest > position.getTime() || !cursors.has(feed.name))
          moved.set(feed.name, new Date(latest).toISOString());
      }),
    );
    const fresh = seen.filter(({ mark }) => !told.has(mark));
    const changed = await ours([...new Set(fresh.map(({ instance }) => instance))]);
    if (moved.size > 0 || changed.length > 0) await moveCursors(db, engine, moved, changed);
    for (const { mark } of fresh) told.add(mark);
    for (const mark of told) {
      if (told.size <= memory) break;
      told.delete(mark);
    }
    if (changed.length > 0) database.signal('remote_changed');
  };

  /** The root instances of these that Kickoff's starts created. */
  const ours = async (instances: string[]): Promise<string[]> => {
    const unknown = instances.filter((key) => !roots.has(key));
    const found = await Promise.all(unknown.map((key) => rootOf(context, key)));
    const keys = found.flatMap((root) => root?.businessKey ?? []);
    const starts = new Map((await findStarts(db, engine, keys)).map((start) => [start.startId, start]));
    for (const [index, key] of unknown.entries()) {
      const root = found[index];
      const start = root?.businessKey ? starts.get(root.businessKey) : undefined;
      // The start does not know its instance yet, so the result is not cached.
      if (start?.instanceKey === null) continue;
      roots.set(key, root && start?.instanceKey === root.id ? root.id : null);
    }
    for (const key of roots.keys()) {
      if (roots.size <= memory) break;
      roots.delete(key);
    }
    const begun = found.flatMap((root) =>
      root && !roots.has(root.id) && starts.has(root.businessKey ?? '') ? root.id : [],
    );
    return [...new Set([...begun, ...instances.flatMap((key) => roots.get(key) ?? [])])];
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

async function readFeed(
  { rest }: OperatonContext,
  feed: Feed | (typeof incidentFeeds)[number],
  after: Date,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (;;) {
    const paging = { firstResult: rows.length, maxResults: pageSize };
    const page =
      'parameter' in feed
        ? await rest.get(z.array(rowSchema), '/history/incident', {
            [feed.parameter]: engineDate(after),
            sortBy: feed.sortBy,
            sortOrder: 'asc',
            ...paging,
          })
        : await rest.post(z.array(rowSchema), feed.path, { query: paging, ...feed.after(engineDate(after)) });
    rows.push(...page);
    if (page.length < pageSize) return rows;
  }
}

function timeOf({ at }: { at: string | string[] }, row: Row): number | undefined {
  for (const name of [at].flat()) {
    const parsed = dateSchema.safeParse(row[name]);
    if (parsed.success) return parsed.data.getTime();
  }
  return undefined;
}
