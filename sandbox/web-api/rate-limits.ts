import type { Core } from '../core.ts';
import { SlackError } from '../slack-error.ts';

/** Slack's limits of calls per minute and method, in its tiers 2 to 4. Methods that are not listed have special limits. */
const perMinute: Record<string, number> = {
  'chat.delete': 50,
  'chat.postEphemeral': 100,
  'chat.update': 50,
  'conversations.history': 50,
  'conversations.info': 50,
  'conversations.join': 50,
  'conversations.list': 20,
  'conversations.members': 100,
  'conversations.open': 50,
  'conversations.replies': 50,
  'files.completeUploadExternal': 100,
  'files.delete': 50,
  'files.getUploadURLExternal': 100,
  'files.info': 100,
  'team.info': 50,
  'usergroups.list': 20,
  'usergroups.users.list': 20,
  'users.conversations': 50,
  'users.info': 100,
  'users.list': 20,
  'users.lookupByEmail': 50,
  'views.open': 100,
  'views.publish': 100,
  'views.push': 100,
  'views.update': 100,
};

/** Times of the accepted calls of the last minute, by method. */
const taken = new WeakMap<Core, Map<string, number[]>>();

/** Throws `ratelimited` with the time to wait. Stricter than Slack, which allows short bursts above the limit. */
export function requireRate(core: Core, method: string): void {
  const limit = Object.hasOwn(perMinute, method) ? perMinute[method] : undefined;
  const { minuteMs } = core.timings;
  if (!core.hasRateLimits || limit === undefined) return;
  const methods = taken.get(core) ?? new Map<string, number[]>();
  taken.set(core, methods);
  const now = core.now();
  const recent = (methods.get(method) ?? []).filter((at) => at > now - minuteMs);
  methods.set(method, recent);
  const [oldest] = recent;
  if (recent.length >= limit && oldest !== undefined) {
    throw new SlackError('ratelimited', {
      retryAfterSeconds: Math.max(1, Math.ceil((oldest + minuteMs - now) / 1000)),
    });
  }
  recent.push(now);
}
