import { randomUUID } from 'node:crypto';
import { type Core, nowSeconds } from '../core.ts';
import type { JsonObject } from '../json.ts';
import { type ChannelRecord, type FileStub, type MessageRecord, newId, newTs } from '../state.ts';
import { appIsIn, channelType } from '../wire/channels.ts';
import { messageEvent, messageObject, repliesOf } from '../wire/messages.ts';
import { publish } from './publish.ts';

/** A file as a person uploads it. */
export interface Upload {
  name: string;
  mimetype: string;
  content: string | Buffer;
  /** How Slack hides the file from the app; absent: not at all. */
  stub?: FileStub;
}

/** Marks a message as changed, so that pages show it again. */
export function touchMessage(core: Core, message: MessageRecord): void {
  core.state.revision += 1;
  message.revision = core.state.revision;
}

/** Adds a message to a channel and sends its event to the app, unless it is ephemeral. */
export function addMessage(
  core: Core,
  channel: ChannelRecord,
  fields: Omit<MessageRecord, 'ts' | 'channel' | 'revision'>,
): MessageRecord {
  const message: MessageRecord = { ...fields, ts: newTs(core.state, core.now()), channel: channel.id, revision: 0 };
  touchMessage(core, message);
  channel.messages.push(message);
  const root = message.threadTs && channel.messages.find((candidate) => candidate.ts === message.threadTs);
  if (root && !message.ephemeralTo) {
    root.threadTs = root.ts;
    touchMessage(core, root);
  }
  if (message.ephemeralTo) {
    core.traffic.changed();
    return message;
  }
  void publish(
    core,
    { type: 'message', ...messageEvent(core, channel, message) },
    { channel, audience: 'members', actorTeam: message.team },
  );
  return message;
}

/** Adds a line by Slack itself, such as "has joined the channel". */
export function addNotice(
  core: Core,
  channel: ChannelRecord,
  userId: string,
  subtype: string,
  text: string,
  details: JsonObject = {},
): MessageRecord {
  const team = core.state.users[userId]?.teamId;
  return addMessage(core, channel, { user: userId, team, subtype, text, details });
}

export function newClientMessageId(): string {
  return randomUUID();
}

/** Stores a file uploaded by a person. */
export function addFile(core: Core, userId: string, upload: Upload, channel?: ChannelRecord): string {
  const content = Buffer.from(upload.content);
  const id = newId(core.state, 'F');
  core.state.files[id] = {
    id,
    name: upload.name,
    mimetype: upload.mimetype,
    user: userId,
    userTeam: core.state.users[userId]?.teamId ?? core.state.team.id,
    created: nowSeconds(core),
    content: content.toString('base64'),
    size: content.length,
    channels: channel ? [channel.id] : [],
    givenToApp: channel === undefined,
    stub: upload.stub,
  };
  return id;
}

/** Changes a message and sends its event, with the previous version, unless it is ephemeral. */
export function changeMessage(
  core: Core,
  channel: ChannelRecord,
  message: MessageRecord,
  changes: Partial<MessageRecord>,
  editor?: string,
): void {
  const previous = messageObject(core, channel, message);
  Object.assign(message, changes);
  touchMessage(core, message);
  if (message.ephemeralTo) {
    core.traffic.changed();
    return;
  }
  const ts = newTs(core.state, core.now());
  if (editor) message.edited = { user: editor, ts };
  void publish(
    core,
    {
      type: 'message',
      subtype: 'message_changed',
      message: messageObject(core, channel, message),
      previous_message: previous,
      channel: channel.id,
      hidden: true,
      ts,
      event_ts: ts,
      channel_type: channelType(channel),
    },
    { channel, audience: 'members', actorTeam: message.team },
  );
}

/** Deletes a message. If it has replies, a tombstone stays, as in Slack. */
export function deleteMessage(core: Core, channel: ChannelRecord, message: MessageRecord): void {
  if (repliesOf(channel, message.ts).length > 0) {
    const tombstone = { subtype: 'tombstone', text: 'This message was deleted.', user: 'USLACKBOT', blocks: undefined };
    changeMessage(core, channel, message, { ...tombstone, files: undefined });
    return;
  }
  const previous = messageObject(core, channel, message);
  message.deleted = true;
  touchMessage(core, message);
  const root = channel.messages.find((candidate) => candidate.ts === message.threadTs);
  if (root) touchMessage(core, root);
  const ts = newTs(core.state, core.now());
  if (message.ephemeralTo || (!appIsIn(core, channel) && !channel.imUser)) {
    core.traffic.changed();
    return;
  }
  void publish(
    core,
    {
      type: 'message',
      subtype: 'message_deleted',
      previous_message: previous,
      channel: channel.id,
      hidden: true,
      deleted_ts: message.ts,
      ts,
      event_ts: ts,
      channel_type: channelType(channel),
    },
    { channel, audience: 'members', actorTeam: message.team },
  );
}

/** Adds or removes somebody's reaction. Returns false if nothing changed. */
export function setReaction(
  core: Core,
  channel: ChannelRecord,
  message: MessageRecord,
  { name, userId, on }: { name: string; userId: string; on: boolean },
): boolean {
  const reactions = message.reactions ?? [];
  const users = reactions.find((reaction) => reaction.name === name)?.users ?? [];
  if (users.includes(userId) === on) return false;
  const changed = on ? [...users, userId] : users.filter((user) => user !== userId);
  const isNew = users.length === 0;
  message.reactions = (isNew ? [...reactions, { name, users: [] }] : reactions)
    .map((reaction) => (reaction.name === name ? { name, users: changed } : reaction))
    .filter((reaction) => reaction.users.length > 0);
  touchMessage(core, message);
  const type = on ? 'reaction_added' : 'reaction_removed';
  const item = { type: 'message', channel: channel.id, ts: message.ts };
  void publish(
    core,
    { type, user: userId, reaction: name, item, ...(message.user ? { item_user: message.user } : {}) },
    { channel, audience: 'members', actorTeam: core.state.users[userId]?.teamId },
  );
  return true;
}

/** Finds the message with that timestamp, unless deleted. */
export function findMessage(channel: ChannelRecord, ts: string): MessageRecord | undefined {
  return channel.messages.find((message) => message.ts === ts && !message.deleted);
}
