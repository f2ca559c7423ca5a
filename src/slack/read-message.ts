import { z } from 'zod';
import type { FileValue } from '../processes/value-types.ts';
import type { MessageFacts, MissingFile } from '../sessions/session-facts.ts';
import { message } from '../words/message.ts';
import { saidAttachments } from './message-text/attachment-text.ts';
import { messageText } from './message-text/message-text.ts';
import { slackId, slackTs } from './slack-ids.ts';

/** Message content: a part of unknown form is left out, and the message counts without it. */
const content = z.string().optional().catch(undefined);

const fileSchema = z.object({
  id: slackId.optional().catch(undefined),
  /** `tombstone`: deleted; `hidden_by_limit`: beyond the number of files that a free plan shows. */
  mode: content,
  /** `check_file_info`: Slack shows the details only in files.info. */
  file_access: content,
  name: content,
  title: content,
  mimetype: content,
  size: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional().catch(undefined),
  permalink: content,
  url_private: content,
});

type FileObject = z.infer<typeof fileSchema>;

const filesSchema = z.array(fileSchema).optional().catch(undefined);

/** The content of a message. Blocks and attachments are read part by part, see message-text/. */
const parts = {
  text: content,
  blocks: z.array(z.unknown()).optional().catch(undefined),
  attachments: z.array(z.looseObject({})).optional().catch(undefined),
  files: filesSchema,
};

/**
 * The fields of a message event that are read (Slack: message.channels, message.groups). Author, channel and ts are required:
 * without them there is no message to record.
 */
export const messageEventSchema = z.object({
  channel: slackId,
  channel_type: z.string().optional(),
  subtype: z.string().optional(),
  user: slackId.optional(),
  /** In a shared channel: the author's team, and the team that the message comes from. */
  user_team: slackId.optional().catch(undefined),
  source_team: slackId.optional().catch(undefined),
  username: content,
  bot_id: slackId.optional(),
  bot_profile: z.object({ name: content }).optional().catch(undefined),
  ts: slackTs,
  thread_ts: slackTs.optional(),
  ...parts,
  /** Only in message_changed. */
  message: z.object({ ts: slackTs.optional(), user: slackId.optional().catch(undefined), ...parts }).optional(),
  /** Only in message_deleted. */
  deleted_ts: slackTs.optional(),
});

export type MessageEvent = z.infer<typeof messageEventSchema>;

/** Messages written by people: plain and /me ones, thread replies (also sent to the channel), file shares. */
const humanSubtypes = new Set<string | undefined>([undefined, 'file_share', 'thread_broadcast', 'me_message']);

export type MessageReading =
  /** `team`: the author's, if the message names it. */
  | { kind: 'human'; userId: string; team: string | undefined }
  /** Posted with a token, of a person or an app. */
  | { kind: 'posted'; userId: string; team: string | undefined; authorName: string | undefined }
  | { kind: 'app'; authorName: string | undefined }
  /** `userId`: the message's author. */
  | { kind: 'edit'; ts: string; text: string; userId: string | undefined }
  | { kind: 'deletion'; ts: string }
  | { kind: 'nothing' };

/** Classifies a message event by its shape; joins, topic changes and the like are ignored. */
export function readMessage(event: MessageEvent): MessageReading {
  if (event.subtype === 'message_changed') {
    const { ts, user: userId, ...changed } = event.message ?? {};
    return ts === undefined ? { kind: 'nothing' } : { kind: 'edit', ts, text: messageText(changed), userId };
  }
  if (event.subtype === 'message_deleted') {
    return event.deleted_ts === undefined ? { kind: 'nothing' } : { kind: 'deletion', ts: event.deleted_ts };
  }
  const { subtype, user: userId, bot_id, username, bot_profile } = event;
  const isHuman = humanSubtypes.has(subtype) && userId !== undefined && userId !== 'USLACKBOT';
  const team = event.user_team ?? event.source_team;
  if (bot_id || subtype === 'bot_message') {
    const authorName = username || bot_profile?.name;
    return isHuman ? { kind: 'posted', userId, team, authorName } : { kind: 'app', authorName };
  }
  return isHuman ? { kind: 'human', userId, team } : { kind: 'nothing' };
}

type MessageContent = Pick<MessageFacts, 'text' | 'files'>;

/** The content of a message, including what was forwarded in it. `parts`: a message in any of Slack's forms. */
export function readContent(parts: {
  text?: unknown;
  blocks?: unknown;
  attachments?: unknown;
  files?: unknown;
}): MessageContent {
  const { text, blocks, attachments } = parts;
  const forwarded = saidAttachments(attachments).flatMap(({ files }) => filesSchema.parse(files) ?? []);
  return {
    text: messageText({ text: typeof text === 'string' ? text : '', blocks, attachments }),
    files: readFiles([...(filesSchema.parse(parts.files) ?? []), ...forwarded]),
  };
}

/** The files of a message, as far as the message shows them. */
function readFiles(files: FileObject[]): MessageFacts['files'] {
  return files.map((file) => {
    if (file.file_access !== 'check_file_info' && linkOf(file)) return readFile(file);
    return file.id ? { fileId: file.id } : { missing: message('file.refused') };
  });
}

/** A file as files.info shows it; `unfinished`: somebody is still uploading it. */
export function readFileInfo(info: unknown): FileValue | MissingFile | 'unfinished' {
  const file = fileSchema.parse(info);
  if (file.mode === 'tombstone') return { missing: message('file.deleted') };
  if (file.mode === 'hidden_by_limit') return { missing: message('file.hidden') };
  if (linkOf(file)) return readFile(file);
  return file.file_access && file.file_access !== 'visible' ? { missing: message('file.refused') } : 'unfinished';
}

/** The link opens in Slack, for members of the workspace. */
function readFile(file: FileObject): FileValue {
  const { name, title, mimetype, size } = file;
  return { name: name || title || 'file', type: mimetype ?? '', size: size ?? 0, link: linkOf(file) };
}

function linkOf({ permalink, url_private }: FileObject): string {
  return permalink || url_private || '';
}
