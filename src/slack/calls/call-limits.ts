/** A rate limit: the size of a burst, and the calls per minute after it. */
export interface CallLimit {
  burst: number;
  perMinute: number;
}

/**
 * A rate below one of Slack's tiers (calls of one method per minute): a burst and the calls after it stay below the tier in
 * every minute.
 */
const below = (tier: number): CallLimit => ({ burst: tier * 0.2, perMinute: tier * 0.75 });

/** Slack: rate limits, tiers 2 to 4. */
const tier2 = below(20);
const tier3 = below(50);
const tier4 = below(100);

/** The limits of the methods that Kickoff calls, from each method's page in Slack's reference. */
const limits = new Map<string, CallLimit>([
  ['chat.delete', tier3],
  ['chat.postEphemeral', tier4],
  // Slack: several hundred messages a minute in a workspace.
  ['chat.postMessage', { burst: 30, perMinute: 200 }],
  ['chat.update', tier3],
  ['conversations.history', tier3],
  ['conversations.info', tier3],
  ['conversations.join', tier3],
  ['conversations.list', tier2],
  ['conversations.members', tier4],
  ['conversations.open', tier3],
  ['conversations.replies', tier3],
  ['files.completeUploadExternal', tier4],
  ['files.delete', tier3],
  ['files.getUploadURLExternal', tier4],
  ['files.info', tier4],
  ['team.info', tier3],
  ['usergroups.list', tier2],
  ['usergroups.users.list', tier2],
  ['users.conversations', tier3],
  ['users.info', tier4],
  ['users.list', tier2],
  ['users.lookupByEmail', tier3],
  ['views.open', tier4],
  ['views.publish', tier4],
  ['views.push', tier4],
  ['views.update', tier4],
]);

/** Slack: about one message per second and channel. Slightly less, since calls do not all travel equally fast. */
const perChannel: CallLimit = { burst: 1, perMinute: 55 };

export interface Call {
  method: string;
  channel?: string | undefined;
}

/** The limits that a call counts against; first the one that a 429 most likely refers to. */
export function limitsOf({ method, channel }: Call): { key: string; limit: CallLimit }[] {
  const ofMethod = { key: method, limit: limits.get(method) ?? tier3 };
  if (method !== 'chat.postMessage' || channel === undefined) return [ofMethod];
  return [{ key: `${method} ${channel}`, limit: perChannel }, ofMethod];
}
