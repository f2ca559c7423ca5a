import { Gauge, type Registry } from 'prom-client';

/** How much there is to do in a queue. */
export interface QueueState {
  /** Items that wait for a worker now. */
  due: number;
  /** For how long the one that has waited longest has been due, in seconds; 0: none is. */
  ageSeconds: number;
  /** Items that were set aside. */
  setAside: number;
}

export interface WatchedQueue {
  name: string;
  state(): Promise<QueueState>;
}

/** Depth and age of queues, looked up when they are asked for: nothing is counted while the queues are worked on. */
export function createQueueGauges(registers: Registry[]) {
  const gauge = (name: string, help: string) => new Gauge({ name, help, labelNames: ['queue'], registers });
  const due = gauge('kickoff_queue_due', 'Items of a queue that wait for a worker now (at most 10000 are counted)');
  const age = gauge('kickoff_queue_age_seconds', 'For how long the item has been due that has waited longest');
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
    watch(queue: WatchedQueue) {
      watched.add(queue);
      return () => void watched.delete(queue);
    },
    /** However many ask at once, the database is asked once. */
    refresh(): Promise<void> {
      looking ??= look().finally(() => {
        looking = undefined;
      });
      return looking;
    },
  };
}
