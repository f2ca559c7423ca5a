import type { Database } from '../db/client.ts';
import { startWorker, type Worker } from '../db/worker.ts';
import { holdStart, startLeaseMs } from './hold-start.ts';
import { claimStarts, nextStartDueIn } from './queries.ts';
import { type RunStartDependencies, runStart } from './run-start.ts';

/** How many starts a replica runs at once. */
const concurrency = 8;

/** Runs the starts that wait, those of crashed workers included. */
export async function startStartsWorker(database: Database, dependencies: RunStartDependencies): Promise<Worker> {
  return startWorker({
    name: 'starts',
    database,
    signal: 'starts_due',
    logger: dependencies.logger,
    async work() {
      const claimed = await claimStarts(database.db, concurrency, startLeaseMs);
      await Promise.all(claimed.map((start) => holdStart(dependencies, start.id, () => runStart(dependencies, start))));
      return claimed.length === concurrency ? 0 : nextStartDueIn(database.db);
    },
  });
}
