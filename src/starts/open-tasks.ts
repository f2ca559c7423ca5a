import { eq, type SQL, sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import { gathered } from '../db/gathered.ts';
import { selectRows, statement } from '../db/query.ts';
import { storableJson } from '../storable.ts';
import { openTasks } from './tables.ts';

export type OpenTask = typeof openTasks.$inferSelect;

const save = statement(sql`with asked as materialized (
    select * from jsonb_to_recordset(${sql.placeholder('saved')}::jsonb) as x("startId" uuid, tasks jsonb)),
  tasks as materialized (
    select asked."startId", x.* from asked, jsonb_to_recordset(tasks) as x("taskKey" text, "teamId" text,
      "processName" text, name text, assignee text, holders text[], "isOffered" boolean, "isForAll" boolean,
      "createdAt" timestamptz, "dueDate" timestamptz)),
  known as materialized (
    select task_key from open_tasks where start_id = any(array(select asked."startId" from asked))),
  over as (
    delete from open_tasks where start_id = any(array(select asked."startId" from asked))
      and task_key not in (select "taskKey" from tasks)),
  saved as (
    insert into open_tasks (task_key, team_id, start_id, process_name, name, assignee, holders, is_offered, is_for_all,
      created_at, due_date)
    select "taskKey", "teamId", "startId", "processName", name, assignee, holders, "isOffered", "isForAll", "createdAt",
      "dueDate" from tasks
    on conflict (task_key) do update set assignee = excluded.assignee, holders = excluded.holders,
      is_offered = excluded.is_offered, is_for_all = excluded.is_for_all, due_date = excluded.due_date
    where (open_tasks.assignee, open_tasks.holders, open_tasks.is_offered, open_tasks.is_for_all, open_tasks.due_date)
      is distinct from (excluded.assignee, excluded.holders, excluded.is_offered, excluded.is_for_all, excluded.due_date)
    returning task_key, start_id)
  select task_key as "taskKey", start_id as "startId" from saved where task_key not in (select task_key from known)`);

/**
 * Stores the current tasks of a start's instance; tasks that are missing are over and get deleted.
 *
 * @returns the keys of tasks that are new
 */
export const saveOpenTasks = gathered({
  async query(db, asked: { startId: string; tasks: OpenTask[] }[]) {
    const saved = await save<{ taskKey: string; startId: string }>(db, { saved: storableJson(asked) });
    return asked.map(({ startId }) => new Set(saved.flatMap((one) => (one.startId === startId ? one.taskKey : []))));
  },
  keyOf: ({ startId }) => startId,
});

/** Stores a task's new assignee at once; the engine reports the change later. */
export async function setOpenTaskAssignee(db: Db, taskKey: string, userId: string): Promise<void> {
  await db
    .update(openTasks)
    .set({ assignee: userId, holders: [userId], isOffered: false, isForAll: false })
    .where(eq(openTasks.taskKey, taskKey));
}

/** Slack ids of all user groups that have open tasks. */
export async function groupsWithTasks(db: Db, teamId: string): Promise<string[]> {
  const rows = await selectRows<{ id: string }>(
    db,
    // Slack: ids of user groups begin with S, those of people with U or W.
    sql`select distinct holder as id from open_tasks, unnest(holders) holder
      where team_id = ${teamId} and is_offered and holder like 'S%'`,
  );
  return rows.map(({ id }) => id);
}

/** A task as shown in a list. */
export interface ListedTask {
  taskKey: string;
  startId: string;
  liveChatId: string | null;
  processName: string;
  name: string;
  assignee: string | null;
  isOffered: boolean;
  createdAt: Date;
  dueDate: Date | null;
  sessionName: string;
  channelId: string;
  clientUserId: string | null;
  /** The message that the process was started from. */
  messageTs: string | null;
  threadTs: string | null;
}

type ListedRow = Omit<ListedTask, 'createdAt' | 'dueDate'> & { createdAt: number; dueDate: number | null };

const listed = sql`t.task_key as "taskKey", t.start_id as "startId", s.live_chat_id as "liveChatId",
  t.process_name as "processName", t.name, t.assignee, t.is_offered as "isOffered",
  extract(epoch from t.created_at)::float8 * 1000 as "createdAt",
  extract(epoch from t.due_date)::float8 * 1000 as "dueDate",
  s.facts ->> 'sessionName' as "sessionName", s.facts ->> 'channelId' as "channelId",
  s.facts ->> 'clientUserId' as "clientUserId", s.facts -> 'message' ->> 'ts' as "messageTs",
  s.facts -> 'message' ->> 'threadTs' as "threadTs"`;

export interface TasksOfPerson {
  teamId: string;
  userId: string;
  /** Slack ids of the person's user groups. */
  groupIds: string[];
  /** Live chats in which they are away: tasks offered to several people there are left out. */
  awayIn: string[];
  offset: number;
  limit: number;
}

/** A person's tasks, sorted by due date, then by age. Their own come before those that they may claim. */
export async function listTasksOf(db: Db, wanted: TasksOfPerson): Promise<ListedTask[]> {
  return select(db, tasksOf(wanted));
}

/** Exported for a test that explains the query plan. */
export function tasksOf({ teamId, userId, groupIds, awayIn, offset, limit }: TasksOfPerson): SQL {
  const order = sql`t.is_offered, t.due_date nulls last, t.created_at, t.task_key`;
  return sql`select ${listed} from (
      select * from open_tasks t
      where t.team_id = ${teamId} and t.holders && ${textArray([userId, ...groupIds])}
        and not (t.is_offered and not t.is_for_all and exists (
          select from starts s where s.id = t.start_id and s.live_chat_id = any(${uuidArray(awayIn)})))
      order by ${order} limit ${limit} offset ${offset}) t join starts s on s.id = t.start_id
    order by ${order}`;
}

/** The open tasks of starts, oldest first. */
export async function listTasksOfStarts(db: Db, startIds: string[]): Promise<ListedTask[]> {
  if (startIds.length === 0) return [];
  return select(
    db,
    sql`select ${listed} from open_tasks t join starts s on s.id = t.start_id
      where t.start_id = any(${uuidArray(startIds)}) order by t.created_at, t.task_key`,
  );
}

async function select(db: Db, query: SQL): Promise<ListedTask[]> {
  const rows = await selectRows<ListedRow>(db, query);
  return rows.map((row) => ({
    ...row,
    createdAt: new Date(row.createdAt),
    dueDate: row.dueDate === null ? null : new Date(row.dueDate),
  }));
}

/** As one text parameter, because the drivers write arrays differently. Ids have neither commas nor quotes. */
const textArray = (ids: string[]): SQL => sql`${`{${ids.join(',')}}`}::text[]`;
const uuidArray = (ids: string[]): SQL => sql`${`{${ids.join(',')}}`}::uuid[]`;
