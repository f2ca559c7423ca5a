import type { Job, ProcessEngine } from '../../../src/engines/engine.ts';
import type { Variables } from '../../../src/processes/value-types.ts';

export interface EngineUnderTest {
  /** An engine with these files and job handlers, not started. Several share what they keep, as replicas do. */
  make(
    files: Record<string, string>,
    handle: (job: Job, signal: AbortSignal) => Promise<Variables>,
    jobTypes?: readonly string[],
  ): Promise<ProcessEngine>;
  /** Lets so much time pass for the engine. */
  advance(ms: number): Promise<void>;
  close(): Promise<void>;
}

/** Job types that the contract's processes use; an engine under test hands them to `handle` if it is not told others. */
export const contractJobTypes = ['work', 'connect'];
