import type { FileValue } from '../processes/value-types.ts';
import type { MessageFacts } from '../sessions/session-facts.ts';

export interface FileObject {
  id?: string;
  /** `check_file_info`: Slack shows the rest only to who asks files.info. */
  file_access?: string;
  name?: string | null;
  title?: string | null;
  mimetype?: string;
  size?: number;
  permalink?: string;
  url_private?: string;
}

/** What we read of a message event (Slack: message.channels, message.groups). */
export interface MessageEvent {
  channel: string;
  channel_type?: string;
  subtype?: string;
  user?: string;
  username?: string;
  bot_id?: string;
  bot_profile?: { name?: string };
  text?: string;
  ts: string;
  thread_ts?: string;
  files?: FileObject[];
  /** Of message_changed. */
  message?: { ts?: string; text?: string };
  /** Of message_deleted. */
  deleted_ts?: string;
}

/** Messages that people write: plain and /me ones, thread replies (also sent to the channel), file shares. */
const humanSubtypes = new Set<string | undefined>([undefined, 'file_share', 'thread_broadcast', 'me_message']);

export type MessageReading =
  | { kind: 'human'; userId: string }
  | { kind: 'app'; authorName: string | undefined }
  | { kind: 'edit'; ts: string; text: string }
  | { kind: 'deletion'; ts: string }
  | { kind: 'nothing' };

/** What a message event is, from its shape alone: joins, topic changes and the like are nothing to us. */
export function readMessage(event: MessageEvent): MessageReading {
  if (event.subtype === 'message_changed') {
    const { ts, text } = event.message ?? {};
    return ts === undefined ? { kind: 'nothing' } : { kind: 'edit', ts, text: text ?? '' };
  }
  if (event.subtype === 'message_deleted') {
    return event.deleted_ts === undefined ? { kind: 'nothing' } : { kind: 'deletion', ts: event.deleted_ts };
  }
  if (event.bot_id || event.subtype === 'bot_message') {
    return { kind: 'app', authorName: event.username || event.bot_profile?.name };
  }
  if (!humanSubtypes.has(event.subtype) || !event.user || event.user === 'USLACKBOT') return { kind: 'nothing' };
  return { kind: 'human', userId: event.user };
}

/** The files of a message as they go into a process. The link opens in Slack, for members of the workspace. */
export function readFiles(files: FileObject[] | undefined): MessageFacts['files'] {
  return (files ?? []).map((file) =>
    file.file_access === 'check_file_info' && file.id ? { fileId: file.id } : readFile(file),
  );
}

export function readFile(file: FileObject): FileValue {
  return {
    name: file.name || file.title || 'file',
    type: file.mimetype ?? '',
    size: file.size ?? 0,
    link: file.permalink ?? file.url_private ?? '',
  };
}
