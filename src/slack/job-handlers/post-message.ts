import { setTimeout as delay } from 'node:timers/promises';
import { putOffMs } from '../../db/away.ts';
import { PermanentJobError } from '../../engines/engine.ts';
import { withoutPreviews } from '../block-kit/without-previews.ts';
import { platformError } from '../platform-error.ts';
import type { SlackContext } from '../slack-context.ts';
import type { Appearance } from './answering-operator.ts';
import type { ProcessMessage } from './message-text.ts';

/** Error messages for Slack's answers that retrying does not change. */
const refusals = new Map([
  ['is_archived', 'The conversation is archived.'],
  ['not_in_channel', 'Kickoff is not a member of the conversation. Invite it there: /invite @Kickoff.'],
  ['channel_not_found', 'The conversation is gone, or Kickoff cannot see it.'],
  ['restricted_action', 'The workspace does not let Kickoff write to the conversation.'],
  ['thread_not_found', 'The message to answer to is gone.'],
  ['cannot_reply_to_message', 'Slack does not let anybody answer to this message.'],
  ['msg_too_long', 'The text is too long for Slack.'],
  ['user_not_found', 'There is no such person in Slack.'],
  ['user_disabled', 'This person is no longer in Slack.'],
  ['cannot_dm_bot', 'This is an app, not a person.'],
]);

export interface JobMessage {
  channel: string;
  message: ProcessMessage;
  threadTs?: string | undefined;
  /** Absent: the app's own name and picture. */
  appearance?: Appearance | undefined;
  /** The job's key, stored in the message's metadata so that another attempt finds the message. */
  jobKey: string;
  /** Whether the app may join the channel if necessary: anybody may. */
  mayJoin: boolean;
}

export const jobMetadataType = 'kickoff_job';

/**
 * Posts a job's message with a single request: a retry after a lost answer could post it twice. Rate limits are waited out,
 * since nothing was posted. Throws NotYetError if that takes long, and {@link PermanentJobError} if retrying does not help.
 *
 * @returns the channel and ts of the message
 */
export async function postMessage(
  context: Pick<SlackContext, 'backgroundClient' | 'directory' | 'timings' | 'logger'>,
  { channel, message: written, threadTs, appearance, jobKey, mayJoin }: JobMessage,
  signal: AbortSignal,
): Promise<{ channel: string; ts: string }> {
  const { backgroundClient: client, directory, timings, logger } = context;
  const message = {
    channel,
    ...written,
    ...withoutPreviews,
    metadata: { event_type: jobMetadataType, event_payload: { key: jobKey } },
    ...(threadTs === undefined ? {} : { thread_ts: threadTs }),
  };
  const begun = performance.now();
  let shownAs = appearance;
  for (let joined = !mayJoin; ; ) {
    signal.throwIfAborted();
    try {
      const posted = await client.chat.postMessage({ ...message, ...shownAs });
      return { channel: posted.channel ?? channel, ts: posted.ts ?? '' };
    } catch (error) {
      const waitMs = putOffMs(error);
      const reason = platformError(error);
      if (waitMs !== undefined && performance.now() - begun + waitMs < timings.jobs.inPlaceMs) {
        await delay(waitMs, undefined, { signal });
      } else if (reason === 'missing_scope' && shownAs) {
        logger.warn('ANSWER_AS_OPERATOR needs the scope chat:write.customize: an answer is the app’s own');
        shownAs = undefined;
      } else if (reason === 'not_in_channel' && !joined) {
        // The app joins channels of its live chats by itself, but may not have joined this one yet.
        joined = true;
        if (await isArchived(directory, channel)) throw refusal('is_archived');
        await client.conversations.join({ channel });
      } else {
        const isOut = reason === 'not_in_channel' && (await isArchived(directory, channel));
        throw (reason !== undefined && refusal(isOut ? 'is_archived' : reason)) || error;
      }
    }
  }
}

/** Archiving removes the app from a channel, so that `not_in_channel` would be misleading. */
async function isArchived(directory: SlackContext['directory'], channelId: string): Promise<boolean> {
  directory.forgetChannel(channelId);
  return (await directory.channel(channelId))?.isArchived === true;
}

/** Undefined: retrying may help. */
function refusal(slackError: string): PermanentJobError | undefined {
  const text = refusals.get(slackError);
  return text === undefined ? undefined : new PermanentJobError(text);
}
