import type { WebClient } from '@slack/web-api';
import type { Database, Db } from '../db/client.ts';
import type { ProcessEngine } from '../engines/engine.ts';
import type { ProcessLibrary } from '../engines/process-library.ts';
import type { RecordClientMessage } from '../intake/record-client-message.ts';
import type { LiveChatIndex } from '../live-chats/live-chat-index.ts';
import type { Logger } from '../logger.ts';
import type { Priority } from '../priority.ts';
import type { Catalogue } from '../processes/catalogue.ts';
import type { Timings } from '../timings.ts';
import type { TokenWatch } from './calls/token-watch.ts';
import type { Directory } from './directory.ts';
import type { HomeChanges } from './home/home-changes.ts';
import type { Identity } from './identity.ts';
import type { UnknownPeople } from './process-library/unknown-people.ts';

/** What every feature in src/slack works with. */
export interface SlackContext {
  database: Database;
  db: Db;
  engine: ProcessEngine;
  /** Undefined: no engine reads files. */
  library: ProcessLibrary | undefined;
  /** Whom processes name and Slack does not know. */
  unknownPeople: UnknownPeople;
  /** The process definitions as they are now. */
  catalogue(): Catalogue;
  /** The same with those that nothing but a message, signal or timer starts. */
  allProcesses(): Catalogue;
  /** Process definitions were changed: reads them again, here and on the other replicas. */
  catalogueChanged(): Promise<void>;
  liveChats: LiveChatIndex;
  directory: Directory;
  identity: Identity;
  /** For what a person waits for: opening and updating views, ephemeral messages. Fails fast. */
  client: WebClient;
  /** For messages and other work in queues: what Slack takes only later is refused with NotYetError, and put off. */
  backgroundClient: WebClient;
  /** For bulk work that nobody waits for: waits until there is room beside the others. */
  bulkClient: WebClient;
  token: TokenWatch;
  priority: Priority;
  recordClientMessage: RecordClientMessage;
  /** Where changes that Home tabs may show are noted. */
  homes: HomeChanges;
  /** Slack user ids and user-group ids from KICKOFF_ADMINS. */
  admins: string[];
  timings: Timings;
  logger: Logger;
}
