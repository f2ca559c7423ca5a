import { type Core, nowSeconds } from '../core.ts';
import type { JsonObject } from '../json.ts';
import { emptyChannel } from '../seed.ts';
import { invalidArguments, SlackError } from '../slack-error.ts';
import { type ChannelRecord, type MessageRecord, newId } from '../state.ts';
import { appIsIn, channelObject } from '../wire/channels.ts';
import { messageObject } from '../wire/messages.ts';
import { joinChannel, leaveChannel } from '../workspace/membership.ts';
import { findMessage } from '../workspace/messages.ts';
import { type Args, page } from './arguments.ts';
import { directMessage, type Methods, requireScope, scopeFor, visibleChannel } from './method.ts';

const scopeOfType: Record<string, string> = {
  public_channel: 'channels:read',
  private_channel: 'groups:read',
  im: 'im:read',
  mpim: 'mpim:read',
};

function typeOf(channel: ChannelRecord): string {
  if (channel.kind === 'im') return 'im';
  return channel.isPrivate ? 'private_channel' : 'public_channel';
}

/** The conversations that the app can see and that are `wanted`, filtered by `types`, one page at a time. */
export function conversationsFor(core: Core, args: Args, wanted: (channel: ChannelRecord) => boolean): JsonObject {
  const types = (args.optionalString('types') ?? 'public_channel').split(',').map((type) => type.trim());
  for (const type of types) {
    const scope = scopeOfType[type];
    if (!scope) throw new SlackError('invalid_types');
    requireScope(core, scope);
  }
  const channels = Object.values(core.state.channels).filter(
    (channel) =>
      !channel.isDeleted &&
      types.includes(typeOf(channel)) &&
      (typeOf(channel) === 'public_channel' || appIsIn(core, channel)) &&
      !(channel.isArchived && args.boolean('exclude_archived')) &&
      wanted(channel),
  );
  const { items, next } = page(channels, args);
  const shown = items.map((channel) => ({
    ...channelObject(core, channel),
    ...(channel.kind === 'channel' ? { num_members: channel.members.length } : {}),
  }));
  return { channels: shown, response_metadata: { next_cursor: next } };
}

/** The direct messages between the app and a person; created if needed. */
export function openDirectMessage(core: Core, userId: string): ChannelRecord {
  const user = core.state.users[userId];
  if (!user) throw new SlackError('user_not_found');
  if (user.deleted) throw new SlackError('user_disabled');
  if (user.isBot) throw new SlackError('cannot_dm_bot');
  return directMessage(core, userId, (imUser) => {
    const { botUserId } = core.state.app;
    const channel = emptyChannel(core.state, {
      id: newId(core.state, 'D'),
      name: '',
      kind: 'im',
      creator: botUserId,
      created: nowSeconds(core),
      members: [imUser, botUserId],
      imUser,
    });
    core.state.channels[channel.id] = channel;
    return channel;
  });
}

/** The conversation for a message: by its id or name, or by a person's id. Slack: `channel_not_found`. */
export function addressedChannel(core: Core, address: string): ChannelRecord {
  if (core.state.users[address]) {
    try {
      return openDirectMessage(core, address);
    } catch {
      throw new SlackError('channel_not_found');
    }
  }
  const name = address.replace(/^#/, '');
  const byName = Object.values(core.state.channels).find(
    (channel) => channel.kind === 'channel' && channel.name === name && !channel.isDeleted,
  );
  return visibleChannel(core, byName && !core.state.channels[address] ? byName.id : address);
}

function readable(core: Core, args: Args): ChannelRecord {
  const channel = visibleChannel(core, args.string('channel'));
  requireScope(core, scopeFor(channel, 'history'));
  if (!appIsIn(core, channel)) throw new SlackError('not_in_channel');
  return channel;
}

function inRange(message: MessageRecord, args: Args): boolean {
  const oldest = Number(args.optionalString('oldest') ?? 0);
  const latest = Number(args.optionalString('latest') ?? Number.MAX_SAFE_INTEGER);
  const ts = Number(message.ts);
  return args.boolean('inclusive') ? ts >= oldest && ts <= latest : ts > oldest && ts < latest;
}

function messagePage(core: Core, channel: ChannelRecord, args: Args, messages: MessageRecord[]): JsonObject {
  const { items, next } = page(messages, args);
  const shown = items.map((message) => {
    const { metadata, ...rest } = messageObject(core, channel, message);
    if (metadata === undefined) return rest;
    return args.boolean('include_all_metadata') ? { ...rest, metadata } : rest;
  });
  return {
    messages: shown,
    has_more: next !== '',
    ...(next ? { response_metadata: { next_cursor: next } } : {}),
  };
}

/** The `conversations.*` methods. */
export const conversationMethods: Methods = {
  'conversations.list': { run: (core, args) => conversationsFor(core, args, () => true) },
  'conversations.info': {
    run: (core, args) => {
      const channel = visibleChannel(core, args.string('channel'));
      requireScope(core, scopeFor(channel, 'read'));
      const count = args.boolean('include_num_members') ? { num_members: channel.members.length } : {};
      return { channel: { ...channelObject(core, channel), ...count } };
    },
  },
  'conversations.members': {
    run: (core, args) => {
      const channel = visibleChannel(core, args.string('channel'));
      requireScope(core, scopeFor(channel, 'read'));
      const { items, next } = page(channel.members, args);
      return { members: items, response_metadata: { next_cursor: next } };
    },
  },
  'conversations.join': {
    scope: 'channels:join',
    run: (core, args) => {
      const channel = visibleChannel(core, args.string('channel'));
      if (channel.kind === 'im' || channel.isPrivate) throw new SlackError('method_not_supported_for_channel_type');
      if (channel.isArchived) throw new SlackError('is_archived');
      const already = appIsIn(core, channel);
      joinChannel(core, channel, core.state.app.botUserId);
      const warning = 'already_in_channel';
      return {
        channel: channelObject(core, channel),
        ...(already ? { warning, response_metadata: { warnings: [warning] } } : {}),
      };
    },
  },
  'conversations.leave': {
    scope: 'channels:manage',
    run: (core, args) => {
      const channel = visibleChannel(core, args.string('channel'));
      if (!appIsIn(core, channel)) return { not_in_channel: true };
      leaveChannel(core, channel, core.state.app.botUserId, core.state.app.botUserId);
      return {};
    },
  },
  'conversations.open': {
    scope: 'im:write',
    run: (core, args) => {
      const known = args.optionalString('channel');
      const users = (args.optionalString('users') ?? '').split(',').filter(Boolean);
      if (!known && users.length === 0) throw new SlackError('users_list_not_supplied');
      if (users.length > 1) requireScope(core, 'mpim:write');
      if (users.length > 1) throw invalidArguments(['[ERROR] the sandbox has no group direct messages']);
      const existing = Object.values(core.state.channels).some((channel) => channel.imUser === users[0]);
      const channel = known ? visibleChannel(core, known) : openDirectMessage(core, users[0] ?? '');
      const again = existing || known ? { no_op: true, already_open: true } : {};
      return { ...again, channel: args.boolean('return_im') ? channelObject(core, channel) : { id: channel.id } };
    },
  },
  'conversations.history': {
    run: (core, args) => {
      const channel = readable(core, args);
      const inChannel = channel.messages
        .filter(
          (message) =>
            !message.deleted &&
            !message.ephemeralTo &&
            (!message.threadTs || message.threadTs === message.ts || message.subtype === 'thread_broadcast') &&
            inRange(message, args),
        )
        .reverse();
      return { ...messagePage(core, channel, args, inChannel), pin_count: 0 };
    },
  },
  'conversations.replies': {
    run: (core, args) => {
      const channel = readable(core, args);
      const root = findMessage(channel, args.string('ts'));
      if (!root) throw new SlackError('thread_not_found');
      const thread = channel.messages.filter(
        (message) =>
          !message.deleted &&
          !message.ephemeralTo &&
          (message === root || (message.threadTs === (root.threadTs ?? root.ts) && inRange(message, args))),
      );
      return messagePage(core, channel, args, thread);
    },
  },
};
