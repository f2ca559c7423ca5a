import type { Database } from '../../db/client.ts';
import type { Logger } from '../../logger.ts';
import type { Requests } from '../remote/gather-requests.ts';
import type { ElmaProcess } from './process-file.ts';
import type { WebApi } from './web-api.ts';

export interface Elma365Timings {
  /** Timeout of a call. */
  callMs: number;
  /** How long ELMA365 may still process a call whose answer was lost, or not show its effect. */
  doubtMs: number;
  /** How often the states of open instances are read. */
  pollMs: number;
  /** How often the file of processes is read. */
  fileMs: number;
}

export const elma365Timings: Elma365Timings = { callMs: 30_000, doubtMs: 120_000, pollMs: 5000, fileMs: 10_000 };

/** Dependencies of every function of this adapter: Web API, database, log. */
export interface Elma365Context {
  /** Under which the database keeps what belongs to this engine. */
  engine: string;
  /** The engine's name for people. */
  engineName: string;
  /** `https://company.elma365.com`, without a slash at its end. */
  url: string;
  database: Database;
  requests: Requests;
  api: WebApi;
  /** The process as the file names it now. */
  find(processDefinitionId: string): ElmaProcess | undefined;
  timings: Elma365Timings;
  logger: Logger;
}
