import type { WebClient } from '@slack/web-api';

/** Slack: conversations.history gives at most 999 messages at once, and fewer to some apps. */
const pageSize = 200;
/** A conversation in which more was written than this since then is not searched further. */
const mostPages = 25;

export interface PostedMessage {
  channel: string;
  /** Of the message's metadata. */
  eventType: string;
  key: string;
  /** The message was not posted before this. */
  since: Date;
  /** The thread it was posted to. */
  threadTs?: string | undefined;
}

/** The ts of the app's message that carries this key in its metadata; undefined: it was not posted. */
export async function findPosted(
  client: WebClient,
  { channel, eventType, key, since, threadTs }: PostedMessage,
): Promise<string | undefined> {
  let cursor: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const search = {
      channel,
      // Slack's clock and ours may differ a little.
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

/** The types of the Web API do not know of the metadata in every answer. */
function isIt(message: object, eventType: string, key: string): boolean {
  const { metadata } = message as { metadata?: { event_type?: string; event_payload?: { key?: unknown } } };
  return metadata?.event_type === eventType && metadata.event_payload?.key === key;
}
