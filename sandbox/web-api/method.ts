import type { Core } from '../core.ts';
import type { JsonObject } from '../json.ts';
import { SlackError } from '../slack-error.ts';
import type { ChannelRecord } from '../state.ts';
import { appIsIn } from '../wire/channels.ts';
import type { Args } from './arguments.ts';

/** A Web API method: its answer without `ok`, or a thrown `SlackError`. */
export interface Method {
  /** The scope it always needs; those that depend on arguments are checked by `run`. */
  scope?: string;
  token?: 'bot' | 'app' | 'config';
  run(core: Core, args: Args): JsonObject;
}

export type Methods = Record<string, Method>;

/** Slack: `missing_scope`, with what is needed and what the app has. */
export function requireScope(core: Core, ...needed: string[]): void {
  const missing = needed.filter((scope) => !core.manifest.botScopes.includes(scope));
  if (missing.length === 0) return;
  throw new SlackError('missing_scope', { needed: missing.join(','), provided: core.manifest.botScopes.join(',') });
}

/** The scope for this kind of conversation, such as `groups:history`. */
export function scopeFor(channel: ChannelRecord, what: 'read' | 'history'): string {
  if (channel.kind === 'im') return `im:${what}`;
  return channel.isPrivate ? `groups:${what}` : `channels:${what}`;
}

/** The conversation with that id, as far as the app can see it. Slack: `channel_not_found`. */
export function visibleChannel(core: Core, id: string): ChannelRecord {
  const channel = core.state.channels[id];
  if (!channel || channel.isDeleted) throw new SlackError('channel_not_found');
  if ((channel.isPrivate || channel.kind === 'im') && !appIsIn(core, channel)) {
    throw new SlackError('channel_not_found');
  }
  return channel;
}

/** The direct message between the app and a person, made if there was none. */
export function directMessage(core: Core, userId: string, create: (imUser: string) => ChannelRecord): ChannelRecord {
  return Object.values(core.state.channels).find((channel) => channel.imUser === userId) ?? create(userId);
}
