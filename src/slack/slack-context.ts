import type { WebClient } from '@slack/web-api';
import type { Database, Db } from '../db/client.ts';
import type { ProcessEngine } from '../engines/engine.ts';
import type { ProcessLibrary } from '../engines/process-library.ts';
import type { RecordClientMessage } from '../intake/record-client-message.ts';
import type { LiveChatIndex } from '../live-chats/live-chat-index.ts';
import type { Logger } from '../logger.ts';
import type { Priority } from '../priority.ts';
import type { Catalogue } from '../processes/catalogue.ts';
import type { StartsUnderWay } from '../starts/under-way.ts';
import type { Timings } from '../timings.ts';
import type { TokenWatch } from './calls/token-watch.ts';
import type { Directory } from './directory.ts';
import type { HomeChanges } from './home/home-changes.ts';
import type { Identity } from './identity.ts';
import type { UnknownPeople } from './process-library/unknown-people.ts';

/** The dependencies of every feature in src/slack. */
export interface SlackContext {
  database: Database;
  db: Db;
  engine: ProcessEngine;
  /** Undefined if no engine reads files. */
  library: ProcessLibrary | undefined;
  /** People and groups that processes name and Slack does not know. */
  unknownPeople: UnknownPeople;
  /** The current process definitions that people and bindings can start. */
  catalogue(): Catalogue;
  /** The current process definitions, including those that only a message, signal or timer starts. */
  allProcesses(): Catalogue;
  /** Reloads process definitions, here and on the other replicas. */
  catalogueChanged(): Promise<void>;
  liveChats: LiveChatIndex;
  directory: Directory;
  identity: Identity;
  /** For calls that a person waits for: opening and updating views, ephemeral messages. Fails fast. */
  client: WebClient;
  /** For queue workers: a call that has to wait fails with NotYetError, and the work is postponed. */
  backgroundClient: WebClient;
  /** For bulk work: calls wait until others leave room. */
  bulkClient: WebClient;
  token: TokenWatch;
  priority: Priority;
  startsUnderWay: StartsUnderWay;
  recordClientMessage: RecordClientMessage;
  /** Collects changes that Home tabs may show. */
  homes: HomeChanges;
  /** Slack user ids and user-group ids from KICKOFF_ADMINS. */
  admins: string[];
  timings: Timings;
  logger: Logger;
}
