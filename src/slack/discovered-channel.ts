import type { Channel } from './read-profile.ts';

/** How far Slack's clock and ours may differ, and Slack's times are whole seconds, in milliseconds. */
export const fuzzMs = 2000;

/** How long after a channel's creation its missed announcement is still made up for. */
const missedForMs = 24 * 60 * 60_000;

/**
 * What finding a channel that has no session yet means. Of a live chat that was just saved (`savedAt`), channels that are
 * older are `adopted`, which starts nothing. A channel that is younger than that, or than a live chat that was complete
 * already, was `created` while the live chat was there: its announcement is still on its way, which will find the same
 * fact recorded and change nothing, or was lost while Kickoff was down and will not come again (Slack gives up after
 * some 6 minutes). Finding it never takes away the start that its announcement would have made, so where it cannot be told
 * it counts as created.
 *
 * A private channel is announced by an invitation, whose time a channel does not tell. Of a live chat that was complete, it
 * can only have come since. Of one that was just saved it is `unsettled`: wait for an announcement, then adopt it.
 */
export function discoveryOf(
  channel: Pick<Channel, 'createdAt' | 'isPrivate'>,
  liveChatCreatedAt: Date,
  savedAt: Date | undefined,
  now: Date,
): 'created' | 'adopted' | 'unsettled' {
  const isYoungerThan = (instant: Date) => channel.createdAt.getTime() >= instant.getTime() - fuzzMs;
  if (savedAt) {
    if (isYoungerThan(savedAt)) return 'created';
    return channel.isPrivate ? 'unsettled' : 'adopted';
  }
  if (channel.isPrivate) return 'created';
  const isRecent = channel.createdAt.getTime() > now.getTime() - missedForMs;
  return isRecent && isYoungerThan(liveChatCreatedAt) ? 'created' : 'adopted';
}
