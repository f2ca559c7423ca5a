import type { Claimed } from '../../db/due-queue.ts';
import type { DueRemoval } from '../../sessions/removals.ts';
import { wordsIn } from '../../words/words.ts';
import { link, notification, say } from '../block-kit/markup.ts';
import { section } from '../block-kit/text-objects.ts';
import { withoutPreviews } from '../block-kit/without-previews.ts';
import { findPosted } from '../job-handlers/find-posted.ts';
import { refusalOf } from '../refusal.ts';
import { canClientsRead } from '../rights/can-clients-read.ts';
import type { SlackContext } from '../slack-context.ts';

const metadataType = 'kickoff_removal';

/** Tells the activity channel of the session's live chat, once, that the app was removed from the conversation. */
export async function tellOfRemoval(context: SlackContext, removal: Claimed<DueRemoval>): Promise<void> {
  const { backgroundClient: client, directory, identity, liveChats, logger } = context;
  const { id: sessionId, teamId, liveChatId, channelId, name, removedAt, removedBy, attempts } = removal;
  const liveChat = liveChatId === null ? undefined : liveChats.get(teamId, liveChatId);
  const channel = liveChat?.activityChannel;
  if (removedAt === null || !channel || (await canClientsRead(context, liveChat, channel))) return;
  const words = wordsIn({ locale: liveChat.locale ?? undefined });
  const person = removedBy === null ? undefined : (await directory.person(removedBy))?.name;
  const values = {
    session: link(`${identity.workspaceUrl}archives/${channelId}`, `#${name}`),
    liveChat: liveChat.name,
  };
  const text =
    person === undefined
      ? say(words, 'activity.removed', values)
      : say(words, 'activity.removedBy', { ...values, person });
  const key = `${sessionId}:${Math.round(removedAt)}`;
  const posted = { channel, eventType: metadataType, key, since: new Date(removedAt) };
  try {
    if (attempts > 1 && (await findPosted(client, posted)) !== undefined) return;
    await client.chat.postMessage({
      channel,
      text: notification(text),
      blocks: [section(text)],
      metadata: { event_type: metadataType, event_payload: { key } },
      ...withoutPreviews,
    });
  } catch (error) {
    const reason = refusalOf(error);
    if (reason === undefined) throw error;
    logger.warn({ sessionId, channel, reason }, 'a removal could not be reported in the activity channel');
  }
}
