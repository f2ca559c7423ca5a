import type { Database } from '../../db/client.ts';
import type { Logger } from '../../logger.ts';
import type { Timings } from '../../timings.ts';
import type { Requests } from '../remote/gather-requests.ts';
import type { Cluster } from './cluster.ts';
import type { Definitions } from './definitions.ts';
import type { Visibility } from './visibility.ts';

export type Camunda8Timings = Timings['camunda8'];

/** Dependencies of every function of this adapter: cluster, database, log. */
export interface Camunda8Context {
  /** The engine's name in Kickoff's tables. */
  engine: string;
  /** The engine's name for people. */
  engineName: string;
  database: Database;
  requests: Requests;
  cluster: Cluster;
  /** The tenant whose processes Kickoff uses. */
  tenantId: string;
  definitions: Definitions;
  visibility: Visibility;
  /** The page of a user task in Tasklist, if its address is configured. */
  taskUrl(taskKey: string): string | undefined;
  timings: Camunda8Timings;
  logger: Logger;
}

/** Whether the text can be a key: keys are 64-bit integers. */
export const isKey = (text: string): boolean => /^-?\d{1,19}$/.test(text);
