import { type ClaimingWorker, startClaimingWorker } from '../db/claiming-worker.ts';
import type { Database } from '../db/client.ts';
import { gather } from '../db/gather.ts';
import { untilDue } from '../db/worker.ts';
import type { Priority } from '../priority.ts';
import { holdStart, startLeaseMs } from './hold-start.ts';
import { claimStarts, nextStartDueIn, type RunningStart, startsRunning } from './queries.ts';
import { type RunStartDependencies, runStart } from './run-start.ts';

/** How many starts a replica runs at once. */
const concurrency = 20;

/** How long a start lets deliveries go first at most, in milliseconds. */
const patienceMs = 250;

/** Runs the starts that wait, those of crashed workers included. */
export function startStartsWorker(
  database: Database,
  priority: Priority,
  oneByOne: RunStartDependencies,
): Promise<ClaimingWorker> {
  const startRunning = gather({
    work: (running: RunningStart[]) => startsRunning(database.db, running),
    atMost: concurrency,
  });
  const dependencies = { ...oneByOne, startRunning };
  return startClaimingWorker({
    name: 'starts',
    database,
    signal: 'starts_due',
    logger: dependencies.logger,
    concurrency,
    claim: (limit) => claimStarts(database.db, limit, startLeaseMs),
    handle: async (start) => {
      await holdStart(dependencies, start.id, async () => {
        await priority.giveWay('start', patienceMs);
        await priority.run('start', () => runStart(dependencies, start));
      });
    },
    nextDueIn: async () => untilDue(await nextStartDueIn(database.db)),
  });
}
