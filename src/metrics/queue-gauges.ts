import { Gauge, type Registry } from 'prom-client';

/** The size of a queue. */
export interface QueueState {
  /** Number of items that wait for a worker now. */
  due: number;
  /** How long the oldest due item has been due, in seconds; 0 if there is none. */
  ageSeconds: number;
  /** Number of items that were set aside. */
  setAside: number;
}

export interface WatchedQueue {
  name: string;
  state(): Promise<QueueState>;
}

/** Gauges for depth and age of queues, read when they are scraped: nothing is counted while queues are worked off. */
export function createQueueGauges(registers: Registry[]) {
  const gauge = (name: string, help: string) => new Gauge({ name, help, labelNames: ['queue'], registers });
  const due = gauge('kickoff_queue_due', 'Items of a queue that wait for a worker now (at most 10000 are counted)');
  const age = gauge('kickoff_queue_age_seconds', 'How long the longest-waiting item of a queue has been due');
  const setAside = gauge('kickoff_queue_set_aside', 'Items that were set aside after too many failed tries');
  const watched = new Set<WatchedQueue>();
  let looking: Promise<void> | undefined;

  const look = async () => {
    const states = new Map<string, QueueState>();
    for (const queue of watched) {
      const found = await queue.state();
      const { due, ageSeconds, setAside } = states.get(queue.name) ?? { due: 0, ageSeconds: 0, setAside: 0 };
      // Several workers may share a table.
      states.set(queue.name, {
        due: due + found.due,
        ageSeconds: Math.max(ageSeconds, found.ageSeconds),
        setAside: setAside + found.setAside,
      });
    }
    for (const [queue, state] of states) {
      due.set({ queue }, state.due);
      age.set({ queue }, state.ageSeconds);
      setAside.set({ queue }, state.setAside);
    }
  };
  return {
    /** Includes a queue in the gauges. Returns a function that leaves it out again. */
    watch(queue: WatchedQueue) {
      watched.add(queue);
      return () => void watched.delete(queue);
    },
    /** Concurrent scrapes share one query. */
    refresh(): Promise<void> {
      looking ??= look().finally(() => {
        looking = undefined;
      });
      return looking;
    },
  };
}
