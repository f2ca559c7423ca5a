import type { Database } from '../../../db/client.ts';
import type { DueQueue } from '../../../db/due-queue.ts';
import { type QueuedWork, type QueueWorker, type SetAsideReason, startQueueWorker } from '../../../db/queue-worker.ts';
import { driverError } from '../../../db/unavailable.ts';
import type { EngineContext } from '../instances/engine-context.ts';
import { setAsideWork } from '../instances/set-aside-work.ts';
import { deliverSignal, holdSignal, type SignalDelivery, signalDeliveries } from './deliver-signal.ts';
import { fireStartTimer, type StartTimer, startTimers } from './fire-start-timer.ts';
import { forgetMessages } from './forget-messages.ts';
import {
  type DueMessage,
  type FreedKey,
  freedKeys,
  startByMessage,
  startingMessages,
  startNext,
} from './start-by-message.ts';
import { type DueSubscription, holdSubscription, subscriptions, takeMessage } from './take-message.ts';

export interface EventWorkerOptions {
  pollIntervalMs: number;
  /** Length of a claim's lease, in milliseconds. */
  leaseMs: number;
  concurrency: number;
}

/** Delivers messages and signals to waiting instances, and starts processes that begin with an event. */
export function startEventWorker(
  context: EngineContext,
  database: Database,
  { pollIntervalMs, leaseMs, concurrency }: EventWorkerOptions,
): Promise<QueueWorker> {
  const { db, timings, now, logger } = context;
  let forgetAt = 0;

  function work<Item extends object>(
    queue: DueQueue<Item>,
    parts: Pick<QueuedWork<Item>, 'handle' | 'ids'> & Partial<Pick<QueuedWork<Item>, 'setAside'>>,
  ): QueuedWork<Item> {
    return {
      queue,
      leaseMs,
      ...parts,
      async handle(item, lease, isOver) {
        try {
          await parts.handle(item, lease, isOver);
        } catch (error) {
          throw driverError(error);
        }
      },
    };
  }

  const works = [
    // Waiting instances are served before new ones are started: a message that both could receive goes to the waiting one.
    work<DueSubscription>(subscriptions, {
      handle: (subscription) => takeMessage(context, subscription),
      setAside: (one, reason) => setAsideWork(context, one, reason, () => holdSubscription(one)),
      ids: ({ instanceKey, elementId }) => ({ processInstanceKey: instanceKey, elementId }),
    }),
    work<SignalDelivery>(signalDeliveries, {
      handle: (delivery) => deliverSignal(context, delivery),
      setAside: (delivery, reason) => setSignalAside(context, delivery, reason),
      ids: ({ key, instanceKey, elementId }) => ({ signalDelivery: key, processInstanceKey: instanceKey, elementId }),
    }),
    work<FreedKey>(freedKeys, {
      handle: (freed) => startNext(context, freed),
      ids: ({ processId }) => ({ processId }),
    }),
    work<DueMessage>(startingMessages, {
      handle: (message) => startByMessage(context, message),
      ids: ({ key, name }) => ({ messageKey: key, messageName: name }),
    }),
    work<StartTimer>(startTimers, {
      handle: (timer) => fireStartTimer(context, timer),
      ids: ({ processId, elementId }) => ({ processId, elementId }),
    }),
  ];
  return startQueueWorker({
    name: 'engine events',
    database,
    signal: 'engine_events',
    logger,
    pollIntervalMs,
    concurrency,
    works,
    async before() {
      const at = now();
      if (at.getTime() < forgetAt) return;
      await forgetMessages(db, at);
      forgetAt = at.getTime() + timings.forgetEveryMs;
    },
  });
}

function setSignalAside(context: EngineContext, delivery: SignalDelivery, reason: SetAsideReason): Promise<void> {
  const { instanceKey, token } = delivery;
  if (instanceKey !== null) return setAsideWork(context, { instanceKey, token }, reason, () => holdSignal(delivery));
  return context.db.execute(holdSignal(delivery)).then(() => {});
}
