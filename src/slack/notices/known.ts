import { type SQL, sql } from 'drizzle-orm';
import { gathered } from '../../db/gathered.ts';
import { statement } from '../../db/query.ts';
import { storableJson } from '../../storable.ts';
import type { Notice, NoticeTopic } from './notices.ts';
import type { TaskMessage } from './task-messages.ts';

export type KnownMessage = Omit<TaskMessage, 'since'>;

/** A posted reminder that does not show yet that its task is closed. */
export type KnownReminder = NoticeTopic & Pick<Notice, 'userId' | 'shown'> & { channelId: string; ts: string };

/** The existing messages and modals about the tasks of a start's instance. */
export interface Known {
  messages: KnownMessage[];
  reminders: KnownReminder[];
  /** Modals in which people wait for the next task, by user id. */
  modals: ReadonlyMap<string, string>;
}

interface KnownRow extends KnownMessage {
  source: 'message' | 'reminder' | 'modal';
  n: number;
  occasion: string;
}

/** Has Postgres look the tasks' rows up, however many there are: it expects to join a thousand tasks. */
const isNamed = (key: SQL) => sql`${key} = any(array(select key from tasks))`;

const read = statement(sql`with asked as materialized (
    select * from jsonb_to_recordset(${sql.placeholder('asked')}::jsonb) as x(n int, "startId" uuid, "taskKeys" text[])),
  tasks as materialized (select n, unnest("taskKeys") as key from asked)
  select 'message' as source, n, task_key as "taskKey", user_id as "userId", view_id as "viewId",
    is_released as "isReleased", channel_id as "channelId", ts, closed, shown, '' as occasion
  from tasks join task_messages on task_key = key where ${isNamed(sql`task_key`)}
  union all
  select 'reminder', n, subject, user_id, null, false, channel_id, ts, closed, shown, occasion
  from tasks join notices on kind = 'reminder' and subject = key
  where ${isNamed(sql`subject`)} and ts is not null and not closed
  union all
  select 'modal', n, '', user_id, view_id, false, '', null, false, null, ''
  from asked join start_holds on start_id = "startId" where view_id is not null`);

/** Reads the messages and modals about these tasks of a start. */
export const readKnown = gathered({
  async query(db, asked: { startId: string; taskKeys: string[] }[]): Promise<Known[]> {
    const rows = await read<KnownRow>(db, { asked: storableJson(asked.map((one, n) => ({ n, ...one }))) });
    return asked.map((_, index) => {
      const own = rows.filter(({ n }) => n === index);
      const from = (wanted: KnownRow['source']) => own.filter(({ source }) => source === wanted);
      return {
        messages: from('message'),
        reminders: from('reminder').map(reminderOf),
        modals: new Map(from('modal').map(({ userId, viewId }) => [userId, viewId ?? ''])),
      };
    });
  },
});

const reminderOf = ({ taskKey: subject, occasion, userId, channelId, ts, shown }: KnownRow): KnownReminder => ({
  kind: 'reminder',
  subject,
  occasion,
  userId,
  channelId,
  ts: ts ?? '',
  shown,
});
