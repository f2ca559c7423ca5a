import { logApart } from '../log-context.ts';
import type { Logger } from '../logger.ts';
import { askedPause, isAway, putOffMs } from './away.ts';
import { backoff } from './backoff.ts';
import type { Database } from './client.ts';
import { type Claimed, type DueQueue, nextDueOf, type Room } from './due-queue.ts';
import type { Handover, Reservation } from './handover.ts';
import { keepLease } from './keep-lease.ts';
import type { Signal } from './signals.ts';
import { startWorker, untilDue } from './worker.ts';

/** Why an item is set aside: three attempts in a row ended without a report, or the tenth attempt failed. */
export type SetAsideReason = { kind: 'unfinished' } | { kind: 'failing'; error: unknown };

/** How a worker handles the items of one queue. */
export interface QueuedWork<Item> {
  queue: DueQueue<Item>;
  /** Length of a claim's lease. It is renewed during the work if {@link renewed} is set. */
  leaseMs: number;
  renewed?: boolean;
  /**
   * Handles an item and reports the outcome to the queue. An error is logged, and the item retried later.
   *
   * @param lease its signal is aborted when another worker may have claimed the item
   * @param isOver says that the item has nothing more to do, which saves a look at the queue
   */
  handle(item: Claimed<Item>, lease: HeldLease, isOver: () => void): Promise<void>;
  /** Records, where people see it, that the item is set aside; absent: it is only logged. */
  setAside?(item: Claimed<Item>, reason: SetAsideReason): Promise<void>;
  /** Fields for log lines. */
  ids(item: Item): Record<string, unknown>;
  /** How many items to claim, and values for the queue's condition; absent: as many as the worker has room for. */
  request?(free: number): { limit: number | Room; values: Readonly<Record<string, unknown>> };
  /** Where other parts of this process hand over items that they have inserted as claimed. */
  handover?: Handover<Item>;
}

export interface HeldLease {
  signal: AbortSignal;
  /** After it resolves, the lease keeps its name. */
  stopRenewing(): Promise<void>;
}

export interface QueueWorkerOptions {
  name: string;
  database: Database;
  signal: Signal;
  logger: Logger;
  /** Absent: the database's default. */
  pollIntervalMs?: number;
  /** How many items are handled at the same time; up to twice as many if some are handed over while others are being claimed. */
  concurrency: number;
  /** Claims only while nothing is running, for items that are handled in batches. */
  inBatches?: boolean;
  /** Queues in order of priority. */
  works: readonly QueuedWork<object>[];
  /** Called before each look at the queues. */
  before?(): Promise<void>;
}

export interface QueueWorker {
  wake(): void;
  /** Resolves when running work is done; starts no more. */
  stop(): Promise<void>;
}

/** Attempts in a row without a report after which an item is set aside. */
const mostUnfinished = 3;
/** Failed attempts after which an item is set aside. */
export const mostTries = 10;

type Item = Claimed<object>;
type Work = QueuedWork<object>;

/**
 * Claims items while there is room for them, also while slow ones are still running.
 *
 * A suspect is an item whose last attempt ended without a report: its process crashed, and any of the items it was handling may
 * be the cause. Suspects are handled one at a time, in one worker of the process at a time, and only while nothing else runs in
 * that worker. This finds the item that crashes processes, and clears the others.
 */
export async function startQueueWorker(options: QueueWorkerOptions): Promise<QueueWorker> {
  const { name, database, concurrency, inBatches = false, logger, works } = options;
  const { db, suspects: turn } = database;
  const { pollIntervalMs = database.pollEveryMs } = options;
  const nextDue = nextDueOf(works.map(({ queue }) => queue));
  const underWay = new Map<Item, Work>();
  const handlings = new Set<Promise<void>>();
  /** Items whose outcome could not be recorded because the database was unavailable. */
  const unrecorded = new Map<Item, Work>();
  /** Room for items that are about to be handed over. */
  let reserved = 0;
  /** Called once no room is reserved any more. */
  let noneReserved = () => {};
  let isStopped = false;
  let isSuspectDue = false;
  let hasTurn = false;
  let isAlone = false;
  /** True if items may be due that no look has found. */
  let isBehind = true;
  let lookedAt = Number.NEGATIVE_INFINITY;

  const requestOf = ({ request }: Work, free: number) => request?.(free) ?? { limit: free, values: {} };
  const begin = (work: Work, item: Item) => {
    underWay.set(item, work);
    let mayBeDue = true;
    const isOver = () => {
      mayBeDue = false;
    };
    const handling: Promise<void> = logApart(work.ids(item), () => handleItem(options, work, item, isOver))
      .catch((error) => {
        logger.error({ err: error, worker: name, ...work.ids(item) }, 'the end of an attempt could not be recorded');
        unrecorded.set(item, work);
        mayBeDue = true;
      })
      .finally(() => {
        underWay.delete(item);
        handlings.delete(handling);
        if (isAlone && handlings.size === 0) {
          isAlone = false;
          giveTurnBack();
        }
        isBehind ||= mayBeDue;
        if (isBehind && !isStopped) worker.wake();
      });
    handlings.add(handling);
  };
  const giveTurnBack = () => {
    hasTurn = false;
    turn.giveBack();
  };
  /** Records that attempts have ended: the process did not crash. */
  const recordEnds = async () => {
    for (const [item, { queue }] of unrecorded) {
      await queue.noteEnd(db, item);
      unrecorded.delete(item);
    }
  };
  const beginSuspect = async () => {
    for (const work of works) {
      const [item] = await work.queue.claim(db, { ...requestOf(work, 1), leaseMs: work.leaseMs, suspects: true });
      if (!item) continue;
      isAlone = true;
      begin(work, item);
      return;
    }
  };
  const beginOthers = async (free: number): Promise<number> => {
    let claimed = 0;
    for (const work of works) {
      if (claimed >= free) break;
      const items = await work.queue.claim(db, { ...requestOf(work, free - claimed), leaseMs: work.leaseMs });
      for (const item of items) begin(work, item);
      claimed += items.length;
    }
    return claimed;
  };

  const reserve = (work: Work, most: number): Reservation<object> => {
    const isOpen = !isStopped && !hasTurn && !isAlone;
    const room = isOpen ? Math.max(0, Math.min(most, concurrency - handlings.size - reserved)) : 0;
    reserved += room;
    return {
      room,
      leaseMs: work.leaseMs,
      handOver(items) {
        reserved -= room;
        for (const item of items) begin(work, item);
        if (reserved === 0) noneReserved();
        // It may have waited for the room.
        if ((isBehind || hasTurn) && !isStopped) worker.wake();
      },
    };
  };

  const worker = await startWorker({
    name,
    database,
    signal: options.signal,
    logger,
    pollIntervalMs,
    async work() {
      isBehind = true;
      await recordEnds();
      await options.before?.();
      // The next item that finishes wakes this.
      if (isStopped || isAlone) return undefined;
      if (isSuspectDue) hasTurn ||= turn.take(() => worker.wake());
      const isRefused = isSuspectDue && !hasTurn;
      if (hasTurn) {
        if (handlings.size + reserved > 0) return undefined;
        isSuspectDue = false;
        try {
          await beginSuspect();
        } finally {
          if (!isAlone) giveTurnBack();
        }
        if (isAlone) return undefined;
      }
      const free = concurrency - handlings.size - reserved;
      if (free <= 0 || (inBatches && handlings.size > 0)) return undefined;
      const isFull = (await beginOthers(free)) >= free;
      if (isFull && performance.now() - lookedAt < pollIntervalMs)
        return handlings.size + reserved < concurrency ? 0 : undefined;
      lookedAt = performance.now();
      const [first] = works;
      const { limit = 0, values = {} } = (first && requestOf(first, free)) ?? {};
      isBehind = isFull;
      const due = await nextDue(db, { values, ...(typeof limit !== 'number' && { room: limit }) });
      isSuspectDue = due.suspect !== undefined && due.suspect <= 0;
      // The worker that has the turn wakes this one when it is done.
      const next = [due.ordinary, isRefused ? undefined : due.suspect].filter((ms) => ms !== undefined);
      return isFull ? 0 : untilDue(next.length > 0 ? Math.min(...next) : undefined);
    },
  });
  const undo = works.flatMap((work) => {
    const { name, state } = work.queue;
    return [
      database.metrics.watchQueue({ name, state: () => state(db, requestOf(work, 0).values) }),
      work.handover?.receive((most) => reserve(work, most)) ?? (() => {}),
    ];
  });
  return {
    wake: () => worker.wake(),
    async stop() {
      isStopped = true;
      for (const step of undo) step();
      await worker.stop();
      // Items that are being inserted for this worker are claimed: nobody else would have them before their leases expire.
      if (reserved > 0) {
        await new Promise<void>((resolve) => {
          noneReserved = resolve;
        });
      }
      // An item that does not finish in time is not at fault.
      const noted = [...underWay].map(([item, { queue }]) => queue.noteEnd(db, item));
      await Promise.allSettled(noted);
      await Promise.all(handlings);
      await recordEnds().catch((err) => logger.warn({ err, worker: name }, 'ends of attempts were not recorded'));
      if (hasTurn) giveTurnBack();
    },
  };
}

async function handleItem(
  { database, logger, name }: QueueWorkerOptions,
  work: Work,
  item: Item,
  isOver: () => void,
): Promise<void> {
  const { db } = database;
  const { queue, leaseMs } = work;
  const ids = work.ids(item);
  const setAside = (reason: SetAsideReason) => work.setAside?.(item, reason) ?? queue.setAside(db, item);
  if (item.unfinished > mostUnfinished) {
    logger.error({ worker: name, ...ids }, 'set aside: Kickoff stopped unexpectedly three times while handling it');
    return setAside({ kind: 'unfinished' });
  }
  const lease = work.renewed
    ? keepLease({ leaseMs, logger, ids, renew: () => queue.renew(db, item, leaseMs) })
    : { signal: new AbortController().signal, stopRenewing: async () => {} };
  try {
    await work.handle(item, lease, isOver);
  } catch (error) {
    await lease.stopRenewing();
    const notYet = putOffMs(error);
    if (notYet !== undefined) return await queue.defer(db, item, notYet);
    if (isAway(error) || item.attempts < mostTries) {
      const retryInMs = askedPause(error) ?? backoff(item.attempts);
      logger.warn({ err: error, worker: name, ...ids, retryInMs }, 'an attempt failed and will be repeated');
      return await queue.retry(db, item, retryInMs);
    }
    logger.error({ err: error, worker: name, ...ids }, 'set aside: its tenth attempt failed');
    await setAside({ kind: 'failing', error });
  } finally {
    await lease.stopRenewing();
  }
}
