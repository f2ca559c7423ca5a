import type { Database } from '../../db/client.ts';
import type { Logger } from '../../logger.ts';
import type { Requests } from '../remote/gather-requests.ts';
import type { ElmaProcess } from './process-file.ts';
import type { WebApi } from './web-api.ts';

export interface Elma365Timings {
  /** Timeout of a call. */
  callMs: number;
  /** How long ELMA365 may need to process a call whose answer was lost, and to show its effect. */
  doubtMs: number;
  /** How often the states of open instances are read. */
  pollMs: number;
  /** How often the file of processes is read. */
  fileMs: number;
}

export const elma365Timings: Elma365Timings = { callMs: 30_000, doubtMs: 120_000, pollMs: 5000, fileMs: 10_000 };

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
