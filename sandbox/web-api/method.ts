import type { Core } from '../core.ts';
import type { JsonObject } from '../json.ts';
import { SlackError } from '../slack-error.ts';
import type { ChannelRecord } from '../state.ts';
import { appIsIn } from '../wire/channels.ts';
import type { Args } from './arguments.ts';

/** A Web API method: returns its answer without `ok`, or throws a `SlackError`. */
export interface Method {
  /** The scope that it always needs; scopes that depend on arguments are checked by `run`. */
  scope?: string;
  token?: 'bot' | 'app' | 'config';
  run(core: Core, args: Args): JsonObject;
}

export type Methods = Record<string, Method>;

/** Throws Slack's `missing_scope`, with the needed scopes and those of the app. */
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

/** The conversation with that id, if the app can see it. Slack: `channel_not_found`. */
export function visibleChannel(core: Core, id: string): ChannelRecord {
  const channel = core.state.channels[id];
  if (!channel || channel.isDeleted) throw new SlackError('channel_not_found');
  if ((channel.isPrivate || channel.kind === 'im') && !appIsIn(core, channel)) {
    throw new SlackError('channel_not_found');
  }
  return channel;
}

/** The direct message between the app and a person; created if needed. */
export function directMessage(core: Core, userId: string, create: (imUser: string) => ChannelRecord): ChannelRecord {
  return Object.values(core.state.channels).find((channel) => channel.imUser === userId) ?? create(userId);
}
