import type { Variables } from '../processes/value-types.ts';
import { type DecidedBinding, type Decision, decide } from './decide.ts';
import { isForReaction, type NewReaction, type ReactionTrigger } from './reactions.ts';

/** An occasion of the past, as bindings are tried on it. */
export interface ReplayedOccasion {
  /** Names it as a start's id would, where it would have started what it did not. */
  id: string;
  values: Variables;
  /** When it happened, and when Kickoff heard of it; in milliseconds since 1970. */
  at: number;
  heardAt: number;
  isAwaited: boolean;
  /** Of *Reaction added*: not every binding is for it. */
  reaction?: NewReaction;
  /** Where the occasion is a wait: the bindings whose time was over. */
  bindingIds?: readonly string[];
  /** What it really started, by the binding's id. */
  started: ReadonlyMap<string, string>;
  /** What really ran in the session then, by the process's id. */
  running: ReadonlyMap<string, string>;
}

/** The last start of each binding before the first occasion, by the binding's id. */
export type EarlierStarts = ReadonlyMap<string, { startId: string; heardAt: number }>;

const minuteMs = 60_000;

/**
 * What the bindings of an event would have done on the occasions of one session, oldest first. How long a process would have
 * run that did not really start, nobody knows: it counts as over by the next occasion.
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
