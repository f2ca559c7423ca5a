import type { types } from '@slack/bolt';
import { withoutPreviews } from './block-kit/without-previews.ts';
import type { SlackContext } from './slack-context.ts';

/** Sends a person a direct message. Returns its address. Throws Slack's error if Slack refuses it. */
export async function sendDirectMessage(
  { backgroundClient, directory }: Pick<SlackContext, 'backgroundClient' | 'directory'>,
  userId: string,
  message: { text: string; blocks: types.KnownBlock[] },
): Promise<{ channelId: string; ts: string }> {
  const posted = await backgroundClient.chat.postMessage({
    channel: await directory.directMessage(userId),
    ...withoutPreviews,
    ...message,
  });
  return { channelId: posted.channel ?? userId, ts: posted.ts ?? '' };
}
