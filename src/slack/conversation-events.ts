import { mayComeFirst } from '../intake/change-message.ts';
import { recordEvent } from '../intake/record-event.ts';
import type { Author, SessionConversation, SessionEvent } from '../intake/session-event.ts';
import type { LiveChat } from '../live-chats/live-chat.ts';
import { roleOf } from '../live-chats/staff.ts';
import { rereadSessions } from '../sessions/join-queue.ts';
import { seeFiles } from '../sessions/message-files.ts';
import type { Person } from '../sessions/people.ts';
import { instantOf } from '../sessions/properties.ts';
import {
  deleteMessage,
  editMessage,
  getSessionByChannel,
  sessionIdOf,
  setClientIfUnknown,
  updateConversation,
} from '../sessions/queries.ts';
import type { ConversationEvent } from './conversation-event-schema.ts';
import { tellDirectoryChange } from './directory-changes.ts';
import { fuzzMs } from './discovered-channel.ts';
import type { Identity } from './identity.ts';
import { intakeDependencies } from './intake-dependencies.ts';
import { noticeRemoval } from './membership/notice-removal.ts';
import type { MessageEvent, MessageReading } from './read-message.ts';
import { readContent } from './read-message.ts';
import type { Channel } from './read-profile.ts';
import { adoptNewId, recogniseChannel } from './recognise-channel.ts';
import type { SlackContext } from './slack-context.ts';
import { isForeign, whoseMessage } from './whose-message.ts';

/** Records an event of a conversation that belongs to a live chat. Throws UnavailableError. */
export async function handleConversationEvent(
  context: SlackContext,
  teamId: string,
  event: ConversationEvent,
): Promise<void> {
  const { directory, liveChats, identity } = context;
  switch (event.type) {
    case 'message':
      return handleMessage(context, teamId, event);
    case 'channel_created':
      return handleCreation(context, teamId, event.channel);
    case 'member_joined_channel':
      if (event.user === identity.botUserId) {
        directory.forgetChannel(event.channel);
        const at = instantOf(event.event_ts);
        return recordKnown(context, teamId, event.channel, { kind: 'created', at, joinedAt: at });
      }
      if (liveChats.list(teamId).some(({ activityChannel }) => activityChannel === event.channel)) {
        tellDirectoryChange(context.database, { channel: event.channel });
      }
      return noticeNewcomer(context, teamId, event.channel, { userId: event.user, team: event.team });
    case 'channel_left':
    case 'group_left':
      return handleRemoval(context, teamId, event.channel, {
        at: instantOf(event.event_ts),
        by: event.actor_id ?? null,
      });
    case 'channel_rename':
    case 'group_rename':
      return conversationChanged(context, teamId, event.channel.id, event.event_ts, renamed(event.channel));
    case 'channel_shared':
    case 'channel_unshared':
      return conversationChanged(context, teamId, event.channel, event.event_ts, {
        isShared: event.type === 'channel_shared',
      });
    case 'channel_id_changed':
      return adoptNewId(context, teamId, event.old_channel_id, event.new_channel_id);
    case 'channel_archive':
    case 'group_archive':
    case 'channel_deleted':
    case 'group_deleted':
      return recordKnown(context, teamId, event.channel, {
        kind: 'closed',
        at: instantOf(event.event_ts),
        slackTs: event.event_ts,
      });
    case 'channel_unarchive':
    case 'group_unarchive':
      // Whether the app can join by itself depends on the channel's current kind.
      await updateKnown(context, teamId, event.channel);
      return recordKnown(context, teamId, event.channel, {
        kind: 'reopened',
        at: instantOf(event.event_ts),
        slackTs: event.event_ts,
      });
  }
}

/**
 * A public channel was created. The event can be late, repeated, or carry an old name: the channel's current state in Slack
 * decides, and a name that matches nothing is not cached.
 */
async function handleCreation(
  context: SlackContext,
  teamId: string,
  { id, name, created, is_ext_shared }: Extract<ConversationEvent, { type: 'channel_created' }>['channel'],
): Promise<void> {
  const announced = { teamId, channelId: id, name, isPrivate: false, isShared: is_ext_shared === true, mustJoin: true };
  if (!context.liveChats.match(teamId, announced)) return;
  context.directory.forgetChannel(id);
  const channel = await context.directory.channel(id);
  const conversation = channel ? conversationOf(teamId, channel) : announced;
  await record(context, conversation, { kind: 'created', at: new Date(created * 1000) });
}

/** Slack reports that a channel became private or public by a message in it, and by no event. */
const conversions = new Set(['channel_convert_to_private', 'channel_convert_to_public']);

async function handleMessage(context: SlackContext, teamId: string, event: MessageEvent): Promise<void> {
  if (event.channel_type !== 'channel' && event.channel_type !== 'group') return;
  if (context.liveChats.recall(teamId, event.channel) === null) return;
  if (conversions.has(event.subtype ?? '')) return void (await updateKnown(context, teamId, event.channel));
  const reading = await whoseMessage(context, event);
  switch (reading.kind) {
    case 'nothing':
      return;
    case 'edit':
      return handleEdit(context, teamId, event, reading);
    case 'deletion':
      return handleDeletion(context, teamId, event, reading.ts);
  }
  const seen = seeOnce(context, event);
  const remembered = context.liveChats.recall(teamId, event.channel);
  if (remembered && reading.kind === 'human' && (await sideOf(context, remembered, reading)) === 'client') {
    const message = { ...messageOf(context, event, reading.userId), files: await seen() };
    const fact = { channelId: event.channel, message, at: instantOf(event.ts) };
    if (await context.recordClientMessage({ liveChat: remembered, ...fact })) return;
  }
  const conversation = await findConversation(context, teamId, event.channel);
  const liveChat = conversation && context.liveChats.find(teamId, conversation);
  if (!liveChat) return;
  await takeInIfOld(context, liveChat, conversation);
  const author = reading.kind === 'app' ? appOf(context, event) : await sideOf(context, liveChat, reading);
  const message = messageOf(context, event, reading.kind === 'app' ? null : reading.userId);
  await recordEvent(intakeDependencies(context), liveChat, conversation, {
    kind: 'message',
    at: instantOf(event.ts),
    author,
    ...(reading.kind === 'app' && reading.authorName ? { authorName: reading.authorName } : {}),
    message: author === 'client' ? { ...message, files: await seen() } : message,
  });
}

/**
 * Stores the new text at once where the message is stored, for edits are frequent: Slack also tells of links that it previews.
 */
async function handleEdit(
  context: SlackContext,
  teamId: string,
  event: MessageEvent,
  { ts, text, userId }: Extract<MessageReading, { kind: 'edit' }>,
): Promise<void> {
  const { channel, ts: editTs } = event;
  if (await editMessage(context.db, sessionIdOf(teamId, channel), ts, { text, editTs })) return;
  if (mayComeFirst(editTs, ts)) await recordKnown(context, teamId, channel, editOf(event, ts, text, userId));
}

async function handleDeletion(context: SlackContext, teamId: string, event: MessageEvent, ts: string): Promise<void> {
  await deleteMessage(context.db, sessionIdOf(teamId, event.channel), ts);
  if (mayComeFirst(event.ts, ts)) await recordKnown(context, teamId, event.channel, editOf(event, ts, null));
}

/** `ts`: the message's. */
const editOf = (event: MessageEvent, ts: string, text: string | null, userId?: string): SessionEvent => ({
  kind: 'edited',
  at: instantOf(event.ts),
  messageTs: ts,
  edit: { editTs: event.ts, text, ...(userId === undefined ? {} : { userId }) },
});

/** Whether Kickoff itself wrote the message for a process, under any name. */
const appOf = ({ identity }: SlackContext, { user, bot_id }: MessageEvent) =>
  user === identity.botUserId || bot_id === identity.botId ? 'process' : 'app';

/** Pauses between questions about an unfinished upload, in milliseconds. */
const uploadPausesMs = [500, 1000, 2000, 4000];

/** Loads file details only for client messages: only a client's files go into processes. */
function seeOnce({ directory }: SlackContext, event: MessageEvent): () => ReturnType<typeof seeFiles> {
  let seeing: ReturnType<typeof seeFiles> | undefined;
  return () => (seeing ??= seeFiles(directory, readContent(event).files, uploadPausesMs));
}

function messageOf<UserId extends string | null>({ identity }: SlackContext, event: MessageEvent, userId: UserId) {
  return {
    ts: event.ts,
    ...(event.thread_ts ? { threadTs: event.thread_ts } : {}),
    userId,
    ...(isForeign(identity, event.user_team ?? event.source_team) ? { isOutside: true } : {}),
    ...readContent(event),
  };
}

/** The role of a person in the live chat. `team`: their team according to the message, used if Slack hides their profile. */
export async function sideOf(
  { directory, identity }: Pick<SlackContext, 'directory' | 'identity'>,
  liveChat: LiveChat,
  { userId, team }: { userId: string; team?: string | undefined },
): Promise<Exclude<Author, 'process' | 'app'>> {
  if (await roleOf(liveChat, userId, directory.groupMembers)) return 'staff';
  if (liveChat.clients === 'everyone') return 'client';
  return isOutsider(identity, await directory.person(userId), team) ? 'client' : 'bystander';
}

function isOutsider(identity: Identity, person: Person | undefined, team: string | undefined): boolean {
  return person ? person.isExternal && !person.isBot : isForeign(identity, team) === true;
}

/** Makes a guest or outsider who joins a session's conversation its client, if it has none. */
async function noticeNewcomer(
  context: SlackContext,
  teamId: string,
  channelId: string,
  newcomer: { userId: string; team: string | undefined },
): Promise<void> {
  if (context.liveChats.recall(teamId, channelId) === null) return;
  const session = await getSessionByChannel(context.db, teamId, channelId);
  if (!session || session.clientUserId || !session.liveChatId) return;
  const liveChat = context.liveChats.get(teamId, session.liveChatId);
  if (!liveChat || (await sideOf(context, liveChat, newcomer)) !== 'client') return;
  const { userId, team } = newcomer;
  const person = await context.directory.person(userId);
  if (isOutsider(context.identity, person, team)) await setClientIfUnknown(context.db, session.id, userId, 'joined');
}

const renamed = ({ name }: { name?: string | undefined }) => (name === undefined ? {} : { name });

/**
 * A conversation was renamed, shared or unshared, and may belong to another live chat now. `then`: what the event made of it,
 * which can have changed since.
 */
async function conversationChanged(
  context: SlackContext,
  teamId: string,
  channelId: string,
  eventTs: string,
  then: { name?: string; isShared?: boolean },
): Promise<void> {
  const { database, db, liveChats } = context;
  const { channel, isKnown } = await updateKnown(context, teamId, channelId);
  if (!channel || channel.isArchived) return;
  const conversation = conversationOf(teamId, channel);
  const liveChat = liveChats.match(teamId, conversation);
  if (!liveChat) return;
  const at = instantOf(eventTs);
  if (!isKnown) await recordEvent(intakeDependencies(context), liveChat, conversation, { kind: 'created', at });
  // A message that came before this event may have been ignored, as that of a conversation that belongs to no live chat.
  if (liveChats.match(teamId, { ...conversation, ...then })?.id !== liveChat.id) return;
  const since = at > liveChat.savedAt ? at : liveChat.savedAt;
  await rereadSessions(db, { teamId, channelId: channel.id, since });
  database.signal('joins_due');
}

/** Updates the session of a conversation, if there is one, to the conversation's current state. */
export async function updateKnown(
  context: SlackContext,
  teamId: string,
  channelId: string,
): Promise<{ channel: Channel | undefined; isKnown: boolean }> {
  const { db, directory, liveChats } = context;
  tellDirectoryChange(context.database, { channel: channelId });
  const channel = await directory.channel(channelId);
  liveChats.forgetConversation(teamId, channelId);
  if (!channel) return { channel, isKnown: false };
  // The channel's current state in Slack, not that of the event, which can be old.
  const conversation = conversationOf(teamId, channel);
  const update = () => {
    const { name, isPrivate, isShared } = conversation;
    const liveChatId = liveChats.match(teamId, conversation)?.id ?? null;
    return updateConversation(db, teamId, channelId, { name, isPrivate, isShared, liveChatId });
  };
  const isKnown = (await update()) || ((await recogniseChannel(context, teamId, channel)) && (await update()));
  // A message that was handled meanwhile may have remembered the old state.
  liveChats.forgetConversation(teamId, channelId);
  return { channel, isKnown };
}

/** The app was removed from a conversation. */
async function handleRemoval(
  context: SlackContext,
  teamId: string,
  channelId: string,
  removal: { at: Date; by: string | null },
): Promise<void> {
  if (context.liveChats.recall(teamId, channelId) === null) return;
  const session = await getSessionByChannel(context.db, teamId, channelId);
  // Ignores former ids of the conversation, where the app need not be.
  if (session?.channelId === channelId) await noticeRemoval(context, session, removal);
}

async function recordKnown(
  context: SlackContext,
  teamId: string,
  channelId: string,
  event: SessionEvent,
): Promise<void> {
  if (context.liveChats.recall(teamId, channelId) === null) return;
  const conversation = await findConversation(context, teamId, channelId);
  if (!conversation) return;
  // Archiving a former id of the conversation does not close the session.
  if (event.kind === 'closed' && conversation.channelId !== channelId) return;
  await record(context, conversation, event);
}

async function record(context: SlackContext, conversation: FoundConversation, event: SessionEvent): Promise<void> {
  const liveChat = context.liveChats.find(conversation.teamId, conversation);
  if (!liveChat) return;
  if (event.kind !== 'created') await takeInIfOld(context, liveChat, conversation);
  await recordEvent(intakeDependencies(context), liveChat, conversation, event);
  if (event.kind !== 'edited') context.homes.note({ liveChatId: liveChat.id });
}

/** A conversation; `createdAt` only if it has no session yet. */
type FoundConversation = SessionConversation & { createdAt?: Date };

/** Adopts a channel that existed when its live chat was saved, if its event comes before the adoption does. */
export async function takeInIfOld(
  context: SlackContext,
  liveChat: LiveChat,
  conversation: FoundConversation,
): Promise<void> {
  const { createdAt } = conversation;
  if (createdAt && createdAt.getTime() < liveChat.savedAt.getTime() - fuzzMs) {
    await recordEvent(intakeDependencies(context), liveChat, conversation, { kind: 'adopted', at: createdAt });
  }
}

/** Reads a conversation from its session, or from Slack if it has none; undefined if the app cannot see it. */
export async function findConversation(
  context: SlackContext,
  teamId: string,
  channelId: string,
): Promise<FoundConversation | undefined> {
  const { db, directory } = context;
  const session = await getSessionByChannel(db, teamId, channelId);
  if (session) {
    const { name, isPrivate, isShared } = session;
    return { teamId, channelId: session.channelId, name, isPrivate, isShared, mustJoin: false };
  }
  const channel = await directory.channel(channelId);
  if (!channel) return undefined;
  if (await recogniseChannel(context, teamId, channel)) return conversationOf(teamId, channel);
  return { ...conversationOf(teamId, channel), createdAt: channel.createdAt };
}

/** A channel in Slack as the conversation of a session. */
export function conversationOf(teamId: string, channel: Channel): SessionConversation {
  const { id, name, isPrivate, isShared, isMember } = channel;
  return { teamId, channelId: id, name, isPrivate, isShared, mustJoin: !isMember && !isPrivate };
}
