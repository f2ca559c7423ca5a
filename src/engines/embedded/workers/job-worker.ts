import { setTimeout as delay } from 'node:timers/promises';
import { backoff } from '../../../db/backoff.ts';
import type { Database } from '../../../db/client.ts';
import type { Claimed } from '../../../db/due-queue.ts';
import { type HeldLease, type QueuedWork, type QueueWorker, startQueueWorker } from '../../../db/queue-worker.ts';
import { driverError, isUnavailable } from '../../../db/unavailable.ts';
import { reasonOf, UnavailableError } from '../../../errors.ts';
import { own } from '../../../own.ts';
import type { Variables } from '../../../processes/value-types.ts';
import { BpmnError, type Job, JobError, type JobHandler, PermanentJobError } from '../../engine.ts';
import { instanceToLoad, withApart } from '../instances/apart-tokens.ts';
import type { Definition } from '../instances/definitions.ts';
import type { EngineContext } from '../instances/engine-context.ts';
import { InterpretationError } from '../instances/interpretation-error.ts';
import { runCommand } from '../instances/run-command.ts';
import { setAsideWork } from '../instances/set-aside-work.ts';
import type { Command } from '../interpreter/interpreter.ts';
import { addDuration } from '../interpreter/iso-time.ts';
import { elementAt } from '../interpreter/run.ts';
import { visibleVariables } from '../interpreter/variables.ts';
import { type ClaimedJob, isStillClaimed, jobKey, jobs, retryJob } from './jobs.ts';
import { listeningOf, readListenedTask, taskHeaders } from './listener-headers.ts';

export interface JobWorkerOptions {
  context: EngineContext;
  database: Database;
  handlers: Record<string, JobHandler>;
  pollIntervalMs: number;
  /**
   * Length of a job's lease in milliseconds; renewed while a worker has it, so that only a crashed worker's job is due again.
   */
  leaseMs: number;
  /** Default time limit of a handler: after that it is told to stop, and the attempt has failed. */
  timeoutMs: number;
  /** Maximum number of jobs of each type at the same time, so that a type that hangs does not block the others. */
  concurrency: number;
}

export function startJobWorker(options: JobWorkerOptions): Promise<QueueWorker> {
  const { context, database, handlers, leaseMs, concurrency, pollIntervalMs } = options;
  const types = Object.keys(handlers);
  /** Type → number of jobs in progress. */
  const taken = new Map<string, number>();
  const take = (type: string, count: number) => taken.set(type, (taken.get(type) ?? 0) + count);
  /** Keys of jobs whose handler or result is in progress; a handler that ignores its abort signal keeps its job here. */
  const busy = new Set<string>();
  const work: QueuedWork<ClaimedJob> = {
    queue: jobs,
    leaseMs,
    renewed: true,
    request: () => ({
      limit: types.map((kind) => ({ kind, free: concurrency - (taken.get(kind) ?? 0) })),
      values: { busy: JSON.stringify([...busy]) },
    }),
    async handle(job, lease) {
      const key = jobKey(job);
      const handlings: Promise<unknown>[] = [];
      take(job.type, 1);
      busy.add(key);
      try {
        await workOn(options, job, lease, handlings);
      } finally {
        take(job.type, -1);
        Promise.allSettled(handlings).then(
          () => busy.delete(key),
          () => {},
        );
      }
    },
    setAside: (job, reason) => setAsideWork(context, job, reason),
    ids: ({ instanceKey, elementId }) => ({ processInstanceKey: instanceKey, elementId }),
  };
  return startQueueWorker({
    name: 'engine jobs',
    database,
    signal: 'engine_due',
    logger: context.logger,
    pollIntervalMs,
    concurrency: types.length * concurrency,
    works: [work],
  });
}

/** @param handlings collects the handlers' promises, which may outlast the attempt */
async function workOn(
  options: JobWorkerOptions,
  job: Claimed<ClaimedJob>,
  lease: HeldLease,
  handlings: Promise<unknown>[],
): Promise<void> {
  const { context } = options;
  job.state = (await withApart(context.db, instanceToLoad(job.instanceKey, job.state), [job.token])).state;
  // The element ended between the claim of the job and the read of the state.
  if (!job.state.tokens[job.token]) return jobs.noteEnd(context.db, job);
  const definition = await context.definitions.get(Number(job.definitionKey));
  const sinceMs = performance.now();
  const result = await callHandler(options, job, definition, lease, handlings);
  options.database.metrics.job(job.type, result.kind, sinceMs);
  await lease.stopRenewing();
  // Another worker has the job, or soon will: the attempt does not count as a crash of this process.
  if (result.kind === 'lost') return jobs.noteEnd(context.db, job);
  try {
    await recording(context.timings.recordingMs, () => record(context, job, result));
  } catch (error) {
    if (isUnavailable(error)) throw error;
    // The result cannot be stored; a retry would only repeat the external effect.
    await record(context, job, { kind: 'failed', error: driverError(error), permanent: true });
  }
}

type Result =
  | { kind: 'completed'; variables: Variables }
  | { kind: 'error'; error: BpmnError }
  | { kind: 'failed'; error: unknown; permanent: boolean; retries?: number; backoff?: string | undefined };

async function callHandler(
  options: JobWorkerOptions,
  job: Claimed<ClaimedJob>,
  { model }: Definition,
  lease: HeldLease,
  handlings: Promise<unknown>[],
): Promise<Result | { kind: 'lost' }> {
  const { handlers } = options;
  const element = elementAt({ model, state: job.state }, job.token);
  const { behaviour } = element;
  const mark = job.state.tokens[job.token]?.secretMark;
  const headers = behaviour.kind === 'job' ? { ...behaviour.headers } : {};
  const handler = own(handlers, job.type);
  const timeout = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  try {
    const listening = listeningOf(job.state, job.token);
    const task = await readListenedTask(options.context.db, job.state, job);
    if (listening && task) Object.assign(headers, taskHeaders(listening, task));
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
      ...(mark !== undefined && { secrets: { mark, names: element.secrets } }),
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
    // Costs no retry: the job waits as long as necessary.
    if (error instanceof UnavailableError) return { kind: 'failed', error, permanent: false, retries: job.retries };
    return { kind: 'failed', error, permanent: error instanceof PermanentJobError, backoff: headers.retryBackoff };
  } finally {
    clearTimeout(timer);
  }
}

async function record(context: EngineContext, job: Claimed<ClaimedJob>, result: Result): Promise<void> {
  const { token, instanceKey } = job;
  // Without the lease, the result of this worker must not be stored.
  const run = (command: Command) =>
    runCommand(
      context,
      instanceKey,
      async ({ state }, tx) => (state.tokens[token] && (await isStillClaimed(tx, job)) ? command : undefined),
      { cause: { token } },
    );
  if (result.kind === 'completed') {
    await run({ kind: 'complete', token, variables: result.variables });
    return;
  }
  if (result.kind === 'error') {
    const { code, message, variables } = result.error;
    await run({ kind: 'throwError', token, code, message, variables });
    return;
  }
  const reason = reasonOf(result.error);
  const { logger, db, now } = context;
  const ids = { processInstanceKey: instanceKey, elementId: job.elementId, jobType: job.type, attempt: job.attempts };
  const retries = result.retries ?? job.retries - 1;
  if (result.permanent || retries < 1) {
    logger.error({ err: result.error, ...ids }, 'a job failed and will not be retried');
    await run({ kind: 'failJob', token, reason });
    return;
  }
  const retryInMs = pauseFor(now(), job.attempts, result.backoff);
  logger.warn({ err: result.error, ...ids, retryInMs }, 'a job failed and will be retried');
  await retryJob(db, job, { retries, delayMs: retryInMs, error: reason });
}

/** Pause before the next attempt. `retryBackoff`: the header of Camunda's connectors, an ISO 8601 duration. */
function pauseFor(now: Date, attempts: number, retryBackoff: string | undefined): number {
  const until = retryBackoff === undefined ? undefined : addDuration(now, retryBackoff);
  return until ? until.getTime() - now.getTime() : backoff(attempts);
}

/** Repeats storing a result for a while, so that a short outage of the database does not lose it. */
async function recording(patienceMs: number, work: () => Promise<void>): Promise<void> {
  const until = Date.now() + patienceMs;
  for (let pause = 100; ; pause = Math.min(2 * pause, 2000)) {
    try {
      await work();
      return;
    } catch (error) {
      // The instance has an incident with the reason; a retry would not help.
      if (error instanceof InterpretationError) return;
      if (!isUnavailable(error) || Date.now() + pause > until) throw error;
      await delay(pause);
    }
  }
}
