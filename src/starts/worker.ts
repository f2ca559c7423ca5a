import type { Database } from '../db/client.ts';
import { gather } from '../db/gather.ts';
import type { Handover } from '../db/handover.ts';
import { type QueueWorker, startQueueWorker } from '../db/queue-worker.ts';
import { publicReason } from '../errors.ts';
import type { Priority } from '../priority.ts';
import type { Timings } from '../timings.ts';
import { message } from '../words/message.ts';
import { failStart, type RunningStart, startsRunning } from './queries.ts';
import { type RunStartDependencies, runStart } from './run-start.ts';
import { type ClaimedStart, startQueue } from './start-queue.ts';

/** How many starts a replica runs at the same time. */
const concurrency = 20;

/** Runs waiting starts, including those of crashed workers. */
export function startStartsWorker(
  database: Database,
  priority: Priority,
  oneByOne: RunStartDependencies,
  { leaseMs, patienceMs }: Timings['starts'],
  handover: Handover<ClaimedStart>,
): Promise<QueueWorker> {
  const { db, logger, changed, signal } = oneByOne;
  const startRunning = gather({
    work: (running: RunningStart[]) => startsRunning(db, running),
    atMost: concurrency,
  });
  const dependencies = { ...oneByOne, startRunning };
  return startQueueWorker({
    name: 'starts',
    database,
    signal: 'starts_due',
    logger,
    concurrency,
    works: [
      {
        queue: startQueue,
        leaseMs,
        renewed: true,
        handover,
        async handle(start: ClaimedStart, lease, isOver) {
          await priority.giveWay(patienceMs);
          const { status } = await runStart(dependencies, start, lease);
          if (status !== 'waiting') isOver();
        },
        async setAside(start: ClaimedStart, reason) {
          const isUnfinished = reason.kind === 'unfinished';
          await failStart(db, start, isUnfinished ? message('reason.stoppedThreeTimes') : publicReason(reason.error));
          signal('activity_due');
          changed(start);
        },
        ids: (start: ClaimedStart) => ({ startId: start.id, processDefinitionId: start.processDefinitionId }),
      },
    ],
  });
}
