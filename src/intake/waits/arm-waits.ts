import { sql } from 'drizzle-orm';
import { isTimed } from '../../bindings/binding-kinds.ts';
import type { Binding } from '../../bindings/queries.ts';
import type { Db } from '../../db/client.ts';
import type { LiveChat } from '../../live-chats/live-chat.ts';
import { answerOnItsWayMs } from './session-timers.ts';
import { waitBeginning } from './wait-end.ts';

/**
 * Applies a binding that was created, switched on or given another time, or new business hours, to waits that are already going
 * on; waits that were over before do not count. To be called in the transaction of the change.
 */
export async function armWaits(
  tx: Db,
  { id: liveChatId, businessHours }: Pick<LiveChat, 'id' | 'businessHours'>,
  binding: Binding,
): Promise<void> {
  if (!isTimed(binding.event) || !binding.isOn) return;
  const after = waitBeginning(binding, businessHours, binding.armedAt) ?? new Date(0);
  await tx.execute(sql`insert into session_timers (session_id, event, since, ts, due_at)
    select s.id, ${binding.event}, wait.since, wait.ts, greatest(now(), wait.since
      + ${binding.waitMinutes ?? 0}::int * interval '1 minute' + ${answerOnItsWayMs}::int * interval '1 millisecond')
    from sessions s cross join lateral (${binding.event === 'client_waiting' ? unansweredByStaff : unansweredByClient}) wait
    where s.live_chat_id = ${liveChatId}::uuid and s.status = 'open' and wait.since > ${after.toISOString()}::timestamptz
    on conflict (session_id, event) do update set due_at = case when session_timers.unfinished = 0
        then least(coalesce(session_timers.due_at, 'infinity'), excluded.due_at)
        else session_timers.due_at + interval '1 microsecond' end
      where ${binding.id}::uuid <> all (session_timers.tried)`);
}

/** The last closing of a session: messages before it are no longer waiting for an answer. */
const lastClosing = sql`(select max(at) from session_events where session_id = s.id and kind = 'closed')`;

const unansweredByStaff = sql`select at as since, slack_ts as ts from session_events
  where session_id = s.id and kind = 'message' and author = 'client'
    and s.last_client_message_at > coalesce(s.last_answered_at, '-infinity')
    and at > coalesce(greatest(s.last_answered_at, ${lastClosing}), '-infinity')
  order by at limit 1`;

const unansweredByClient = sql`select s.last_answered_at as since, slack_ts as ts from session_events
  where session_id = s.id and kind = 'message' and author in ('staff', 'process')
    and s.last_answered_at > coalesce(greatest(s.last_client_message_at, ${lastClosing}), '-infinity')
  order by at desc limit 1`;
