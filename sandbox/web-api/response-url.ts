import { type Core, recordViolation } from '../core.ts';
import { isObject, type JsonObject } from '../json.ts';
import { SlackError } from '../slack-error.ts';
import { type ChannelRecord, forgetOld, newId, type ResponseUrlRecord } from '../state.ts';
import { addMessage, changeMessage, deleteMessage } from '../workspace/messages.ts';
import { appAuthor } from './chat.ts';
import { checkedContent } from './message-content.ts';

const maxUses = 5;
const lifetimeMs = 30 * 60_000;

/** Creates a URL for answers of the app to a person's action: five answers within half an hour. */
export function newResponseUrl(
  core: Core,
  fields: Pick<ResponseUrlRecord, 'userId' | 'channel'> & { messageTs?: string | undefined; ephemeral?: boolean },
): string {
  forgetOld(core.state.responseUrls, core.now());
  const id = newId(core.state, 'R');
  core.state.responseUrls[id] = { ephemeral: false, ...fields, id, at: core.now(), uses: 0 };
  return `${core.url}/respond/${core.state.team.id}/${id}`;
}

/** Adds, replaces or deletes a message, as a `response_url` body or a command's acknowledgement demands. */
export function respond(
  core: Core,
  body: JsonObject,
  to: { channel: ChannelRecord; userId: string; messageTs?: string | undefined },
): void {
  const { channel, userId, messageTs } = to;
  const original = channel.messages.find((message) => message.ts === messageTs && !message.deleted);
  if (body.delete_original === true) {
    if (original) deleteMessage(core, channel, original);
    return;
  }
  const content = checkedContent(core, body);
  if (body.replace_original === true && original) {
    changeMessage(core, channel, original, content);
    return;
  }
  const threadTs = typeof body.thread_ts === 'string' ? body.thread_ts : undefined;
  const ephemeralTo = body.response_type === 'in_channel' ? undefined : userId;
  addMessage(core, channel, { ...appAuthor(core), ...content, threadTs, ephemeralTo });
}

/** Handles a request to a `response_url`; returns its HTTP status and text. */
export function handleResponseUrl(core: Core, id: string, text: string): { status: number; text: string } {
  try {
    const record = core.state.responseUrls[id];
    const channel = record && core.state.channels[record.channel];
    if (!record || !channel) throw new SlackError('no_such_url');
    if (core.now() - record.at > lifetimeMs) throw new SlackError('expired_url');
    if (record.uses >= maxUses) throw new SlackError('used_url');
    record.uses += 1;
    const body: unknown = JSON.parse(text);
    if (!isObject(body)) throw new SlackError('invalid_payload');
    respond(core, body, { channel, userId: record.userId, messageTs: record.messageTs });
    return { status: 200, text: 'ok' };
  } catch (error) {
    const code = error instanceof SlackError ? error.code : 'invalid_payload';
    recordViolation(core, { kind: 'web_api', subject: 'response_url', error: code, messages: [] });
    return {
      status: code === 'no_such_url' || code.endsWith('ed_url') ? 404 : 400,
      text: `{"ok":false,"error":"${code}"}`,
    };
  }
}
