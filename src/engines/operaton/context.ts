import type { Database } from '../../db/client.ts';
import type { Logger } from '../../logger.ts';
import type { Requests } from '../remote/gather-requests.ts';
import type { Definitions } from './definitions.ts';
import type { RestClient } from './rest-client.ts';

export interface OperatonTimings {
  /** Timeout of a call. */
  callMs: number;
  /** How long the engine may need to process a call whose answer was lost: its longest transaction. */
  doubtMs: number;
  /** How often changes are read. */
  pollMs: number;
  /** How far back changes are read again: a change becomes visible only when its transaction commits. */
  overlapMs: number;
  /** The same for every twentieth round, for long transactions. */
  wideOverlapMs: number;
  /** How often definitions are read, and forms that can change without a new definition. */
  definitionsMs: number;
  /** Length of an external task's lock; renewed while Kickoff works on it. */
  lockMs: number;
  /** How long a call waits for external tasks. Stopping waits for the call. */
  longPollMs: number;
  /** Time limit of a job. */
  jobMs: number;
  /** How long a job's result is kept while the engine is unavailable; after that the job is done again. */
  recordMs: number;
  /** How often a message that nothing received is offered again. */
  offerAgainMs: number;
}

export const operatonTimings: OperatonTimings = {
  callMs: 30_000,
  doubtMs: 60_000,
  pollMs: 1500,
  overlapMs: 10_000,
  wideOverlapMs: 120_000,
  definitionsMs: 10_000,
  lockMs: 20_000,
  longPollMs: 5000,
  jobMs: 60_000,
  recordMs: 20_000,
  offerAgainMs: 2000,
};

/** Dependencies of every function of this adapter: REST API, database, log. */
export interface OperatonContext {
  /** The engine's name in Kickoff's tables. */
  engine: string;
  /** The engine's name for people. */
  engineName: string;
  database: Database;
  requests: Requests;
  rest: RestClient;
  definitions: Definitions;
  /** The page of a user task in the Tasklist, if its address is configured. */
  taskUrl(taskKey: string): string | undefined;
  /** Whether the engine supports variables of the type `Json`. */
  hasJson(): Promise<boolean>;
  timings: OperatonTimings;
  logger: Logger;
}
