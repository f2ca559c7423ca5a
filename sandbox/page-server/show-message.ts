import type { Block } from '../block-kit/types.ts';
import type { Core } from '../core.ts';
import { asTyped } from '../driver/mentions.ts';
import { blocksOfMessage, valuesOfMessage } from '../driver/message.ts';
import type { ChannelRecord, FileRecord, MessageRecord } from '../state.ts';
import { isMember } from '../wire/channels.ts';
import { nameInUrl } from '../wire/files.ts';
import { repliesOf } from '../wire/messages.ts';
import type { MessagePage, ShownFile, ShownMessage } from './protocol.ts';

/** Number of messages in a page. */
export const pageSize = 50;

const noticeSubtypes = new Set([
  'channel_join',
  'channel_leave',
  'channel_topic',
  'channel_name',
  'channel_archive',
  'channel_unarchive',
]);

/** Whether Slack itself wrote this line. */
export function isNotice(message: MessageRecord): boolean {
  return noticeSubtypes.has(message.subtype ?? '');
}

/** Whether the message is shown in the conversation, not only in a thread. */
export function isInChannel(message: MessageRecord): boolean {
  return !message.threadTs || message.threadTs === message.ts || message.subtype === 'thread_broadcast';
}

/** Whether the person can read the message, given that they can read the conversation. */
export function isShownTo(message: MessageRecord, userId: string): boolean {
  return !message.deleted && (!message.ephemeralTo || message.ephemeralTo === userId);
}

/** The path of a file's content. */
export function pathOfFile(file: Pick<FileRecord, 'id' | 'name'>): string {
  return `/sandbox/files/${file.id}/${nameInUrl(file)}`;
}

function showFiles(core: Core, message: MessageRecord): ShownFile[] {
  return (message.files ?? []).flatMap((id) => {
    const file = core.state.files[id];
    if (!file) return [];
    const { name, mimetype, size } = file;
    return [{ id, name, mimetype, size, url: pathOfFile(file) }];
  });
}

/** A message as a person sees it. */
export function showMessage(core: Core, userId: string, channel: ChannelRecord, message: MessageRecord): ShownMessage {
  const { app, users } = core.state;
  const author = users[message.user ?? ''];
  const isByApp = message.botId === app.botId;
  const isEphemeral = message.ephemeralTo !== undefined;
  const isPlain = !isNotice(message) && message.subtype !== 'tombstone' && !isEphemeral;
  const within = isMember(channel, userId) && !channel.isArchived;
  const isOwn = message.user === userId && isPlain;
  const replies = message.threadTs === message.ts ? repliesOf(channel, message.ts) : [];
  const blocks: Block[] = blocksOfMessage(message);
  const viewer = users[userId];
  return {
    ts: message.ts,
    userId: message.user ?? '',
    authorName: message.username ?? (isByApp ? app.name : (author?.realName ?? 'Slack')),
    isByApp,
    text: message.text,
    mrkdwn: message.mrkdwn,
    subtype: message.subtype,
    isNotice: isNotice(message),
    ...(blocks.length > 0 ? { blocks } : {}),
    attachments: message.attachments,
    files: showFiles(core, message),
    isEdited: message.edited !== undefined && !isByApp,
    isEphemeral,
    threadTs: message.threadTs,
    isInChannel: isInChannel(message),
    replyCount: replies.length,
    replyUsers: [...new Set(replies.flatMap((reply) => reply.user ?? []))],
    latestReply: replies.at(-1)?.ts,
    reactions: message.reactions ?? [],
    values: valuesOfMessage(message),
    ...(isOwn && within ? { source: asTyped(core, message.text) } : {}),
    may: {
      edit: isOwn && within,
      delete: (isOwn || (viewer?.isAdmin === true && isPlain)) && within,
      react: isPlain && within,
      reply: isPlain && within && channel.kind === 'channel',
      shortcuts: isPlain && viewer?.teamId === core.state.team.id,
      dismiss: isEphemeral,
    },
  };
}

/** The newest page of a conversation or thread, or the one before the message `before`. */
export function showPage(
  core: Core,
  userId: string,
  channel: ChannelRecord,
  { threadTs, before }: { threadTs?: string | undefined; before?: string | undefined },
): MessagePage {
  const belongs = (message: MessageRecord) =>
    threadTs ? message.threadTs === threadTs || message.ts === threadTs : isInChannel(message);
  const found: MessageRecord[] = [];
  for (let index = channel.messages.length - 1; index >= 0 && found.length <= pageSize; index -= 1) {
    const message = channel.messages[index];
    if (!message || (before !== undefined && message.ts >= before)) continue;
    if (belongs(message) && isShownTo(message, userId)) found.push(message);
  }
  return {
    messages: found
      .slice(0, pageSize)
      .reverse()
      .map((message) => showMessage(core, userId, channel, message)),
    hasOlder: found.length > pageSize,
  };
}
