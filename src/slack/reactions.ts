import { z } from 'zod';
import { listActiveBindings } from '../bindings/queries.ts';
import { reasonOf, UnavailableError } from '../errors.ts';
import { recordEvent } from '../intake/record-event.ts';
import type { Author } from '../intake/session-event.ts';
import type { LiveChat } from '../live-chats/live-chat.ts';
import { seeFiles } from '../sessions/message-files.ts';
import { instantOf } from '../sessions/properties.ts';
import type { MessageFacts } from '../sessions/session-facts.ts';
import { message } from '../words/message.ts';
import { findConversation, sideOf, takeInIfOld } from './conversation-events.ts';
import { intakeDependencies } from './intake-dependencies.ts';
import { plainEmojiName } from './message-text/emoji.ts';
import { platformError } from './platform-error.ts';
import { type MessageEvent, readContent } from './read-message.ts';
import { refusalOf } from './refusal.ts';
import type { SlackContext } from './slack-context.ts';
import { slackId, slackTs } from './slack-ids.ts';
import { whoseMessage } from './whose-message.ts';

/** The fields of a reaction that are read (Slack: reaction_added). Reactions to files are ignored. */
export const reactionEventSchema = z.object({
  type: z.literal('reaction_added'),
  event_ts: slackTs,
  user: slackId,
  /** `eyes`, `+1::skin-tone-4` */
  reaction: z.string().min(1).max(200),
  item: z.discriminatedUnion('type', [
    z.object({ type: z.literal('message'), channel: slackId, ts: slackTs }),
    z.object({ type: z.enum(['file', 'file_comment']) }),
  ]),
});

export type ReactionEvent = z.infer<typeof reactionEventSchema>;

/** Records that somebody added an emoji to a message, if its conversation belongs to a live chat. Throws UnavailableError. */
export async function handleReaction(context: SlackContext, teamId: string, event: ReactionEvent): Promise<void> {
  const { item, user: userId } = event;
  if (item.type !== 'message' || userId === context.identity.botUserId) return;
  if (context.liveChats.recall(teamId, item.channel) === null) return;
  const conversation = await findConversation(context, teamId, item.channel);
  const liveChat = conversation && context.liveChats.find(teamId, conversation);
  if (!liveChat || (await context.directory.person(userId))?.isBot) return;
  await takeInIfOld(context, liveChat, conversation);
  const emoji = plainEmojiName(event.reaction);
  await recordEvent(intakeDependencies(context), liveChat, conversation, {
    kind: 'reaction',
    at: instantOf(event.event_ts),
    slackTs: event.event_ts,
    userId,
    author: await sideOf(context, liveChat, { userId }),
    emoji,
    messageTs: item.ts,
    ...((await isWaitedFor(context, liveChat, emoji))
      ? await readMessageAt(context, liveChat, item)
      : { message: null, messageAuthor: null }),
  });
}

/** Whether a binding may start a process on this emoji, so that the message's content is needed. */
async function isWaitedFor({ db }: SlackContext, { id }: LiveChat, emoji: string): Promise<boolean> {
  const bindings = await listActiveBindings(db, id, ['reaction_added']);
  return bindings.some(({ reaction }) => reaction?.emoji.includes(emoji));
}

interface ReactedMessage {
  message: MessageFacts | null;
  messageAuthor: Author | null;
}

/** Reads a message from Slack, by any author and of any age. */
async function readMessageAt(
  context: SlackContext,
  liveChat: LiveChat,
  { channel, ts }: { channel: string; ts: string },
): Promise<ReactedMessage> {
  const found = await fetchMessage(context, channel, ts);
  if (!found) return { message: null, messageAuthor: null };
  const reading = await whoseMessage(context, found);
  const userId = reading.kind === 'human' ? reading.userId : '';
  const { text, files } = readContent(found);
  const threadTs = found.thread_ts ? { threadTs: found.thread_ts } : {};
  return {
    message: { ts, ...threadTs, userId, text, files: await seeFiles(context.directory, files) },
    messageAuthor: reading.kind === 'human' ? await sideOf(context, liveChat, reading) : 'app',
  };
}

/** Undefined: it was deleted, or the app is no longer there. */
async function fetchMessage(
  { backgroundClient }: Pick<SlackContext, 'backgroundClient'>,
  channel: string,
  ts: string,
): Promise<MessageEvent | undefined> {
  try {
    // conversations.replies finds replies in threads as well as other messages.
    const only = { latest: ts, oldest: ts, inclusive: true, limit: 2 };
    const { messages = [] } = await backgroundClient.conversations.replies({ channel, ts, ...only });
    const found = messages.find((one) => one.ts === ts);
    return found && ({ ...found, channel } as MessageEvent);
  } catch (cause) {
    if (cause instanceof UnavailableError) throw cause;
    if (refusalOf(cause) !== undefined) return undefined;
    throw new UnavailableError(message('slack.away', { error: platformError(cause) ?? reasonOf(cause) }), { cause });
  }
}
