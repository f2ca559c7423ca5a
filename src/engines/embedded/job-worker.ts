import { setTimeout as delay } from 'node:timers/promises';
import { type ClaimingWorker, startClaimingWorker } from '../../db/claiming-worker.ts';
import type { Database } from '../../db/client.ts';
import { reasonOf } from '../../errors.ts';
import type { Variables } from '../../processes/value-types.ts';
import { BpmnError, type JobHandler, PermanentJobError } from '../engine.ts';
import type { Definition } from './definitions.ts';
import { type ClaimedJob, claimJobs, dueIn, isStillClaimed, nextJobDue, renewJob, retryJob } from './jobs.ts';
import { type EngineContext, InterpretationError, runCommand } from './run-command.ts';
import { addDuration } from './timer-expression.ts';
import { driverError, isUnavailable } from './unavailable.ts';
import { visibleVariables } from './variables.ts';

export interface JobWorkerOptions {
  context: EngineContext;
  database: Database;
  handlers: Record<string, JobHandler>;
  pollIntervalMs: number;
  /** How long a worker has a job; renewed while it is at it, so that only a crashed worker's job is due again. */
  leaseMs: number;
  /** After that long a handler is told to stop, and the attempt has failed. */
  timeoutMs: number;
  concurrency: number;
}

/** What a failed attempt waits at most before the next one, in milliseconds. */
const longestBackoff = 300_000;

/** For how long a result is kept while the database is away, in milliseconds; then the job is done again. */
const recordingMs = 30_000;

export function startJobWorker(options: JobWorkerOptions): Promise<ClaimingWorker> {
  const { context, database, handlers, leaseMs, concurrency, pollIntervalMs } = options;
  const types = Object.keys(handlers);
  return startClaimingWorker({
    name: 'engine jobs',
    database,
    signal: 'engine_due',
    logger: context.logger,
    pollIntervalMs,
    concurrency: types.length === 0 ? 0 : concurrency,
    claim: (limit) => claimJobs(context.db, types, limit, context.now(), leaseMs),
    handle: (job) => workOn(options, job),
    nextDueIn: async () => dueIn(await nextJobDue(context.db), context.now()),
  });
}

async function workOn(options: JobWorkerOptions, job: ClaimedJob): Promise<void> {
  const { context } = options;
  // It ended, or was cancelled, between the job's claim and its state being read.
  if (!job.state.tokens[job.token]) return;
  const result = await callHandler(options, job, await context.definitions.get(job.definitionKey));
  try {
    await recording(() => record(context, job, result));
  } catch (error) {
    if (isUnavailable(error)) throw error;
    // A result that cannot be kept: trying the job again would only repeat what it did outside.
    await record(context, job, { kind: 'failed', error: driverError(error), permanent: true, backoff: undefined });
  }
}

type Result =
  | { kind: 'completed'; variables: Variables }
  | { kind: 'error'; error: BpmnError }
  | { kind: 'failed'; error: unknown; permanent: boolean; backoff: string | undefined };

async function callHandler(options: JobWorkerOptions, job: ClaimedJob, { model }: Definition) {
  const { handlers, timeoutMs } = options;
  const behaviour = model.elements.get(job.elementId)?.behaviour;
  const headers = behaviour?.kind === 'job' ? { ...behaviour.headers } : {};
  const handler = handlers[job.type];
  const letGo = holdJob(options, job);
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(new Error(`no result after ${timeoutMs / 1000} s`)), timeoutMs);
  try {
    if (!handler) throw new Error(`nothing here does jobs of the type ${job.type}`);
    const timedOut = new Promise<never>((_, reject) => {
      timeout.signal.addEventListener('abort', () => reject(timeout.signal.reason));
    });
    const handling = handler(
      {
        key: `${job.instanceKey}-${job.token}`,
        type: job.type,
        processInstanceKey: job.instanceKey,
        elementId: job.elementId,
        variables: visibleVariables(job.state, job.token),
        headers,
        attempt: job.attempts,
      },
      timeout.signal,
    );
    return { kind: 'completed', variables: await Promise.race([handling, timedOut]) } satisfies Result;
  } catch (error) {
    if (error instanceof BpmnError) return { kind: 'error', error } satisfies Result;
    const permanent = error instanceof PermanentJobError;
    return { kind: 'failed', error, permanent, backoff: headers.retryBackoff } satisfies Result;
  } finally {
    clearTimeout(timer);
    await letGo();
  }
}

/** Renews the job's lease until the returned function is called; once that resolves, nothing touches the lease. */
function holdJob({ context, leaseMs }: JobWorkerOptions, job: ClaimedJob): () => Promise<void> {
  const { db, now, logger } = context;
  let renewing = Promise.resolve();
  const timer = setInterval(() => {
    renewing = renewJob(db, job, new Date(now().getTime() + leaseMs)).catch((err) =>
      logger.warn({ err, processInstanceKey: job.instanceKey, elementId: job.elementId }, 'a lease was not renewed'),
    );
  }, leaseMs / 3);
  return async () => {
    clearInterval(timer);
    await renewing;
  };
}

async function record(context: EngineContext, job: ClaimedJob, result: Result): Promise<void> {
  const { token, instanceKey } = job;
  const run = (decide: Parameters<typeof runCommand>[2]) =>
    runCommand(context, instanceKey, decide, { cause: { token } });
  if (result.kind === 'completed') {
    await run(({ state }) =>
      state.tokens[token] ? { kind: 'complete', token, variables: result.variables } : undefined,
    );
    return;
  }
  if (result.kind === 'error') {
    const { code, message, variables } = result.error;
    await run(({ state }) =>
      state.tokens[token] ? { kind: 'throwError', token, code, message, variables } : undefined,
    );
    return;
  }
  const reason = reasonOf(result.error);
  const { logger, db, now } = context;
  const ids = { processInstanceKey: instanceKey, elementId: job.elementId, attempt: job.attempts };
  if (result.permanent || job.retries <= 1) {
    logger.error({ err: result.error, ...ids }, 'a job failed for good');
    await run(async (_, tx) => ((await isStillClaimed(tx, job)) ? { kind: 'failJob', token, reason } : undefined));
    return;
  }
  const retryAt = backoffUntil(now(), job.attempts, result.backoff);
  logger.warn({ err: result.error, ...ids, retryAt }, 'a job failed and will be tried again');
  await retryJob(db, job, retryAt, reason);
}

/** `backoff`: an ISO 8601 duration, the header `retryBackoff` as Camunda's connectors know it. */
function backoffUntil(now: Date, attempts: number, backoff: string | undefined): Date {
  const until = backoff === undefined ? undefined : addDuration(now, backoff);
  if (until) return until;
  // Doubled each time, and blurred so that what failed together does not come back together.
  const pause = Math.min(1000 * 2 ** attempts, longestBackoff) * (0.8 + 0.4 * Math.random());
  return new Date(now.getTime() + pause);
}

/** What a handler has done must not be lost to a short absence of the database. */
async function recording(work: () => Promise<void>): Promise<void> {
  const until = Date.now() + recordingMs;
  for (let pause = 100; ; pause = Math.min(2 * pause, 2000)) {
    try {
      await work();
      return;
    } catch (error) {
      // The instance says what happened; there is nothing to try again.
      if (error instanceof InterpretationError) return;
      if (!isUnavailable(error) || Date.now() + pause > until) throw error;
      await delay(pause);
    }
  }
}
