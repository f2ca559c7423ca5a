/** The people whose reactions count: operators and supervisors, or everybody. */
export const reactors = ['staff', 'anybody'] as const;
export type Reactor = (typeof reactors)[number];

/** The reactions that a binding of *Reaction added* is for. */
export interface ReactionTrigger {
  /** Names of emoji, without colons and skin tones. */
  emoji: string[];
  by: Reactor;
}

/** Maximum number of emoji in a binding. */
export const mostEmoji = 20;

/** The trigger of a new binding. */
export const presetReaction: ReactionTrigger = { emoji: ['ticket'], by: 'staff' };

/** A message got an emoji that it did not have before: from anybody, from the staff, or both at once. */
export interface NewReaction {
  emoji: string;
  newFrom: readonly Reactor[];
}

/** Whether a reaction triggers a binding. Bindings for other events never match. */
export function isForReaction(
  { reaction }: { reaction: ReactionTrigger | null },
  { emoji, newFrom }: NewReaction,
): boolean {
  return reaction !== null && newFrom.includes(reaction.by) && reaction.emoji.includes(emoji);
}
