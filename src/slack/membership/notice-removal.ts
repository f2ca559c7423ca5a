import { isRemoved, markPresent, markRemoved } from '../../sessions/removals.ts';
import type { Session } from '../../sessions/session.ts';
import { tellDirectoryChange } from '../directory-changes.ts';
import type { SlackContext } from '../slack-context.ts';

/**
 * Records that the app was removed from a session's conversation, if Slack confirms it: the event can be old, and archiving a
 * channel removes the app as well. Returns whether it was removed, which somebody else may have recorded at the same time. If it
 * was invited again meanwhile, the messages in between are read.
 */
export async function noticeRemoval(
  context: SlackContext,
  session: Pick<Session, 'id' | 'teamId' | 'channelId' | 'liveChatId'>,
  { at, by }: { at: Date; by: string | null },
): Promise<boolean> {
  const { database, db, directory, homes, logger } = context;
  const { id: sessionId, channelId } = session;
  tellDirectoryChange(database, { channel: channelId });
  const asOf = new Date();
  const channel = await directory.channel(channelId);
  if (channel?.isMember) {
    await markPresent(db, sessionId, asOf);
    database.signal('joins_due');
    return false;
  }
  if (channel?.isArchived) return false;
  if (!(await markRemoved(db, sessionId, { at, by }))) return isRemoved(db, sessionId);
  logger.warn({ sessionId, channelId, by }, 'removed from a channel');
  database.signal('joins_due');
  homes.note({ liveChatId: session.liveChatId });
  return true;
}
