import { reasonOf, UnavailableError } from '../../errors.ts';
import type { Variables } from '../../processes/value-types.ts';
import { BpmnError, type Job, JobError, type JobHandler, PermanentJobError } from '../engine.ts';

/** The outcome of one attempt at a job. */
export type JobOutcome =
  | { kind: 'completed'; variables: Variables }
  | { kind: 'error'; code: string; message: string; variables: Variables }
  /** `retries`: number of attempts left; `pauseMs`: pause before the next one. */
  | { kind: 'failed'; message: string; retries: number; pauseMs: number };

const longestBackoffMs = 300_000;
/** Pause after an attempt that failed because a service was unavailable, in milliseconds. */
const awayMs = 5000;
/** Maximum length of a failure's message: engines store it in a column of 4000 characters. */
export const longestJobMessage = 3500;

export interface JobAttempt {
  job: Job & { retries: number };
  handler: JobHandler;
  /** Time limit of the job, in milliseconds. */
  timeoutMs: number;
  /** Aborted once another worker may have the job. */
  lost: AbortSignal;
}

/** Runs one attempt at a job. */
export async function attemptJob({ job, handler, timeoutMs, lost }: JobAttempt): Promise<JobOutcome> {
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(new Error(`no result after ${timeoutMs / 1000} s`)), timeoutMs);
  const signal = AbortSignal.any([timeout.signal, lost]);
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
  });
  try {
    return { kind: 'completed', variables: await Promise.race([handler(job, signal), aborted]) };
  } catch (error) {
    return outcomeOf(error, job);
  } finally {
    clearTimeout(timer);
  }
}

function outcomeOf(error: unknown, { retries, attempt }: { retries: number; attempt: number }): JobOutcome {
  if (error instanceof BpmnError) {
    const { code, message, variables } = error;
    return { kind: 'error', code, message, variables };
  }
  const failed = (left: number, pauseMs: number): JobOutcome => ({
    kind: 'failed',
    message: reasonOf(error).slice(0, longestJobMessage),
    retries: left,
    pauseMs,
  });
  if (error instanceof UnavailableError) return failed(retries, awayMs);
  if (error instanceof PermanentJobError) return failed(0, 0);
  if (error instanceof JobError) return failed(error.retries, durationMs(error.timeout));
  return failed(Math.max(0, retries - 1), Math.min(1000 * 2 ** attempt, longestBackoffMs));
}

/** Milliseconds of an ISO 8601 duration without calendar parts; 0 for anything else. */
function durationMs(duration: string): number {
  const parts = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(duration);
  if (!parts) return 0;
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = parts.slice(1).map((part) => Number(part ?? 0));
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
}

export interface JobLease {
  /** Aborted once another worker may have the job. */
  signal: AbortSignal;
  release(): void;
}

export interface KeepJobOptions {
  leaseMs: number;
  /** Prolongs the lease. */
  renew(): Promise<void>;
  /** Whether an error means that the job has ended or belongs to another worker. */
  isLost(error: unknown): boolean;
  onFailure(error: unknown): void;
}

/** Renews the lease of a job three times per lease duration. */
export function keepJob({ leaseMs, renew, isLost, onFailure }: KeepJobOptions): JobLease {
  const lost = new AbortController();
  let until = performance.now() + leaseMs;
  const timer = setInterval(() => {
    const asked = performance.now();
    if (asked > until) {
      clearInterval(timer);
      return lost.abort(new Error('the lock could not be renewed in time'));
    }
    renew().then(
      () => {
        until = asked + leaseMs;
      },
      (error: unknown) => {
        onFailure(error);
        if (isLost(error)) lost.abort(new Error('the job is over, or somebody else has it'));
      },
    );
  }, leaseMs / 3);
  return { signal: lost.signal, release: () => clearInterval(timer) };
}
