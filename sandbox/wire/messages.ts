import type { Core } from '../core.ts';
import { type JsonObject, withoutUndefined } from '../json.ts';
import type { ChannelRecord, MessageRecord } from '../state.ts';
import { channelType } from './channels.ts';
import { fileInMessage } from './files.ts';

/** The replies of a thread, oldest first. */
export function repliesOf(channel: ChannelRecord, threadTs: string): MessageRecord[] {
  return channel.messages.filter(
    (message) => message.threadTs === threadTs && message.ts !== threadTs && !message.deleted && !message.ephemeralTo,
  );
}

/** `bot_profile` of the app's own messages. */
export function botProfile(core: Core): JsonObject {
  const { app, team } = core.state;
  const icon = 'https://a.slack-edge.example/bot.png';
  return {
    id: app.botId,
    app_id: app.id,
    user_id: app.botUserId,
    name: app.name,
    icons: { image_36: icon, image_48: icon, image_72: icon },
    deleted: false,
    updated: 1_700_000_000,
    team_id: team.id,
  };
}

/** A message as in `conversations.history`. */
export function messageObject(core: Core, channel: ChannelRecord, message: MessageRecord): JsonObject {
  const shared = channel.connectedTeamIds.length > 0;
  const replies = message.threadTs === message.ts ? repliesOf(channel, message.ts) : [];
  const files = message.files
    ?.map((id) => core.state.files[id])
    .filter((file) => file !== undefined)
    .map((file) => fileInMessage(core, file, { isShared: shared }));
  return withoutUndefined({
    user: message.user,
    type: 'message',
    subtype: message.subtype,
    ts: message.ts,
    client_msg_id: message.clientMsgId,
    bot_id: message.botId,
    app_id: message.appId,
    text: message.text,
    username: message.username,
    team: message.team,
    bot_profile: message.botId === core.state.app.botId ? botProfile(core) : undefined,
    ...(files && files.length > 0 ? { files, upload: false, display_as_bot: false } : {}),
    ...(shared && message.team ? { user_team: message.team, source_team: message.team } : {}),
    thread_ts: message.threadTs,
    ...(message.threadTs && message.threadTs !== message.ts
      ? { parent_user_id: channel.messages.find((root) => root.ts === message.threadTs)?.user }
      : {}),
    ...(replies.length > 0
      ? {
          reply_count: replies.length,
          reply_users_count: new Set(replies.map((reply) => reply.user)).size,
          reply_users: [...new Set(replies.map((reply) => reply.user))],
          latest_reply: replies.at(-1)?.ts,
          is_locked: false,
          subscribed: false,
        }
      : {}),
    edited: message.edited,
    blocks: message.blocks,
    attachments: message.attachments,
    metadata: message.metadata,
    reactions: message.reactions?.map((reaction) => ({ ...reaction, count: reaction.users.length })),
    ...message.details,
  });
}

/** A new message as in its event. */
export function messageEvent(core: Core, channel: ChannelRecord, message: MessageRecord): JsonObject {
  const root =
    message.subtype === 'thread_broadcast'
      ? channel.messages.find((candidate) => candidate.ts === message.threadTs)
      : undefined;
  const shown = messageObject(core, channel, message);
  // Events of these subtypes omit the author's team and `client_msg_id`.
  const leaner = ['file_share', 'thread_broadcast', 'channel_topic', 'me_message'].includes(message.subtype ?? '');
  return withoutUndefined({
    ...shown,
    ...(leaner ? { team: undefined } : {}),
    ...(message.subtype === 'file_share' ? { client_msg_id: undefined } : {}),
    root: root && messageObject(core, channel, root),
    channel: channel.id,
    event_ts: message.ts,
    channel_type: channelType(channel),
  });
}

/** A message forwarded into another conversation, as the attachment that Slack makes of it. */
export function forwardedMessage(core: Core, channel: ChannelRecord, message: MessageRecord): JsonObject {
  const { text, blocks, files } = messageObject(core, channel, message);
  const author = core.state.users[message.user ?? ''];
  const name = author?.realName ?? message.username ?? core.state.app.name;
  return withoutUndefined({
    id: 1,
    is_msg_unfurl: true,
    is_share: true,
    ts: message.ts,
    channel_id: channel.id,
    channel_team: core.state.team.id,
    author_id: message.user,
    author_name: name,
    from_url: permalink(core, channel, message),
    fallback: `${name}: ${message.text}`,
    text,
    mrkdwn_in: ['text'],
    footer: channel.isPrivate ? 'Posted in a private channel' : `Posted in #${channel.name}`,
    message_blocks: blocks && [{ team: core.state.team.id, channel: channel.id, ts: message.ts, message: { blocks } }],
    files,
  });
}

/** A link to a message in the workspace. */
export function permalink(core: Core, channel: ChannelRecord, message: MessageRecord): string {
  const base = `https://${core.state.team.domain}.slack.com/archives/${channel.id}/p${message.ts.replace('.', '')}`;
  const inThread = message.threadTs && message.threadTs !== message.ts;
  return inThread ? `${base}?thread_ts=${message.threadTs}&cid=${channel.id}` : base;
}
