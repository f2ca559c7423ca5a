import type { Job, JobHandler } from '../../engines/engine.ts';
import { recordAnswer } from '../../intake/record-answer.ts';
import type { Json } from '../../processes/value-types.ts';
import type { Session } from '../../sessions/session.ts';
import { intakeDependencies } from '../intake-dependencies.ts';
import type { SlackContext } from '../slack-context.ts';
import { answeringOperator } from './answering-operator.ts';
import { findPosted } from './find-posted.ts';
import { messageOfJob } from './message-text.ts';
import { outlastingSlack } from './outlasting-slack.ts';
import { jobMetadataType, postMessage } from './post-message.ts';
import { originOfJob } from './session-of-job.ts';

/**
 * `live-chat:send-response`: writes `text` to the session that the process was started from. With `thread` true it answers in
 * the thread of the message that started the process; with a message's ts, in that message's thread. The message is never
 * posted twice: another attempt looks for what an earlier one may have posted. `asOperator`: posts under the name and picture
 * of the operator who answered.
 */
export function createSendResponse(
  getContext: () => SlackContext,
  { asOperator = false }: { asOperator?: boolean } = {},
): JobHandler {
  return outlastingSlack(async (job, signal) => {
    const context = getContext();
    const message = messageOfJob(job);
    const { session, start } = await originOfJob(context, job);
    const threadTs = threadOf(job, start?.facts.message ?? null);
    const { channelId: channel } = session;
    if (job.attempt > 1) {
      const since = start?.createdAt ?? new Date(0);
      const search = { channel, eventType: jobMetadataType, key: job.key, since, threadTs };
      const posted = await findPosted(context.backgroundClient, search);
      if (posted !== undefined) {
        await answered(context, session, posted);
        return {};
      }
    }
    // The app does not rejoin a channel that somebody removed it from just to answer.
    const mayJoin = !session.isPrivate && !session.isMember && session.removedAt === null;
    const appearance = asOperator ? await answeringOperator(context, job, start) : undefined;
    const posted = await postMessage(
      context,
      { channel, message, threadTs, appearance, jobKey: job.key, mayJoin },
      signal,
    );
    await answered(context, session, posted.ts);
    return {};
  });
}

/** Records the message as an answer to the client, under whatever name it appears. */
async function answered(context: SlackContext, { id, liveChatId }: Session, ts: string): Promise<void> {
  const liveChat = liveChatId === null ? undefined : context.liveChats.get(context.identity.teamId, liveChatId);
  if (liveChat) await recordAnswer(intakeDependencies(context), liveChat, id, ts);
}

function threadOf({ variables }: Job, message: { ts: string; threadTs?: string } | null): string | undefined {
  const thread: Json | undefined = variables.thread;
  if (typeof thread === 'string' && /^\d+\.\d+$/.test(thread)) return thread;
  return thread === true && message ? (message.threadTs ?? message.ts) : undefined;
}
