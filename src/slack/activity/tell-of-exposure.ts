import type { LiveChat } from '../../live-chats/live-chat.ts';
import { mentionChannel, notification, say } from '../block-kit/markup.ts';
import { section } from '../block-kit/text-objects.ts';
import {
  claimNotice,
  closeNotice,
  dropNoticeClaim,
  isTold,
  listNotices,
  type NoticeTopic,
  setNoticePosted,
} from '../notices/notices.ts';
import { refusalOf } from '../refusal.ts';
import { sendDirectMessage } from '../send-direct-message.ts';
import type { SlackContext } from '../slack-context.ts';
import { wordsFor } from '../words-for.ts';
import { supervisorsOf } from './notify-failure.ts';

/**
 * Tells supervisors, once, that clients can read the activity channel. Nothing is written there while they can.
 *
 * @returns whether everybody was told; otherwise a worker is telling somebody just now, or has crashed, and the caller asks again
 * later
 */
export async function tellOfExposure(context: SlackContext, liveChat: LiveChat, channelId: string): Promise<boolean> {
  const { db, directory, logger, timings } = context;
  const topic: NoticeTopic = { kind: 'exposure', subject: liveChat.id, occasion: channelId };
  const supervisors = await supervisorsOf(liveChat, directory.groupMembers);
  for (const userId of supervisors) {
    if (!(await claimNotice(db, { ...topic, userId }, { abandonedMs: timings.tasks.claimMs }))) continue;
    const values = { channel: mentionChannel(channelId), liveChat: liveChat.name };
    const text = say(await wordsFor(context, userId), 'activity.exposed', values);
    try {
      const posted = await sendDirectMessage(context, userId, { text: notification(text), blocks: [section(text)] });
      await setNoticePosted(db, { ...topic, userId }, posted);
    } catch (error) {
      const reason = refusalOf(error);
      if (reason === undefined) {
        // Otherwise the next attempt, which the caller makes, would take the notice for posted.
        await dropNoticeClaim(db, { ...topic, userId });
        throw error;
      }
      logger.warn(
        { liveChatId: liveChat.id, userId, reason },
        'a supervisor could not be notified about the activity channel',
      );
      await closeNotice(db, { ...topic, userId });
    }
  }
  const notices = await listNotices(db, topic);
  return notices.every((notice) => isTold(notice) || !supervisors.includes(notice.userId));
}
