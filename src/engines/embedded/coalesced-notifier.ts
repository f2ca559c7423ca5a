import type { Db } from '../../db/client.ts';
import { notify } from '../../db/query.ts';
import type { Signal } from '../../db/signals.ts';
import type { Logger } from '../../logger.ts';

/** How long signals are gathered, in milliseconds. */
const gatherMs = 100;

export interface Notifier {
  send(signal: Signal): void;
  stop(): Promise<void>;
}

/**
 * Wakes other replicas, a few times a second at most. NOTIFY inside the commands' own transactions would make Postgres
 * commit them one after another: it holds one lock over all of a database's notifying commits.
 */
export function createNotifier(db: Db, logger: Logger): Notifier {
  const pending = new Set<Signal>();
  let timer: NodeJS.Timeout | undefined;
  let sending = Promise.resolve();
  const flush = async () => {
    const signals = [...pending];
    pending.clear();
    timer = undefined;
    try {
      for (const signal of signals) await notify(db, signal);
    } catch (err) {
      // They poll as well.
      logger.debug({ err }, 'other replicas were not woken');
    }
  };
  return {
    send(signal) {
      pending.add(signal);
      timer ??= setTimeout(() => {
        sending = flush();
      }, gatherMs);
    },
    async stop() {
      clearTimeout(timer);
      await sending;
      if (pending.size > 0) await flush();
    },
  };
}
