import type { Variables } from '../processes/value-types.ts';
import { type DecidedBinding, type Decision, decide } from './decide.ts';
import { isForReaction, type NewReaction, type ReactionTrigger } from './reactions.ts';

/** A past occasion on which bindings are tried. */
export interface ReplayedOccasion {
  /** Used as the id of a start that would have happened. */
  id: string;
  values: Variables;
  /** When the event happened and when Kickoff received it, in milliseconds since 1970. */
  at: number;
  heardAt: number;
  isAwaited: boolean;
  /** Only for *Reaction added*: bindings differ in the reactions they accept. */
  reaction?: NewReaction;
  /** Only for waits: the bindings whose waiting time was over. */
  bindingIds?: readonly string[];
  /** The starts that really happened, by binding id. */
  started: ReadonlyMap<string, string>;
  /** The starts that were really running in the session, by process definition id. */
  running: ReadonlyMap<string, string>;
}

/** The last start of each binding before the first occasion, by the binding's id. */
export type EarlierStarts = ReadonlyMap<string, { startId: string; heardAt: number }>;

const minuteMs = 60_000;

/**
 * Replays the occasions of one session, oldest first, and returns the decisions that the bindings of an event would have made.
 * The duration of a process that did not really start is unknown: it counts as finished by the next occasion.
 */
export function replay<B extends DecidedBinding & { reaction: ReactionTrigger | null }>(
  bindings: readonly B[],
  occasions: readonly ReplayedOccasion[],
  earlier: EarlierStarts,
): Decision<B>[][] {
  const last = new Map(earlier);
  return occasions.map(({ id, values, at, heardAt, isAwaited, reaction, bindingIds, started, running }) => {
    const tried = bindings.filter(
      (binding) => (!reaction || isForReaction(binding, reaction)) && (bindingIds?.includes(binding.id) ?? true),
    );
    const lastStarts = new Map(
      [...last].map(([bindingId, start]) => [
        bindingId,
        { startId: start.startId, minutesAgo: (heardAt - start.heardAt) / minuteMs },
      ]),
    );
    const history = { lastStarts, runningStarts: running, isAwaited };
    const decisions = decide(tried, { values, at: new Date(at), isKnown: () => true, history });
    if (!decisions) throw new Error('a binding was not decided, though all is known');
    for (const { binding, hindrance } of decisions) {
      if (!hindrance) last.set(binding.id, { startId: started.get(binding.id) ?? id, heardAt });
    }
    return decisions;
  });
}
