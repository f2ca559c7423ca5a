import type { Db } from '../../../db/client.ts';
import type { Logger } from '../../../logger.ts';
import type { Metrics } from '../../../metrics/metrics.ts';
import type { Timings } from '../../../timings.ts';
import type { DefinitionCache } from './definitions.ts';
import type { InstanceWrite } from './write-outcome.ts';

export type EngineTimings = Timings['embeddedEngine'];

/** Shared by the engine's parts. */
export interface EngineContext {
  db: Db;
  definitions: DefinitionCache;
  /** `insertInstances` of one instance, be it together with others that begin at the same time. */
  insertInstance(write: InstanceWrite): Promise<string | undefined>;
  /** Whether there is anything that does jobs of a type. */
  doesJobs(type: string): boolean;
  logger: Logger;
  metrics: Pick<Metrics, 'incidents'>;
  timings: EngineTimings;
  now: () => Date;
  /** Wakes the workers, here and on other replicas. */
  wake(signal: 'engine_due' | 'engine_changed' | 'engine_events'): void;
}
