import type { WebClient } from '@slack/web-api';

/** Slack: conversations.history returns at most 999 messages at once, and fewer to some apps. */
const pageSize = 200;
/** Maximum number of pages searched. */
const mostPages = 25;

export interface PostedMessage {
  channel: string;
  /** Event type of the message's metadata. */
  eventType: string;
  key: string;
  /** The message was not posted before this. */
  since: Date;
  /** The thread it was posted to. */
  threadTs?: string | undefined;
}

/** The ts of the app's message with this key in its metadata; undefined if it was not posted. */
export async function findPosted(
  client: WebClient,
  { channel, eventType, key, since, threadTs }: PostedMessage,
): Promise<string | undefined> {
  let cursor: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const search = {
      channel,
      // Allows for a difference between Slack's clock and the local one.
      oldest: String(since.getTime() / 1000 - 60),
      include_all_metadata: true,
      limit: pageSize,
      ...(cursor ? { cursor } : {}),
    };
    const answer = threadTs
      ? await client.conversations.replies({ ...search, ts: threadTs })
      : await client.conversations.history(search);
    const found = (answer.messages ?? []).find((message) => isIt(message, eventType, key));
    if (found) return found.ts;
    cursor = answer.response_metadata?.next_cursor;
    if (!cursor) return undefined;
  }
  throw new Error(`too much was written in ${channel} to tell whether a message is there already`);
}

/** Checks the message's metadata, which the Web API's types lack in some answers. */
function isIt(message: object, eventType: string, key: string): boolean {
  const { metadata } = message as { metadata?: { event_type?: string; event_payload?: { key?: unknown } } };
  return metadata?.event_type === eventType && metadata.event_payload?.key === key;
}
