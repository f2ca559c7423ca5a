import { timedEvents } from '../../bindings/binding-kinds.ts';
import { listActiveBindings } from '../../bindings/queries.ts';
import type { Db } from '../../db/client.ts';
import { armWaits } from '../../intake/waits/arm-waits.ts';
import { getLiveChat } from '../../live-chats/queries.ts';
import type { SlackContext } from '../slack-context.ts';

/**
 * Changes a live chat's bindings or business hours in a transaction that also applies the change to waits that are going on.
 */
export async function changeWaits<Result>(
  { database, identity }: Pick<SlackContext, 'database' | 'identity'>,
  liveChatId: string,
  change: (tx: Db) => Promise<Result>,
): Promise<Result> {
  const result = await database.db.transaction(async (tx) => {
    const changed = await change(tx);
    const liveChat = await getLiveChat(tx, identity.teamId, liveChatId);
    const bound = liveChat ? await listActiveBindings(tx, liveChatId, timedEvents) : [];
    for (const binding of bound) if (liveChat) await armWaits(tx, liveChat, binding);
    return changed;
  });
  database.signal('timers_due');
  return result;
}
