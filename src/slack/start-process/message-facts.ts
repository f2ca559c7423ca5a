import { reasonOf, UnavailableError } from '../../errors.ts';
import { seeFiles } from '../../sessions/message-files.ts';
import type { MessageFacts } from '../../sessions/session-facts.ts';
import { message } from '../../words/message.ts';
import { platformError } from '../platform-error.ts';
import { readContent } from '../read-message.ts';
import type { SlackContext } from '../slack-context.ts';
import { isForeign } from '../whose-message.ts';
import type { MessageContent, StartPlace } from './start-place.ts';

/**
 * The facts of the message that the shortcut was used on; undefined if it was not used on one. Reads the content from Slack if
 * the modal does not carry it.
 */
export async function messageFacts(
  context: SlackContext,
  { channelId, message }: StartPlace,
): Promise<MessageFacts | null> {
  if (!message) return null;
  const { ts, threadTs, userId, team } = message;
  const content = message.content ?? (await fetchContent(context, channelId, message));
  return {
    ts,
    ...(threadTs === undefined ? {} : { threadTs }),
    userId: userId ?? '',
    ...(isForeign(context.identity, team) ? { isOutside: true } : {}),
    text: content.text,
    files: await seeFiles(context.directory, content.files),
  };
}

async function fetchContent(
  { client }: Pick<SlackContext, 'client'>,
  channelId: string,
  { ts, threadTs }: NonNullable<StartPlace['message']>,
): Promise<MessageContent> {
  const only = { channel: channelId, latest: ts, oldest: ts, inclusive: true, limit: 1 };
  try {
    // A reply is only found in its thread; conversations.replies also returns the thread's first message.
    const { messages = [] } =
      threadTs === undefined || threadTs === ts
        ? await client.conversations.history(only)
        : await client.conversations.replies({ ...only, ts: threadTs, limit: 2 });
    const message = messages.find((one) => one.ts === ts);
    return readContent(message ?? {});
  } catch (cause) {
    throw new UnavailableError(message('slack.away', { error: platformError(cause) ?? reasonOf(cause) }), { cause });
  }
}
