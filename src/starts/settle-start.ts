import { sql } from 'drizzle-orm';
import { gathered } from '../db/gathered.ts';
import { statement } from '../db/query.ts';
import { wholeRow } from '../db/whole-row.ts';
import type { WaitingJoin } from '../engines/engine.ts';
import { storableJson } from '../storable.ts';
import type { Message } from '../words/message.ts';
import { activityDue, activityDueIfWatched, isWatched } from './activity-due.ts';
import { isUuid, type Start } from './queries.ts';
import { starts } from './tables.ts';

export interface StartOutcome {
  status: 'running' | 'completed' | 'failed' | 'cancelled';
  /** For a running start: its incident. */
  reason: Message | null;
  /** The joins at which a running start waits for further flows; null if there are none. */
  waitingJoins: WaitingJoin[] | null;
}

/** The current state of an instance. `startId`: the id given to the engine when the instance was started, if it was. */
export interface SettledInstance {
  processInstanceKey: string;
  startId: string | undefined;
  outcome: StartOutcome;
}

const row = wholeRow(starts);

/** Makes Postgres look up the rows by id, however many starts there are. */
const isFound = sql`starts.id = any(array(select id from found))`;

/**
 * An instance has one start (`limit 1`), and few are settled together. Postgres would expect a hundred rows of a function that
 * returns rows; with a range as a condition (`between`) it expects one. Plans that expect a hundred seem to cost much more or less
 * once the table has grown or is analyzed, and Postgres, which compares them, could go on planning the statement for every run.
 */
const settle = statement(sql`with settled as materialized (
    select * from jsonb_to_recordset(${sql.placeholder('settled')}::jsonb) as x(n int, "instanceKey" text, "startId" uuid,
      "newStatus" text, "newReason" jsonb, "newJoins" jsonb)
    where n between 0 and 2147483647),
  found as materialized (
    select n, started.* from settled cross join lateral (
      (select * from starts where process_instance_key = "instanceKey" limit 1)
      union all
      select * from starts where id = "startId" and process_instance_key is distinct from "instanceKey") started),
  changed as (
    update ${starts} set status = "newStatus", reason = "newReason", waiting_joins = "newJoins",
      process_instance_key = "instanceKey", due_at = null,
      activity_due_at = case when "newReason" is null then ${activityDueIfWatched} else ${activityDue} end,
      updated_at = now()
    from (select n, id as "foundId" from found) found join settled using (n)
    where starts.id = "foundId" and ${isFound}
      -- Cancelled before it ran: its instance is ended (slack/task-form/notify-tasks.ts).
      and ("newStatus" <> 'running' or status <> 'cancelled')
      and (status <> "newStatus" or reason is distinct from "newReason" or waiting_joins is distinct from "newJoins"
        or ${isWatched})
    returning starts.id as "changedId", activity_due_at is not null as "isDue")
  select n, coalesce("isDue", false) as "isDue", ${row.columns}
  from found starts left join changed on "changedId" = starts.id`);

/**
 * Records the state of a start's instance. The activity line of a start with followers is always marked as outdated, since it
 * also names who has the next task; otherwise nothing is written unless something relevant changed. A start without its
 * instance's key (Kickoff stopped between the engine's commit and its own) is found by its id.
 *
 * @returns the start before the change, and whether the activity line is outdated; then signal `activity_due`. Undefined if no
 * start has the instance
 */
export const settleStart = gathered({
  async query(db, instances: SettledInstance[]) {
    const settled = instances.map(({ processInstanceKey: instanceKey, startId, outcome }, n) => ({
      n,
      instanceKey,
      startId: startId !== undefined && isUuid(startId) ? startId : null,
      newStatus: outcome.status,
      newReason: outcome.reason,
      newJoins: outcome.waitingJoins,
    }));
    const rows = await settle<{ n: number; isDue: boolean }>(db, { settled: storableJson(settled) });
    const answers: ({ start: Start; isDue: boolean } | undefined)[] = instances.map(() => undefined);
    for (const found of rows) answers[found.n] = { start: row.of(found), isDue: found.isDue };
    return answers;
  },
  keyOf: ({ processInstanceKey }) => processInstanceKey,
});
