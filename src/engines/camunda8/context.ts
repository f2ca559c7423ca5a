import type { Database } from '../../db/client.ts';
import type { Logger } from '../../logger.ts';
import type { Requests } from '../remote/gather-requests.ts';
import type { Cluster } from './cluster.ts';
import type { Definitions } from './definitions.ts';
import type { Visibility } from './visibility.ts';

export interface Camunda8Timings {
  /** Timeout of a call. */
  callMs: number;
  /** How long the cluster may need to process a call whose answer was lost, including the lag of its search index. */
  doubtMs: number;
  /** The same if the index shows nothing newer than the call, and so may have stopped. */
  unprovenDoubtMs: number;
  /** How long to wait until the search index shows Kickoff's own change, before reading it. */
  visibleMs: number;
  /** How often changes are read. */
  pollMs: number;
  /** How far back changes are read again: the index shows changes of different partitions in no common order. */
  overlapMs: number;
  /** The same for every twentieth round, for an index that lagged behind. */
  wideOverlapMs: number;
  /** How often data without a date is read: open tasks for their assignees, incidents for their end. */
  openTasksMs: number;
  /** How often definitions are read. */
  definitionsMs: number;
  /** How often forms are read that can change without a new definition. */
  formsMs: number;
  /** Length of a job's lease; renewed while Kickoff works on it. */
  leaseMs: number;
  /** How long a call waits for jobs; stopping waits for the call. */
  longPollMs: number;
  /** Time limit of a job. */
  jobMs: number;
  /** Delay before a message is offered again after a failure. */
  offerAgainMs: number;
}

/** In milliseconds. */
export const camunda8Timings: Camunda8Timings = {
  callMs: 30_000,
  doubtMs: 60_000,
  unprovenDoubtMs: 600_000,
  visibleMs: 5000,
  pollMs: 1500,
  overlapMs: 15_000,
  wideOverlapMs: 120_000,
  openTasksMs: 6000,
  definitionsMs: 10_000,
  formsMs: 60_000,
  leaseMs: 20_000,
  longPollMs: 10_000,
  jobMs: 60_000,
  offerAgainMs: 2000,
};

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
