import type { Database } from '../../db/client.ts';
import type { Logger } from '../../logger.ts';
import type { Timings } from '../../timings.ts';
import type { Requests } from '../remote/gather-requests.ts';
import type { ElmaProcess } from './process-file.ts';
import type { WebApi } from './web-api.ts';

export type Elma365Timings = Timings['elma365'];

/** Dependencies of every function of this adapter: Web API, database, log. */
export interface Elma365Context {
  /** The engine's name in Kickoff's tables. */
  engine: string;
  /** The engine's name for people. */
  engineName: string;
  /** `https://company.elma365.com`, without a trailing slash. */
  url: string;
  database: Database;
  requests: Requests;
  api: WebApi;
  /** Finds a process in the current file of processes. */
  find(processDefinitionId: string): ElmaProcess | undefined;
  timings: Elma365Timings;
  logger: Logger;
}
