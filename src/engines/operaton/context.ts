import type { Database } from '../../db/client.ts';
import type { Logger } from '../../logger.ts';
import type { Timings } from '../../timings.ts';
import type { Requests } from '../remote/gather-requests.ts';
import type { Definitions } from './definitions.ts';
import type { RestClient } from './rest-client.ts';

export type OperatonTimings = Timings['operaton'];

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
