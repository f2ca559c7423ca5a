import type { Channel } from './read-profile.ts';

/** Tolerated difference between Slack's clock and the local one, in milliseconds; Slack's times are whole seconds. */
export const fuzzMs = 2000;

/** How long after a channel's creation a missed event is still made up for, in milliseconds. */
const missedForMs = 24 * 60 * 60_000;

/**
 * Decides how a channel that has no session is taken in. If the live chat was just saved (`savedAt`), older channels are
 * `adopted`, which starts nothing. A channel younger than that, or younger than a live chat whose adoption was complete, was
 * `created`: its event either still comes and is found to be recorded already, or was lost while Kickoff was down (Slack gives
 * up after some 6 minutes). A found channel must not lose the start that its event would have made, so in doubt it counts as
 * created.
 *
 * A private channel is announced by an invitation, whose time the channel does not carry. With a live chat whose adoption was
 * complete it can only be new. With a live chat that was just saved it is `unsettled`: wait for an event, then adopt it.
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
