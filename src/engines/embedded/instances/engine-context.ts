import type { Db } from '../../../db/client.ts';
import type { Logger } from '../../../logger.ts';
import type { Metrics } from '../../../metrics/metrics.ts';
import type { Timings } from '../../../timings.ts';
import type { DefinitionCache } from './definitions.ts';
import type { Inserted, InstanceWrite } from './write-outcome.ts';

export type EngineTimings = Timings['embeddedEngine'];

/** Dependencies shared by the engine's modules. */
export interface EngineContext {
  db: Db;
  definitions: DefinitionCache;
  /**
   * `insertInstances` for one instance. Instances that begin at the same time share a statement. A change that is claimed has
   * been handed over to the worker that tells it.
   */
  insertInstance(write: InstanceWrite): Promise<Inserted | undefined>;
  /** Whether there is a handler or worker for jobs of a type. */
  doesJobs(type: string): boolean;
  logger: Logger;
  metrics: Pick<Metrics, 'incidents'>;
  timings: EngineTimings;
  now: () => Date;
  /** Wakes the workers, here and on other replicas. */
  wake(signal: 'engine_due' | 'engine_changed' | 'engine_events'): void;
}
