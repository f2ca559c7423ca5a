import { setTimeout as delay } from 'node:timers/promises';
import { type ClaimingWorker, startClaimingWorker } from '../../../db/claiming-worker.ts';
import type { Database } from '../../../db/client.ts';
import { untilDue } from '../../../db/worker.ts';
import { reasonOf, UnavailableError } from '../../../errors.ts';
import { own } from '../../../own.ts';
import type { Variables } from '../../../processes/value-types.ts';
import { BpmnError, type Job, JobError, type JobHandler, PermanentJobError } from '../../engine.ts';
import type { Definition } from '../instances/definitions.ts';
import { type EngineContext, runCommand } from '../instances/run-command.ts';
import { InterpretationError } from '../instances/run-tree.ts';
import { driverError, isUnavailable } from '../instances/unavailable.ts';
import { addDuration } from '../interpreter/iso-time.ts';
import { activityOf } from '../interpreter/model.ts';
import { visibleVariables } from '../interpreter/variables.ts';
import { type ClaimedJob, claimJobs, dueIn, isStillClaimed, jobKey, nextJobDue, renewJob, retryJob } from './jobs.ts';
import { keepLease } from './keep-lease.ts';

export interface JobWorkerOptions {
  context: EngineContext;
  database: Database;
  handlers: Record<string, JobHandler>;
  pollIntervalMs: number;
  /** How long a worker has a job; renewed while it is at it, so that only a crashed worker's job is due again. */
  leaseMs: number;
  /** After that long a handler that does not say otherwise is told to stop, and the attempt has failed. */
  timeoutMs: number;
  /** How many jobs of each type at once, so that those of one that hang do not keep the others waiting. */
  concurrency: number;
}

/** What a failed attempt waits at most before the next one, in milliseconds. */
const longestBackoff = 300_000;

/** For how long a result is kept while the database is away, in milliseconds; then the job is done again. */
const recordingMs = 30_000;

export function startJobWorker(options: JobWorkerOptions): Promise<ClaimingWorker> {
  const { context, database, handlers, leaseMs, concurrency, pollIntervalMs } = options;
  const types = Object.keys(handlers);
  /** Type → how many slots are taken. */
  const taken = new Map<string, number>();
  const take = (type: string, count: number) => taken.set(type, (taken.get(type) ?? 0) + count);
  /** Keys of jobs that are being done or recorded; a handler that does not stop when it is told to keeps its job here. */
  const busy = new Set<string>();
  const room = () => ({ free: new Map(types.map((type) => [type, concurrency - (taken.get(type) ?? 0)])), busy });
  return startClaimingWorker({
    name: 'engine jobs',
    database,
    signal: 'engine_due',
    logger: context.logger,
    pollIntervalMs,
    concurrency: types.length * concurrency,
    async claim() {
      const jobs = await claimJobs(context.db, room(), context.now(), leaseMs);
      for (const job of jobs) {
        take(job.type, 1);
        busy.add(jobKey(job));
      }
      return jobs;
    },
    async handle(job) {
      const handlings: Promise<unknown>[] = [];
      try {
        await workOn(options, job, handlings);
      } finally {
        take(job.type, -1);
        Promise.allSettled(handlings).then(
          () => busy.delete(jobKey(job)),
          () => {},
        );
      }
    },
    nextDueIn: async () => untilDue(dueIn(await nextJobDue(context.db, room()), context.now())),
  });
}

/** @param handlings gets what the handler promised, which may outlast the work */
async function workOn(options: JobWorkerOptions, job: ClaimedJob, handlings: Promise<unknown>[]): Promise<void> {
  const { context } = options;
  // It ended, or was cancelled, between the job's claim and its state being read.
  if (!job.state.tokens[job.token]) return;
  const result = await callHandler(options, job, await context.definitions.get(job.definitionKey), handlings);
  // The job is somebody else's, or soon will be.
  if (result.kind === 'lost') return;
  try {
    await recording(() => record(context, job, result));
  } catch (error) {
    if (isUnavailable(error)) throw error;
    // A result that cannot be kept: trying the job again would only repeat what it did outside.
    await record(context, job, { kind: 'failed', error: driverError(error), permanent: true });
  }
}

type Result =
  | { kind: 'completed'; variables: Variables }
  | { kind: 'error'; error: BpmnError }
  | { kind: 'failed'; error: unknown; permanent: boolean; retries?: number; backoff?: string | undefined };

async function callHandler(
  options: JobWorkerOptions,
  job: ClaimedJob,
  { model }: Definition,
  handlings: Promise<unknown>[],
): Promise<Result | { kind: 'lost' }> {
  const { handlers, context, leaseMs } = options;
  const { db, now, logger } = context;
  const at = model.elements.get(job.elementId);
  const element = at && activityOf(at);
  const behaviour = element?.behaviour;
  const mark = job.state.tokens[job.token]?.secretMark;
  const headers = behaviour?.kind === 'job' ? { ...behaviour.headers } : {};
  const handler = own(handlers, job.type);
  const lease = keepLease({
    leaseMs,
    now,
    logger,
    ids: { processInstanceKey: job.instanceKey, elementId: job.elementId },
    renew: (until) => renewJob(db, job, until),
  });
  const timeout = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  try {
    if (!handler) throw new Error(`nothing here does jobs of the type ${job.type}`);
    const told: Job = {
      key: jobKey(job),
      type: job.type,
      processInstanceKey: job.rootKey,
      elementId: job.elementId,
      variables: visibleVariables(job.state, job.token),
      headers,
      attempt: job.attempts,
      retries: job.retries,
      ...(element && mark !== undefined && { secrets: { mark, names: element.secrets } }),
    };
    const timeoutMs = handler.timeoutMs?.(told) ?? options.timeoutMs;
    timer = setTimeout(() => timeout.abort(new Error(`no result after ${timeoutMs / 1000} s`)), timeoutMs);
    const signal = AbortSignal.any([timeout.signal, lease.signal]);
    const aborted = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
    });
    const handling = handler(told, signal);
    handlings.push(handling);
    return { kind: 'completed', variables: await Promise.race([handling, aborted]) };
  } catch (error) {
    if (lease.signal.aborted) return { kind: 'lost' };
    if (error instanceof BpmnError) return { kind: 'error', error };
    if (error instanceof JobError) {
      const { retries, timeout } = error;
      return { kind: 'failed', error, permanent: false, retries, backoff: timeout };
    }
    // Not the job's fault: it waits as long as it takes.
    if (error instanceof UnavailableError) return { kind: 'failed', error, permanent: false, retries: job.retries };
    return { kind: 'failed', error, permanent: error instanceof PermanentJobError, backoff: headers.retryBackoff };
  } finally {
    clearTimeout(timer);
    await lease.letGo();
  }
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
  const ids = { processInstanceKey: instanceKey, elementId: job.elementId, jobType: job.type, attempt: job.attempts };
  const retries = result.retries ?? job.retries - 1;
  if (result.permanent || retries < 1) {
    logger.error({ err: result.error, ...ids }, 'a job failed for good');
    await run(async (_, tx) => ((await isStillClaimed(tx, job)) ? { kind: 'failJob', token, reason } : undefined));
    return;
  }
  const retryAt = backoffUntil(now(), job.attempts, result.backoff);
  logger.warn({ err: result.error, ...ids, retryAt }, 'a job failed and will be tried again');
  await retryJob(db, job, { retries, retryAt, error: reason });
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
