import { BpmnError, type Job, JobError } from '../../../src/engines/engine.ts';
import type { Variables } from '../../../src/processes/value-types.ts';

interface WaitingJob {
  job: Job;
  resolve(variables: Variables): void;
  reject(error: Error): void;
}

/** Handles an engine's jobs as a scenario demands: each job waits here until a step completes or fails it. */
export interface JobDesk {
  /** The handler of every job type. */
  handle(job: Job, signal: AbortSignal): Promise<Variables>;
  /** The waiting jobs of one instance, newest first: an engine does not report that an older one is gone. */
  waiting(processInstanceKey: string): Job[];
  complete(job: Job, variables: Variables): void;
  fail(job: Job, reason: string, retries: number): void;
  throwError(job: Job, code: string, message: string, variables: Variables): void;
  /** Ends all jobs that are left. */
  clear(): void;
}

export function createJobDesk(): JobDesk {
  const desk = new Map<string, WaitingJob>();
  const take = ({ key }: Job): WaitingJob => {
    const waiting = desk.get(key);
    if (!waiting) throw new Error(`the job ${key} does not wait any more`);
    desk.delete(key);
    return waiting;
  };
  return {
    handle: (job, signal) =>
      new Promise((resolve, reject) => {
        desk.set(job.key, { job, resolve, reject });
        signal.addEventListener('abort', () => {
          desk.delete(job.key);
          reject(signal.reason);
        });
      }),
    waiting: (processInstanceKey) =>
      [...desk.values()].flatMap(({ job }) => (job.processInstanceKey === processInstanceKey ? [job] : [])).reverse(),
    complete: (job, variables) => take(job).resolve(variables),
    fail: (job, reason, retries) => take(job).reject(new JobError(reason, retries, 'PT0S')),
    throwError: (job, code, message, variables) => take(job).reject(new BpmnError(code, message, variables)),
    clear() {
      for (const { job } of [...desk.values()]) take(job).reject(new JobError('the scenario is over', 0, 'PT0S'));
    },
  };
}
