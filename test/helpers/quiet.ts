import { sql } from 'drizzle-orm';
import type { Db } from '../../src/db/client.ts';
import { selectRows } from '../../src/db/query.ts';

/** Kickoff's pending work in the database, without what was set aside. Empty if everything is idle. */
export async function pendingWork(db: Db): Promise<string[]> {
  const rows = await selectRows<{ what: string }>(
    db,
    sql`select 'start: ' || coalesce(reason::text, process_name) as what from starts
          where status = 'waiting' and not is_held
        union all select 'activity line' from starts where activity_due_at < 'infinity'
        union all select 'deferred delivery' from deferred_deliveries where due_at < 'infinity'
        union all select 'word of a changed process' from process_drifts where due_at < 'infinity'
        union all select 'join' from sessions where join_due_at < 'infinity'
        union all select 'line about a removal' from sessions where removal_due_at < 'infinity'
        union all select 'adoption' from live_chats where adoption_due_at < 'infinity'
        union all select 'event of a conversation' from conversation_events where due_at < 'infinity'
        union all select 'message for a process' from engine_subscriptions where due_at is not null
        union all select 'message that starts a process' from engine_messages where starts_due_at < 'infinity'
        union all select 'signal' from engine_signal_deliveries where due_at < 'infinity'
        union all select 'rest of a command' from engine_instances where continue_due_at < 'infinity'
        union all select 'job: ' || coalesce(last_error, type) from engine_jobs where due_at is not null
        union all select 'change of an instance' from engine_changes`,
  );
  return rows.map(({ what }) => what);
}
