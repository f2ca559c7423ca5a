import { setActivityLine, setActivityTold } from '../../starts/activity-queue.ts';
import type { Start } from '../../starts/queries.ts';
import { withoutPreviews } from '../block-kit/without-previews.ts';
import { findPosted } from '../job-handlers/find-posted.ts';
import { platformError } from '../platform-error.ts';
import { refusalOf } from '../refusal.ts';
import type { SlackContext } from '../slack-context.ts';
import type { ToldMessage } from './gathered-message.ts';

const metadataType = 'kickoff_start';

/** Posts or updates the line of a start. Returns false if Slack refuses it in this channel. */
export async function postLine(
  context: SlackContext,
  start: Start,
  channel: string,
  line: ToldMessage,
): Promise<boolean> {
  try {
    await post(context, start, channel, line);
    return true;
  } catch (error) {
    const reason = refusalOf(error);
    if (reason === undefined) throw error;
    context.logger.warn({ startId: start.id, channel, reason }, 'activity line could not be posted');
    return false;
  }
}

async function post(context: SlackContext, start: Start, channel: string, { told, ...line }: ToldMessage) {
  const { db, backgroundClient } = context;
  // Without a ts the line is new, or a worker crashed between posting it and storing the ts.
  const ts =
    start.activityTs ?? (start.activityChannel === channel ? await findLine(context, start, channel) : undefined);
  if (ts !== undefined) {
    await backgroundClient.chat.update({ channel, ts, ...line });
    if (start.activityTs === null) await setActivityLine(db, start.id, channel, ts);
    return setActivityTold(db, start.id, { activityTold: told });
  }
  await setActivityLine(db, start.id, channel, null);
  const metadata = { event_type: metadataType, event_payload: { key: start.id } };
  const message = { channel, ...line, metadata, ...withoutPreviews };
  const posted = await backgroundClient.chat.postMessage(message).catch(async (error) => {
    if (platformError(error) !== 'not_in_channel') throw error;
    await backgroundClient.conversations.join({ channel });
    return backgroundClient.chat.postMessage(message);
  });
  await setActivityLine(db, start.id, channel, posted.ts ?? null);
  await setActivityTold(db, start.id, { activityTold: told });
}

function findLine({ backgroundClient }: SlackContext, start: Start, channel: string): Promise<string | undefined> {
  return findPosted(backgroundClient, { channel, eventType: metadataType, key: start.id, since: start.createdAt });
}
