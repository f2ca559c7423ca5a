import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { Variables } from '../../processes/value-types.ts';
import type { Job, JobHandler } from '../engine.ts';
import { attemptJob, type JobLease, type JobOutcome, keepJob, longestJobMessage } from '../remote/attempt-job.ts';
import { countAttempt } from '../remote/requests.ts';
import type { OperatonContext } from './context.ts';
import { rootOf } from './instance-rows.ts';
import { DatabaseFaultError, RestError, segment } from './rest-client.ts';
import { fromTypedValues, toTypedValues, typedValuesSchema } from './typed-values.ts';

const lockedSchema = z.object({
  id: z.string(),
  topicName: z.string(),
  processInstanceId: z.string(),
  activityId: z.string(),
  /** Null until the first failure. */
  retries: z.number().nullish(),
  variables: typedValuesSchema,
  extensionProperties: z.record(z.string(), z.string()).nullish(),
});
type LockedTask = z.infer<typeof lockedSchema>;

const concurrency = 10;
/** Default number of retries (`camunda:property name="retries"`), as in Camunda 8. */
const defaultRetries = 3;

export interface ExternalTaskWorker {
  /** Stops fetching tasks. Resolves when the current ones are done. */
  stop(): Promise<void>;
}

/** Handles external tasks whose topics are Kickoff's job types, with one long poll for all topics. */
export function startExternalTaskWorker(
  context: OperatonContext,
  handlers: Record<string, JobHandler>,
  workerId: string,
): ExternalTaskWorker {
  const { logger, timings } = context;
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();
  /** Tasks in progress in this process: the engine gives a task out again when its lock expires. */
  const busy = new Set<string>();
  let failures = 0;
  const work = async () => {
    while (!stopping.signal.aborted) {
      try {
        const room = concurrency - running.size;
        const tasks = room > 0 ? await fetchAndLock(context, Object.keys(handlers), { workerId, room }) : [];
        failures = 0;
        if (stopping.signal.aborted) return await unlock(context, tasks);
        for (const task of tasks) {
          if (busy.has(task.id)) continue;
          busy.add(task.id);
          const handling: Promise<void> = workOn(context, handlers, workerId, task)
            .catch((err) => logger.warn({ err, jobKey: task.id }, 'a job could not be handled and will be repeated'))
            .finally(() => {
              busy.delete(task.id);
              running.delete(handling);
            });
          running.add(handling);
        }
        if (room <= 0) await Promise.race(running);
      } catch (err) {
        if (stopping.signal.aborted) return logger.debug({ err }, 'no more jobs are fetched: Kickoff is stopping');
        failures += 1;
        const pauseMs = Math.min(500 * 2 ** failures, 10_000);
        logger.warn({ err, retryInMs: pauseMs }, 'jobs cannot be fetched');
        await delay(pauseMs, undefined, { signal: stopping.signal }).catch(() => {});
      }
    }
  };
  const working = Object.keys(handlers).length > 0 ? work() : Promise.resolve();
  return {
    async stop() {
      stopping.abort();
      await working;
      await Promise.all(running);
    },
  };

  async function fetchAndLock(
    { rest }: OperatonContext,
    topics: string[],
    request: { workerId: string; room: number },
  ): Promise<LockedTask[]> {
    return rest.post(z.array(lockedSchema), '/external-task/fetchAndLock', {
      body: {
        workerId: request.workerId,
        maxTasks: request.room,
        usePriority: true,
        // A stop does not abort this call: the engine would lock tasks for a caller that is gone.
        asyncResponseTimeout: timings.longPollMs,
        topics: topics.map((topicName) => ({
          topicName,
          lockDuration: timings.lockMs,
          deserializeValues: false,
          includeExtensionProperties: true,
        })),
      },
      timeoutMs: timings.longPollMs + timings.callMs,
    });
  }
}

/** Unlocks tasks that arrived while Kickoff was stopping. */
async function unlock({ rest }: OperatonContext, tasks: LockedTask[]): Promise<void> {
  await Promise.all(tasks.map(({ id }) => rest.send('POST', `/external-task/${segment(id)}/unlock`)));
}

async function workOn(
  context: OperatonContext,
  handlers: Record<string, JobHandler>,
  workerId: string,
  task: LockedTask,
): Promise<void> {
  const handler = handlers[task.topicName];
  if (!handler) return;
  const { database, engine, timings } = context;
  // The engine counts only reported failures, not attempts that a crash cut short.
  const attempt = await countAttempt(database.db, { engine, kind: 'job', key: task.id });
  const root = await rootOf(context, task.processInstanceId);
  const headers = task.extensionProperties ?? {};
  const retries = task.retries ?? numberOr(headers.retries, defaultRetries);
  const job: Job & { retries: number } = {
    key: task.id,
    type: task.topicName,
    processInstanceKey: root?.id ?? task.processInstanceId,
    elementId: task.activityId,
    variables: fromTypedValues(task.variables),
    headers,
    attempt,
    retries,
  };
  const lock = keepLocked(context, workerId, task.id);
  const timeoutMs = handler.timeoutMs?.(job) ?? timings.jobMs;
  const outcome = await attemptJob({ job, handler, timeoutMs, lost: lock.signal }).finally(() => lock.release());
  // Another worker has the lock, or soon will.
  if (lock.signal.aborted) return;
  await record(context, workerId, task.id, reportOf(outcome));
}

type Report =
  | { path: 'complete'; body: { variables: Variables } }
  | { path: 'bpmnError'; body: { errorCode: string; errorMessage: string; variables: Variables } }
  | { path: 'failure'; body: { errorMessage: string; errorDetails: string; retries: number; retryTimeout: number } };

function reportOf(outcome: JobOutcome): Report {
  switch (outcome.kind) {
    case 'completed':
      return { path: 'complete', body: { variables: outcome.variables } };
    case 'error': {
      const { code, message, variables } = outcome;
      return { path: 'bpmnError', body: { errorCode: code, errorMessage: message, variables } };
    }
    case 'failed': {
      const { message, retries, pauseMs } = outcome;
      return { path: 'failure', body: { errorMessage: message, errorDetails: '', retries, retryTimeout: pauseMs } };
    }
  }
}

/**
 * Reports the outcome to the engine, and repeats that while the engine is unavailable: a lost result means that the work is
 * done twice. If the next step of the process failed, the attempt counts as failed.
 */
async function record(
  { rest, hasJson, timings, logger }: OperatonContext,
  workerId: string,
  taskId: string,
  { path, body }: Report,
): Promise<void> {
  const writing = { hasJson: await hasJson() };
  const typed = 'variables' in body ? { ...body, variables: toTypedValues(body.variables, writing) } : body;
  const deadline = performance.now() + timings.recordMs;
  let answeredBefore = false;
  for (let pauseMs = 200; ; pauseMs *= 2) {
    try {
      return await rest.send('POST', `/external-task/${segment(taskId)}/${path}`, { body: { workerId, ...typed } });
    } catch (error) {
      if (error instanceof RestError) return await afterRefusal(error);
      const answers = error instanceof DatabaseFaultError && path !== 'failure' && (await isWaiting());
      if (performance.now() + pauseMs > deadline) {
        // The engine's database answered before the call and after it: the next step lost a database of its own.
        if (answers && answeredBefore) return await fail(error.detail);
        throw error;
      }
      await delay(pauseMs);
      answeredBefore = answers && (await isWaiting());
    }
  }

  async function afterRefusal(error: RestError): Promise<void> {
    if (error.status === 500 && path !== 'failure') return await fail(error.message);
    // The task is gone, or another worker has locked it.
    logger.warn({ err: error, jobKey: taskId }, "the engine refused a job's result: the job had ended");
  }

  function fail(reason: string): Promise<void> {
    return rest.send('POST', `/external-task/${segment(taskId)}/failure`, {
      body: {
        workerId,
        errorMessage: reason.slice(0, longestJobMessage),
        errorDetails: '',
        retries: 0,
        retryTimeout: 0,
      },
    });
  }

  /** Whether the task is still there; false if the engine does not say. */
  async function isWaiting(): Promise<boolean> {
    const task = await rest
      .find(z.object({ id: z.string() }), `/external-task/${segment(taskId)}`)
      .catch(() => undefined);
    return task !== undefined;
  }
}

function keepLocked({ rest, timings, logger }: OperatonContext, workerId: string, taskId: string): JobLease {
  const body = { workerId, newDuration: timings.lockMs };
  return keepJob({
    leaseMs: timings.lockMs,
    renew: () => rest.send('POST', `/external-task/${segment(taskId)}/extendLock`, { body }),
    isLost: (error) => error instanceof RestError,
    onFailure: (err) => logger.warn({ err, jobKey: taskId }, 'a lock was not renewed'),
  });
}

const numberOr = (text: string | undefined, otherwise: number) =>
  text !== undefined && /^\d+$/.test(text) ? Number(text) : otherwise;
