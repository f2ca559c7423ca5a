import { reasonOf, UnavailableError } from '../../errors.ts';
import type { Variables } from '../../processes/value-types.ts';
import { BpmnError, type Job, JobError, type JobHandler, PermanentJobError } from '../engine.ts';

/** What came of an attempt at a job. */
export type JobOutcome =
  | { kind: 'completed'; variables: Variables }
  | { kind: 'error'; code: string; message: string; variables: Variables }
  /** `retries`: how many attempts may still fail; `pauseMs`: what the next one waits. */
  | { kind: 'failed'; message: string; retries: number; pauseMs: number };

const longestBackoffMs = 300_000;
/** Pause of a job whose means are away, in milliseconds. */
const awayMs = 5000;
/** Engines keep the message of a failure in a column of 4000 characters. */
export const longestJobMessage = 3500;

export interface JobAttempt {
  job: Job & { retries: number };
  handler: JobHandler;
  /** How long the job may take, in milliseconds. */
  timeoutMs: number;
  /** Aborted once the job may be another worker's. */
  lost: AbortSignal;
}

/** Does a job once. */
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

/** Of an ISO 8601 duration without calendar parts; what it is not is 0. */
function durationMs(duration: string): number {
  const parts = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(duration);
  if (!parts) return 0;
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = parts.slice(1).map((part) => Number(part ?? 0));
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
}

export interface JobLease {
  /** Aborted once the job may be another worker's. */
  signal: AbortSignal;
  release(): void;
}

export interface KeepJobOptions {
  leaseMs: number;
  /** Prolongs the lease. */
  renew(): Promise<void>;
  /** Whether an error says that the job is over, or somebody else's. */
  isLost(error: unknown): boolean;
  onFailure(error: unknown): void;
}

/** Renews the lease of a job three times in its length. */
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
