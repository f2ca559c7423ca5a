import { whereAway } from '../../live-chats/absences.ts';
import type { LiveChat } from '../../live-chats/live-chat.ts';
import {
  type ActiveStart,
  listActiveStarts,
  listServedSessions,
  type ServedSession,
} from '../../starts/list-served.ts';
import { type ListedStart, listStarts, type StartCursor } from '../../starts/list-starts.ts';
import { groupsWithTasks, type ListedTask, listTasksOf, listTasksOfStarts } from '../../starts/open-tasks.ts';
import { withTimeout } from '../../with-timeout.ts';
import { type HomeRights, homeRights } from '../rights/home-rights.ts';
import type { SlackContext } from '../slack-context.ts';
import type { HomePlace } from './home-place.ts';

/** Rows per page of each list; together they stay within the 100 blocks of a view. */
export const rowsPerPage = { tasks: 10, sessions: 8, starts: 10 } as const;
/** Maximum number of processes named in a session's row. */
const activePerSession = 5;

export interface Page<Row> {
  rows: Row[];
  /** From 0. */
  page: number;
  hasMore: boolean;
}

export interface SessionRow {
  session: ServedSession;
  active: { start: ActiveStart; tasks: ListedTask[] }[];
}

export interface StartRow {
  start: ListedStart;
  tasks: ListedTask[];
}

/** A page of starts. Paged by cursor, not by number, since new starts are added at the top all the time. */
export interface StartsPage {
  rows: StartRow[];
  /** Cursors of the next and the previous page; undefined: there is none; `top`: the newest start. */
  older: StartCursor | undefined;
  newer: StartCursor | 'top' | undefined;
  liveChats: LiveChat[];
  place: HomePlace;
}

/** The content of a person's Home tab, limited to what they may see. */
export interface HomeContent {
  rights: HomeRights;
  awayIn: ReadonlySet<string>;
  tasks: Page<ListedTask>;
  /** Undefined: they operate no live chat. */
  sessions: Page<SessionRow> | undefined;
  /** Undefined: they supervise no live chat. */
  starts: StartsPage | undefined;
  isEngineAway: boolean;
  now: Date;
}

/** Reads what a person's Home tab shows, at these pages and with these filters. */
export async function readHome(context: SlackContext, userId: string, place: HomePlace): Promise<HomeContent> {
  const rights = await homeRights(context, userId);
  const awayIn = await whereAway(context.db, userId, ids(rights.staffed));
  const [tasks, sessions, starts, isEngineAway] = await Promise.all([
    readTasks(context, userId, place, [...awayIn]),
    rights.staffed.length > 0 ? readSessions(context, userId, place, ids(rights.staffed)) : undefined,
    rights.supervised.length > 0 ? readStarts(context, place, rights.supervised) : undefined,
    isAway(context),
  ]);
  return { rights, awayIn, tasks, sessions, starts, isEngineAway, now: new Date() };
}

const ids = (liveChats: LiveChat[]) => liveChats.map(({ id }) => id);

async function isAway({ engine, timings, logger }: SlackContext): Promise<boolean> {
  try {
    await withTimeout(engine.checkHealth(), timings.home.enginePatienceMs);
    return false;
  } catch (err) {
    logger.debug({ err }, 'a Home tab shows that the engine is unavailable');
    return true;
  }
}

async function readTasks(context: SlackContext, userId: string, place: HomePlace, awayIn: string[]) {
  const { db, directory, identity } = context;
  const { teamId } = identity;
  const groups = await groupsWithTasks(db, teamId);
  const isMember = await Promise.all(groups.map(async (id) => (await directory.groupMembers(id)).includes(userId)));
  const groupIds = groups.filter((_, at) => isMember[at]);
  return readPage(place.tasks, rowsPerPage.tasks, (range) =>
    listTasksOf(db, { teamId, userId, groupIds, awayIn, ...range }),
  );
}

async function readSessions(context: SlackContext, userId: string, place: HomePlace, liveChatIds: string[]) {
  const { db, identity } = context;
  const page = await readPage(place.sessions, rowsPerPage.sessions, (range) =>
    listServedSessions(db, { teamId: identity.teamId, userId, liveChatIds, ...range }),
  );
  const starts = await listActiveStarts(
    db,
    page.rows.map(({ id }) => id),
    activePerSession,
  );
  const tasks = await listTasksOfStarts(
    db,
    starts.map(({ id }) => id),
  );
  const rows = page.rows.map((session) => ({
    session,
    active: starts
      .filter(({ sessionId }) => sessionId === session.id)
      .map((start) => ({ start, tasks: tasks.filter(({ startId }) => startId === start.id) })),
  }));
  return { ...page, rows };
}

/** Reads a page, or the last one if there are fewer. */
async function readPage<Row>(
  wanted: number,
  size: number,
  list: (range: { offset: number; limit: number }) => Promise<Row[]>,
): Promise<Page<Row>> {
  for (let page = wanted; ; page = Math.floor(page / 2)) {
    const rows = await list({ offset: page * size, limit: size + 1 });
    if (rows.length > 0 || page === 0) return { rows: rows.slice(0, size), page, hasMore: rows.length > size };
  }
}

async function readStarts(context: SlackContext, place: HomePlace, supervised: LiveChat[]): Promise<StartsPage> {
  const { db } = context;
  const size = rowsPerPage.starts;
  const chosen = supervised.filter(({ id }) => place.liveChatId === undefined || id === place.liveChatId);
  const wanted = { liveChatIds: ids(chosen), status: place.status, processDefinitionId: place.process?.id };
  const { startsFrom } = place;
  const [found, before] = await Promise.all([
    listStarts(db, { ...wanted, at: startsFrom && { from: startsFrom }, limit: size + 1 }),
    startsFrom ? listStarts(db, { ...wanted, at: { before: startsFrom }, limit: size + 1 }) : [],
  ]);
  // The start at the top of the page is no longer in the list.
  if (startsFrom && found.length === 0) return readStarts(context, { ...place, startsFrom: undefined }, supervised);
  const starts = found.slice(0, size);
  const tasks = await listTasksOfStarts(
    db,
    starts.map(({ id }) => id),
  );
  return {
    rows: starts.map((start) => ({ start, tasks: tasks.filter(({ startId }) => startId === start.id) })),
    older: found[size]?.cursor,
    // The page before is a full one, or the first.
    newer: startsFrom && (before.length > size ? before[size - 1]?.cursor : 'top'),
    liveChats: supervised,
    place,
  };
}
