import type { Database } from '../../db/client.ts';
import type { Logger } from '../../logger.ts';
import type { Requests } from '../remote/gather-requests.ts';
import type { Definitions } from './definitions.ts';
import type { RestClient } from './rest-client.ts';

export interface OperatonTimings {
  /** Timeout of a call. */
  callMs: number;
  /** How long the engine may still process a call whose answer was lost: its longest transaction. */
  doubtMs: number;
  /** How often changes are read. */
  pollMs: number;
  /** How far back changes are read again: a change becomes visible only when its transaction ends. */
  overlapMs: number;
  /** Now and then it is this far, for transactions that take long. */
  wideOverlapMs: number;
  /** How often definitions are read, and forms that can change without a new definition. */
  definitionsMs: number;
  /** Length of an external task's lock; renewed while Kickoff works on it. */
  lockMs: number;
  /** How long a call waits for external tasks; stopping waits for the call. */
  longPollMs: number;
  /** Time limit of a job. */
  jobMs: number;
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
  offerAgainMs: 2000,
};

/** Dependencies of every function of this adapter: REST API, database, log. */
export interface OperatonContext {
  /** Under which the database keeps what belongs to this engine. */
  engine: string;
  /** The engine's name for people. */
  engineName: string;
  database: Database;
  requests: Requests;
  rest: RestClient;
  definitions: Definitions;
  /** The page of a user task in the Tasklist, where that is known. */
  taskUrl(taskKey: string): string | undefined;
  /** Whether the engine has variables of the type `Json`. */
  hasJson(): Promise<boolean>;
  timings: OperatonTimings;
  logger: Logger;
}
