import type { Job, ProcessEngine } from '../../../src/engines/engine.ts';
import type { Variables } from '../../../src/processes/value-types.ts';

export interface EngineUnderTest {
  /** Creates an engine with these files and job handlers, without starting it. Several share their state, like replicas. */
  make(
    files: Record<string, string>,
    handle: (job: Job, signal: AbortSignal) => Promise<Variables>,
    jobTypes?: readonly string[],
  ): Promise<ProcessEngine>;
  /** Advances the engine's clock. */
  advance(ms: number): Promise<void>;
  close(): Promise<void>;
}

/** Job types of the contract's processes; by default, an engine under test passes them to `handle`. */
export const contractJobTypes = ['work', 'connect'];
