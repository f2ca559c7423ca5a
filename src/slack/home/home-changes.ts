import type { Database } from '../../db/client.ts';
import type { Logger } from '../../logger.ts';
import type { Timings } from '../../timings.ts';
import { createOneByOne, type OneByOne } from '../one-by-one.ts';
import { markHomesDue } from './homes.ts';

/** What has changed that Home tabs may show. */
export interface HomeChange {
  /** Of a start or session of this live chat. */
  liveChatId?: string | null;
  /** Of these people's tasks. */
  userIds?: Iterable<string>;
  /** Who is staff of which live chat. */
  all?: boolean;
}

/** Where whatever changes something says so; costs nothing until changes are gathered. */
export interface HomeChanges {
  note(change: HomeChange): void;
  /** This person's Home tab could not be shown, perhaps because the database is away: it is shown when that is back. */
  openLater(userId: string): void;
  /** Those people, who are forgotten here. */
  takeOpened(): string[];
  /** Shows Home tabs: of one person one after the other, or one that was read before would hide what is newer. */
  show: OneByOne;
  /** Marks what was noted. */
  stop(): Promise<void>;
}

/** Gathers changes and marks the Home tabs that they concern, for the Home worker. What a crash loses, it makes up for. */
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
      logger.debug({ err }, 'Home tabs are marked later');
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
