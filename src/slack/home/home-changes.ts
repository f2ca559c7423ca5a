import type { Database } from '../../db/client.ts';
import type { Logger } from '../../logger.ts';
import type { Timings } from '../../timings.ts';
import { createOneByOne, type OneByOne } from '../one-by-one.ts';
import { markHomesDue } from './homes.ts';

/** A change that Home tabs may show. */
export interface HomeChange {
  /** A start or session of this live chat changed. */
  liveChatId?: string | null;
  /** Tasks of these people changed. */
  userIds?: Iterable<string>;
  /** The staff of live chats changed. */
  all?: boolean;
}

/** Collects changes that Home tabs may show. Cheap until they are flushed. */
export interface HomeChanges {
  note(change: HomeChange): void;
  /** Remembers a person whose Home tab could not be shown, perhaps because the database was away, to show it later. */
  openLater(userId: string): void;
  /** Returns those people and forgets them. */
  takeOpened(): string[];
  /** Shows Home tabs, one after another for each person, so that an older state never replaces a newer one. */
  show: OneByOne;
  /** Writes out the changes collected so far. */
  stop(): Promise<void>;
}

/**
 * Collects changes and marks the affected Home tabs for the Home worker. Changes lost in a crash are made up for at start-up.
 */
export function createHomeChanges(
  database: Database,
  teamId: string,
  { gatherMs }: Timings['home'],
  logger: Logger,
): HomeChanges {
  const liveChatIds = new Set<string>();
  const userIds = new Set<string>();
  const opened = new Set<string>();
  let all = false;
  let timer: NodeJS.Timeout | undefined;
  let marking: Promise<void> = Promise.resolve();

  const mark = async () => {
    const concerned = { teamId, liveChatIds: [...liveChatIds], userIds: [...userIds], all };
    liveChatIds.clear();
    userIds.clear();
    all = false;
    try {
      if (await markHomesDue(database.db, concerned)) database.signal('homes_due');
    } catch (err) {
      logger.debug({ err }, 'Home tabs will be marked later');
      note({ all: true });
    }
  };
  const flush = () => {
    timer = undefined;
    marking = marking.then(mark);
  };
  const note = (change: HomeChange) => {
    if (change.liveChatId) liveChatIds.add(change.liveChatId);
    for (const userId of change.userIds ?? []) userIds.add(userId);
    all ||= change.all ?? false;
    timer ??= setTimeout(flush, gatherMs).unref();
  };
  return {
    note,
    show: createOneByOne(),
    openLater(userId) {
      opened.add(userId);
    },
    takeOpened() {
      const userIds = [...opened];
      opened.clear();
      return userIds;
    },
    async stop() {
      if (timer) {
        clearTimeout(timer);
        flush();
      }
      await marking;
      clearTimeout(timer);
    },
  };
}
