import { endTurn, takeTurn } from '../remote/cursors.ts';
import { listOpenInstances, noteStates } from '../remote/instance-states.ts';
import { type Polling, startPolling } from '../remote/polling.ts';
import type { Elma365Context } from './context.ts';
import { readInstanceKey, writeInstanceKey } from './instance-key.ts';
import { endedStates, stateOf } from './instances.ts';
import type { ElmaProcess } from './process-file.ts';
import { WebApiError } from './web-api.ts';

/** Instances per call. Older versions of ELMA365 list at most 100. */
const pageSize = 100;
/** Maximum number of calls per round; the rest is read in the next round. */
const mostCalls = 20;
/** Length of the lease to read, in milliseconds: longer than a slow round. */
const turnMs = 60_000;

/**
 * Reads the states of the open instances of Kickoff's starts, and records those that changed: ELMA365 has no list of changes.
 * One replica at a time reads, with one call per hundred open instances of a process.
 */
export function startStatePoll(context: Elma365Context, reader: string): Polling {
  const { engine, database, logger, timings, api } = context;
  const { db } = database;
  /** The last key of the previous round. */
  let after = '';
  /** Processes whose states ELMA365 refused to list in the last round. */
  const refused = new Set<string>();

  const read = async (): Promise<void> => {
    if (!(await takeTurn(db, engine, reader, turnMs))) return;
    const limit = pageSize * mostCalls;
    const open = await listOpenInstances(db, engine, { endedStates, after, limit });
    after = open.length < limit ? '' : (open.at(-1)?.key ?? '');
    const known = new Map(open.map(({ key, state }) => [key, state]));
    for (const [processDefinitionId, keys] of byProcess(known.keys())) {
      const process = context.find(processDefinitionId);
      // The process was removed from the file.
      if (!process) continue;
      for (let first = 0; first < keys.length; first += pageSize) {
        const items = await list(process, keys.slice(first, first + pageSize));
        const changed = new Map(items.filter(([key, state]) => known.get(key) !== state));
        if (changed.size === 0) continue;
        await noteStates(db, engine, changed);
        database.signal('remote_changed');
      }
    }
  };

  /** States of instances of a process, by key. If the list of one process is refused, the others are still read. */
  const list = async (process: ElmaProcess, keys: string[]): Promise<[key: string, state: string][]> => {
    const { id } = process.definition;
    const ids = keys.flatMap((key) => readInstanceKey(key)?.id ?? []);
    try {
      const items = await api.list(process, { ids, size: pageSize });
      refused.delete(id);
      return items.map((item) => [writeInstanceKey(id, item.__id), stateOf(item)]);
    } catch (error) {
      if (!(error instanceof WebApiError)) throw error;
      if (!refused.has(id))
        logger.error({ err: error, processDefinitionId: id }, 'ELMA365 refuses to list the states of a process');
      refused.add(id);
      return [];
    }
  };

  const polling = startPolling({ name: `states in ${engine}`, logger, intervalMs: timings.pollMs, work: read });
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

function byProcess(keys: Iterable<string>): Map<string, string[]> {
  const grouped = new Map<string, string[]>();
  for (const key of keys) {
    const id = readInstanceKey(key)?.processDefinitionId ?? '';
    const group = grouped.get(id);
    if (group) group.push(key);
    else grouped.set(id, [key]);
  }
  return grouped;
}
