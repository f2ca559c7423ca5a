import type { Core } from '../core.ts';
import type { JsonObject } from '../json.ts';
import { SlackError } from '../slack-error.ts';
import type { ChannelRecord, MessageRecord } from '../state.ts';
import { appIsIn, isMember } from '../wire/channels.ts';
import { messageObject, permalink } from '../wire/messages.ts';
import { addMessage, changeMessage, deleteMessage, findMessage, setReaction } from '../workspace/messages.ts';
import type { Args } from './arguments.ts';
import { addressedChannel } from './conversations.ts';
import { checkedContent } from './message-content.ts';
import { type Methods, requireScope, visibleChannel } from './method.ts';

/** Slack: texts of `chat.update` are limited to less than those of `chat.postMessage`. */
const maxUpdatedText = 4000;

/** The author fields of every message of the app. */
export function appAuthor(core: Core): Pick<MessageRecord, 'user' | 'team' | 'botId' | 'appId'> {
  const { app, team } = core.state;
  return { user: app.botUserId, team: team.id, botId: app.botId, appId: app.id };
}

function requireMembership(core: Core, channel: ChannelRecord): void {
  if (channel.kind === 'im' && !core.manifest.messagesTab) throw new SlackError('messages_tab_disabled');
  if (channel.isArchived) throw new SlackError('is_archived');
  if (!appIsIn(core, channel)) throw new SlackError('not_in_channel');
}

/** Slack: about one message per second per channel. Applies only if configured. */
function requirePace(core: Core, channel: ChannelRecord): void {
  if (core.postIntervalMs === 0) return;
  const last = channel.messages.filter((message) => message.botId === core.state.app.botId).at(-1);
  const since = last ? core.now() - Number(last.ts) * 1000 : Number.POSITIVE_INFINITY;
  if (since < core.postIntervalMs) {
    throw new SlackError('ratelimited', { retryAfterSeconds: Math.ceil((core.postIntervalMs - since) / 1000) });
  }
}

function threadOf(channel: ChannelRecord, args: Args): string | undefined {
  const threadTs = args.optionalString('thread_ts');
  if (!threadTs) return undefined;
  const root = findMessage(channel, threadTs);
  if (!root || root.ephemeralTo) throw new SlackError('thread_not_found');
  return root.threadTs ?? root.ts;
}

function ownMessage(core: Core, args: Args, refusal: string): { channel: ChannelRecord; message: MessageRecord } {
  const channel = visibleChannel(core, args.string('channel'));
  const message = findMessage(channel, args.string('ts'));
  if (!message || message.ephemeralTo) throw new SlackError('message_not_found');
  if (message.botId !== core.state.app.botId) throw new SlackError(refusal);
  return { channel, message };
}

/** The `chat.*` methods, and reactions. */
export const chatMethods: Methods = {
  'chat.postMessage': {
    scope: 'chat:write',
    run: (core, args) => {
      const channel = addressedChannel(core, args.string('channel'));
      requireMembership(core, channel);
      const content = checkedContent(core, args.all);
      const custom = args.optionalString('username');
      if (custom || args.optionalString('icon_url')) requireScope(core, 'chat:write.customize');
      requirePace(core, channel);
      const threadTs = threadOf(channel, args);
      const broadcast = threadTs && args.boolean('reply_broadcast') ? { subtype: 'thread_broadcast' } : {};
      const message = addMessage(core, channel, {
        ...appAuthor(core),
        ...content,
        ...broadcast,
        threadTs,
        username: custom,
      });
      return { channel: channel.id, ts: message.ts, message: messageObject(core, channel, message) };
    },
  },
  'chat.update': {
    scope: 'chat:write',
    run: (core, args) => {
      const { channel, message } = ownMessage(core, args, 'cant_update_message');
      if (channel.isArchived) throw new SlackError('is_archived');
      // Without `blocks` the old ones stay; an empty list removes them.
      const kept = args.has('blocks') ? {} : { blocks: message.blocks };
      const content = checkedContent(core, { text: message.text, ...kept, ...args.all });
      if (content.text.length > maxUpdatedText) throw new SlackError('msg_too_long');
      changeMessage(
        core,
        channel,
        message,
        {
          text: content.text,
          blocks: content.blocks,
          ...(content.attachments ? { attachments: content.attachments } : {}),
          ...(content.metadata ? { metadata: content.metadata } : {}),
        },
        message.user,
      );
      const shown: JsonObject = messageObject(core, channel, message);
      return { channel: channel.id, ts: message.ts, text: message.text, message: shown };
    },
  },
  'chat.delete': {
    scope: 'chat:write',
    run: (core, args) => {
      const { channel, message } = ownMessage(core, args, 'cant_delete_message');
      deleteMessage(core, channel, message);
      return { channel: channel.id, ts: message.ts };
    },
  },
  'chat.postEphemeral': {
    scope: 'chat:write',
    run: (core, args) => {
      const channel = visibleChannel(core, args.string('channel'));
      requireMembership(core, channel);
      const user = args.string('user');
      if (!core.state.users[user] || !isMember(channel, user)) throw new SlackError('user_not_in_channel');
      const content = checkedContent(core, args.all);
      const threadTs = threadOf(channel, args);
      const message = addMessage(core, channel, { ...appAuthor(core), ...content, threadTs, ephemeralTo: user });
      return { message_ts: message.ts };
    },
  },
  'chat.getPermalink': {
    run: (core, args) => {
      const channel = visibleChannel(core, args.string('channel'));
      const message = findMessage(channel, args.string('message_ts'));
      if (!message || message.ephemeralTo) throw new SlackError('message_not_found');
      return { channel: channel.id, permalink: permalink(core, channel, message) };
    },
  },
  'reactions.add': {
    scope: 'reactions:write',
    run: (core, args) => {
      const channel = visibleChannel(core, args.string('channel'));
      requireMembership(core, channel);
      const message = findMessage(channel, args.string('timestamp'));
      if (!message) throw new SlackError('message_not_found');
      const name = args.string('name').replaceAll(':', '');
      const userId = core.state.app.botUserId;
      if (!setReaction(core, channel, message, { name, userId, on: true })) throw new SlackError('already_reacted');
      return {};
    },
  },
};
