import type { TimedEvent } from '../../bindings/binding-kinds.ts';
import { listActiveBindings } from '../../bindings/queries.ts';
import type { Db } from '../../db/client.ts';
import type { LiveChat } from '../../live-chats/live-chat.ts';
import { pendingOf } from './end-waits.ts';
import { listTimers } from './session-timers.ts';

/** A binding that will be tried unless the wait ends first. */
export interface ComingWait {
  event: TimedEvent;
  processName: string;
  at: Date;
}

/** The bindings that will be tried for the waits that a message began, soonest first. */
export async function listComingWaits(
  db: Db,
  liveChat: Pick<LiveChat, 'id' | 'businessHours'>,
  { sessionId, ts }: { sessionId: string; ts: string },
): Promise<ComingWait[]> {
  const timers = (await listTimers(db, sessionId)).filter((timer) => timer.ts === ts);
  if (timers.length === 0) return [];
  const events = timers.map(({ event }) => event);
  const bound = await listActiveBindings(db, liveChat.id, events);
  return timers
    .flatMap((timer) => {
      const ofEvent = bound.filter(({ event }) => event === timer.event);
      return pendingOf(timer, liveChat, ofEvent).map(({ binding: { processName }, ends }) => ({
        event: timer.event,
        processName,
        at: ends,
      }));
    })
    .sort((one, other) => one.at.getTime() - other.at.getTime());
}
