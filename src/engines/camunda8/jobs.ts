import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { Variables } from '../../processes/value-types.ts';
import { message } from '../../words/message.ts';
import { EngineUnavailableError, type Job, type JobHandler } from '../engine.ts';
import { attemptJob, type JobOutcome, keepJob } from '../remote/attempt-job.ts';
import type { Polling } from '../remote/polling.ts';
import { countAttempt } from '../remote/requests.ts';
import { ClusterError } from './cluster.ts';
import type { Camunda8Context } from './context.ts';
import { rootOf } from './instance-rows.ts';
import { expectAtRest } from './read-own-writes.ts';
import { keySchema } from './search.ts';

const jobSchema = z.object({
  jobKey: keySchema,
  type: z.string(),
  processInstanceKey: keySchema,
  elementId: z.string(),
  customHeaders: z.record(z.string(), z.unknown()),
  retries: z.number(),
  variables: z.record(z.string(), z.unknown()).transform((variables) => variables as Variables),
});
type ActivatedJob = z.infer<typeof jobSchema>;
const jobsSchema = z.object({ jobs: z.array(jobSchema) });

/** Maximum number of jobs of each type at the same time. */
const concurrency = 10;
/** How long a result is kept while the cluster is unavailable, in milliseconds; after that the job is done again. */
const recordingMs = 20_000;
/** Pause before a job is retried whose instance the index does not show yet, in milliseconds. */
const behindMs = 1000;

/** Handles jobs of Kickoff's types, with one long poll per type. */
export function startJobWorkers(
  context: Camunda8Context,
  handlers: Record<string, JobHandler>,
  worker: string,
): Polling {
  const running = Object.entries(handlers).map(([type, handler]) => startJobWorker(context, { type, handler, worker }));
  return {
    async stop() {
      await Promise.all(running.map((one) => one.stop()));
    },
  };
}

interface JobWorkerOptions {
  type: string;
  handler: JobHandler;
  worker: string;
}

function startJobWorker(context: Camunda8Context, { type, handler, worker }: JobWorkerOptions): Polling {
  const { cluster, tenantId, timings, logger } = context;
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();
  /** Jobs in progress in this process: the cluster gives a job out again when its lease expires. */
  const busy = new Set<string>();
  let failures = 0;

  const activate = (room: number) =>
    cluster.ask(jobsSchema, 'activateJobs', {
      type,
      worker,
      timeout: timings.leaseMs,
      maxJobsToActivate: room,
      requestTimeout: timings.longPollMs,
      tenantIds: [tenantId],
    });

  const begin = (job: ActivatedJob) => {
    if (busy.has(job.jobKey)) return;
    busy.add(job.jobKey);
    const handling: Promise<void> = workOn(context, handler, job)
      .catch((err) => logger.warn({ err, jobKey: job.jobKey }, 'a job could not be handled and will be repeated'))
      .finally(() => {
        busy.delete(job.jobKey);
        running.delete(handling);
      });
    running.add(handling);
  };

  const work = async () => {
    while (!stopping.signal.aborted) {
      try {
        const room = concurrency - running.size;
        const { jobs } = room > 0 ? await activate(room) : { jobs: [] };
        failures = 0;
        // Jobs that arrived while Kickoff was stopping are done: no other worker gets them before their lease expires.
        for (const job of jobs) begin(job);
        if (room <= 0) await Promise.race(running);
      } catch (err) {
        if (stopping.signal.aborted) return logger.debug({ err }, 'no more jobs are fetched: Kickoff is stopping');
        failures += 1;
        const pauseMs = Math.min(500 * 2 ** failures, 10_000);
        logger.warn({ err, jobType: type, retryInMs: pauseMs }, 'jobs cannot be fetched');
        await delay(pauseMs, undefined, { signal: stopping.signal }).catch(() => {});
      }
    }
  };
  const working = work();
  return {
    async stop() {
      stopping.abort();
      await working;
      await Promise.all(running);
    },
  };
}

async function workOn(context: Camunda8Context, handler: JobHandler, activated: ActivatedJob): Promise<void> {
  const { database, engine, engineName, timings, cluster, logger } = context;
  const { jobKey: key, type, processInstanceKey: own, elementId, variables, retries } = activated;
  const root = await rootOf(context, own);
  // The index does not show the instance yet, or its start does not have its key yet.
  if (!root || root.start?.instanceKey === null) {
    const reason = new EngineUnavailableError(message('engine.isBehind', { engine: engineName }));
    return record(context, key, { kind: 'failed', message: reason.message, retries, pauseMs: behindMs });
  }
  // The cluster counts only reported failures, not attempts that a crash cut short.
  const attempt = await countAttempt(database.db, { engine, kind: 'job', key });
  const headers = Object.fromEntries(
    Object.entries(activated.customHeaders).map(([name, value]) => [name, String(value)]),
  );
  const job = {
    key,
    type,
    processInstanceKey: root.key,
    elementId,
    variables,
    headers,
    attempt,
    retries,
  } satisfies Job;
  const lease = keepJob({
    leaseMs: timings.leaseMs,
    renew: () => cluster.send('updateJob', { jobKey: key, changeset: { timeout: timings.leaseMs } }),
    isLost: (error) => error instanceof ClusterError,
    onFailure: (err) => logger.warn({ err, jobKey: key }, 'a lease was not renewed'),
  });
  const timeoutMs = handler.timeoutMs?.(job) ?? timings.jobMs;
  const outcome = await attemptJob({ job, handler, timeoutMs, lost: lease.signal }).finally(() => lease.release());
  // Another worker has the job, or soon will.
  if (lease.signal.aborted) return;
  await record(context, key, outcome);
  expectAtRest(context, own);
}

/**
 * Reports the outcome to the cluster, and repeats that while the cluster is unavailable: a lost result means that the work is
 * done twice.
 */
async function record(context: Camunda8Context, jobKey: string, outcome: JobOutcome): Promise<void> {
  const deadline = performance.now() + recordingMs;
  for (let pauseMs = 200; ; pauseMs *= 2) {
    try {
      return await tell(context, jobKey, outcome);
    } catch (error) {
      if (error instanceof ClusterError) {
        return context.logger.warn({ err: error, jobKey }, "the engine refused a job's result: the job had ended");
      }
      if (performance.now() + pauseMs > deadline) throw error;
      await delay(pauseMs);
    }
  }
}

function tell({ cluster }: Camunda8Context, jobKey: string, outcome: JobOutcome): Promise<void> {
  switch (outcome.kind) {
    case 'completed':
      return cluster.send('completeJob', { jobKey, variables: outcome.variables });
    case 'error': {
      const { code: errorCode, message: errorMessage, variables } = outcome;
      return cluster.send('throwJobError', { jobKey, errorCode, errorMessage, variables });
    }
    case 'failed': {
      const { message: errorMessage, retries, pauseMs: retryBackOff } = outcome;
      return cluster.send('failJob', { jobKey, retries, errorMessage, retryBackOff });
    }
  }
}
