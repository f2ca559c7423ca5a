import type { Claimed } from './due-queue.ts';

/** Room in a worker for items that are not claimed yet. It has to be given back with {@link handOver}. */
export interface Reservation<Item> {
  /** Number of items that the worker has room for. */
  room: number;
  /** Length in milliseconds of the lease under which to insert them. */
  leaseMs: number;
  /** Hands over the items that were inserted, and gives the room back. */
  handOver(items: readonly Claimed<Item>[]): void;
}

/**
 * Hands items that are inserted as already claimed to the worker of their queue in this process, which so needs neither a claim
 * nor a look at the queue. After a crash they come back when their leases expire, like other claimed items.
 */
export interface Handover<Item> {
  /** Reserves room for up to `most` items. There is none without a worker, or while it is busy or stopping. */
  reserve(most: number): Reservation<Item>;
  /** Called by the worker. Returns a function that withdraws it. */
  receive(reserve: Handover<Item>['reserve']): () => void;
}

/** A handover without a receiver yet: until there is one, nothing can be reserved. */
export function createHandover<Item>(): Handover<Item> {
  const none: Handover<Item>['reserve'] = () => ({ room: 0, leaseMs: 0, handOver: () => {} });
  let receiver = none;
  return {
    reserve: (most) => receiver(most),
    receive(reserve) {
      receiver = reserve;
      return () => {
        if (receiver === reserve) receiver = none;
      };
    },
  };
}
