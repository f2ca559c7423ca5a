import { setActivityTold } from '../../starts/activity-queue.ts';
import type { Start } from '../../starts/queries.ts';
import { withoutPreviews } from '../block-kit/without-previews.ts';
import { findPosted } from '../job-handlers/find-posted.ts';
import { refusalOf } from '../refusal.ts';
import type { SlackContext } from '../slack-context.ts';
import type { ToldMessage } from './gathered-message.ts';

const metadataType = 'kickoff_steps';

/**
 * Posts or updates the reply in the thread of a start's line; `told`: hash of its content. Returns false if Slack refuses it.
 */
export async function writeReply(
  { db, backgroundClient, logger }: SlackContext,
  lead: Start,
  { text, blocks }: Pick<ToldMessage, 'text' | 'blocks'>,
  told: string,
): Promise<boolean> {
  const { id, activityChannel: channel, activityTs: threadTs, stepsTs } = lead;
  if (!channel || !threadTs) return false;
  try {
    // Marked before it is first posted, so that the next attempt looks for it after a crash.
    const known = stepsTs || (stepsTs === '' ? await findReply(backgroundClient, lead, channel, threadTs) : undefined);
    if (known) {
      await backgroundClient.chat.update({ channel, ts: known, text, blocks });
      await setActivityTold(db, id, { stepsTold: told, stepsTs: known });
      return true;
    }
    await setActivityTold(db, id, { stepsTold: '', stepsTs: '' });
    const metadata = { event_type: metadataType, event_payload: { key: id } };
    const message = { channel, thread_ts: threadTs, text, blocks, metadata, ...withoutPreviews };
    const { ts = '' } = await backgroundClient.chat.postMessage(message);
    await setActivityTold(db, id, { stepsTold: told, stepsTs: ts });
    return true;
  } catch (error) {
    const reason = refusalOf(error);
    if (reason === undefined) throw error;
    logger.warn({ startId: id, channel, reason }, 'steps could not be posted in the thread');
    return false;
  }
}

function findReply(client: SlackContext['backgroundClient'], lead: Start, channel: string, threadTs: string) {
  const { id: key, createdAt: since } = lead;
  return findPosted(client, { channel, eventType: metadataType, key, since, threadTs });
}
