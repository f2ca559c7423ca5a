import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { NotYetError } from '../../errors.ts';
import type { Timings } from '../../timings.ts';
import { message } from '../../words/message.ts';
import { type Call, limitsOf } from './call-limits.ts';

/**
 * Priority of a call. `urgent`: a person waits for it right now, and only Slack's own refusals delay it. `ordinary`: people
 * wait for a message or an answer. `bulk`: nobody waits; half of a burst is left to the others.
 */
export type CallRank = 'urgent' | 'ordinary' | 'bulk';

/** Schedules Web API calls below Slack's limits for each method. */
export interface CallPace {
  /** Resolves when it is the call's turn. Throws {@link NotYetError} if that takes more than `patienceMs`, or after `stop`. */
  turn(call: Call, rank: CallRank, patienceMs: number): Promise<void>;
  /** Slack answered 429: no call of this method, or no post to this channel, for that time. */
  pause(call: Call, ms: number): void;
  /** Rejects calls that are waiting, and later ones that would have to wait. */
  stop(): void;
}

interface Turns {
  /** Time between two calls, in milliseconds. */
  intervalMs: number;
  burst: number;
  /** When the calls so far no longer count, and a whole burst is available again. */
  freeAt: number;
  pausedUntil: number;
  pauses: number;
  /** The latest turn that was promised to a call that did not wait. */
  promisedAt: number;
}

/** Number of methods and channels after which unused entries are dropped. */
const mostRemembered = 1000;

export function createCallPace({ minuteMs }: Pick<Timings['calls'], 'minuteMs'>): CallPace {
  const known = new Map<string, Turns>();
  const stopping = new AbortController();
  // As many listeners as there are waiting calls.
  setMaxListeners(0, stopping.signal);

  function turnsOf(call: Call): Turns[] {
    if (known.size > mostRemembered) forgetIdle();
    return limitsOf(call).map(({ key, limit }) => {
      const turns = known.get(key) ?? {
        intervalMs: minuteMs / limit.perMinute,
        burst: limit.burst,
        freeAt: 0,
        pausedUntil: 0,
        pauses: 0,
        promisedAt: 0,
      };
      known.set(key, turns);
      return turns;
    });
  }

  function forgetIdle(): void {
    const now = performance.now();
    for (const [key, { freeAt, pausedUntil, promisedAt }] of known) {
      if (Math.max(freeAt, pausedUntil, promisedAt) < now) known.delete(key);
    }
  }

  return {
    async turn(call, rank, patienceMs) {
      for (;;) {
        const now = performance.now();
        const all = turnsOf(call);
        const waitMs = Math.max(...all.map((turns) => waitFor(turns, rank, now)));
        if (waitMs > patienceMs || (waitMs > 0 && stopping.signal.aborted)) {
          throw notYet(Math.max(...all.map((turns) => promise(turns, now, waitMs))));
        }
        for (const turns of all) turns.freeAt = Math.max(turns.freeAt, now) + turns.intervalMs;
        if (waitMs === 0) return;
        const pauses = countPauses(all);
        await delay(waitMs, undefined, { signal: stopping.signal }).catch(() => {});
        // A pause that began in the meantime changes the turns.
        if (!stopping.signal.aborted && countPauses(all) === pauses) return;
      }
    },
    pause(call, ms) {
      const [turns] = turnsOf(call);
      if (!turns) return;
      turns.pausedUntil = Math.max(turns.pausedUntil, performance.now() + ms);
      turns.pauses += 1;
      // After a pause, calls go one at a time.
      turns.freeAt = Math.max(turns.freeAt, turns.pausedUntil + (turns.burst - 1) * turns.intervalMs);
    },
    stop() {
      stopping.abort();
    },
  };
}

const notYet = (retryInMs: number) => new NotYetError(message('slack.busy'), retryInMs);

const countPauses = (all: Turns[]) => all.reduce((sum, { pauses }) => sum + pauses, 0);

function waitFor({ pausedUntil, freeAt, burst, intervalMs }: Turns, rank: CallRank, now: number): number {
  const paused = Math.max(0, pausedUntil - now);
  if (rank === 'urgent') return paused;
  const atOnce = rank === 'bulk' ? Math.ceil(burst / 2) : burst;
  return Math.max(paused, freeAt - (atOnce - 1) * intervalMs - now);
}

/** The milliseconds after which to come again; rejected calls come back one after another. */
function promise(turns: Turns, now: number, waitMs: number): number {
  turns.promisedAt = Math.max(turns.promisedAt + turns.intervalMs, now + waitMs);
  return turns.promisedAt - now;
}
