import { type ClaimingWorker, startClaimingWorker } from '../db/claiming-worker.ts';
import type { Database } from '../db/client.ts';
import { holdStart, startLeaseMs } from './hold-start.ts';
import { claimStarts, nextStartDueIn } from './queries.ts';
import { type RunStartDependencies, runStart } from './run-start.ts';

/** How many starts a replica runs at once. */
const concurrency = 20;

/** Runs the starts that wait, those of crashed workers included. */
export function startStartsWorker(database: Database, dependencies: RunStartDependencies): Promise<ClaimingWorker> {
  return startClaimingWorker({
    name: 'starts',
    database,
    signal: 'starts_due',
    logger: dependencies.logger,
    concurrency,
    claim: (limit) => claimStarts(database.db, limit, startLeaseMs),
    handle: async (start) => {
      await holdStart(dependencies, start.id, () => runStart(dependencies, start));
    },
    nextDueIn: () => nextStartDueIn(database.db),
  });
}
