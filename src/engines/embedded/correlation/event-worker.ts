import { sql } from 'drizzle-orm';
import { type ClaimingWorker, startClaimingWorker } from '../../../db/claiming-worker.ts';
import type { Database } from '../../../db/client.ts';
import { untilDue } from '../../../db/worker.ts';
import type { EngineContext } from '../instances/run-command.ts';
import { driverError } from '../instances/unavailable.ts';
import { dueIn, soonest } from '../workers/jobs.ts';
import { claimSignals, deliverSignal, type SignalDelivery } from './deliver-signal.ts';
import { claimStartTimers, fireStartTimer, type StartTimer } from './fire-start-timer.ts';
import { forgetMessages } from './forget-messages.ts';
import {
  claimFreedKeys,
  claimMessages,
  type DueMessage,
  type FreedKey,
  startByMessage,
  startNext,
} from './start-by-message.ts';
import { claimSubscriptions, type DueSubscription, takeMessage } from './take-message.ts';

type EventWork = DueSubscription | DueMessage | FreedKey | SignalDelivery | StartTimer;

export interface EventWorkerOptions {
  pollIntervalMs: number;
  /** How long a worker has what it claimed. */
  leaseMs: number;
  concurrency: number;
}

/** How often messages are forgotten whose time to live is over, in milliseconds. */
const forgetEveryMs = 60_000;

/** Brings messages and signals to the instances that wait for them, and starts those that begin with an event. */
export function startEventWorker(
  context: EngineContext,
  database: Database,
  { pollIntervalMs, leaseMs, concurrency }: EventWorkerOptions,
): Promise<ClaimingWorker> {
  const { db, now, logger } = context;
  let forgetAt = 0;
  return startClaimingWorker<EventWork>({
    name: 'engine events',
    database,
    signal: 'engine_events',
    logger,
    pollIntervalMs,
    concurrency,
    async claim(limit) {
      const at = now();
      if (at.getTime() >= forgetAt) {
        await forgetMessages(db, at);
        forgetAt = at.getTime() + forgetEveryMs;
      }
      const until = new Date(at.getTime() + leaseMs);
      const claimed: EventWork[] = [];
      // Waiting instances come before new ones: a message that both could have is theirs.
      for (const claim of [claimSubscriptions, claimSignals, claimFreedKeys, claimMessages, claimStartTimers]) {
        if (claimed.length < limit) claimed.push(...(await claim(db, at, until, limit - claimed.length)));
      }
      return claimed;
    },
    async handle(work) {
      try {
        await handle(context, work);
      } catch (error) {
        throw driverError(error);
      }
    },
    nextDueIn: async () => {
      const next = sql`select extract(epoch from least(
          (select min(due_at) from engine_subscriptions where due_at is not null),
          (select min(due_at) from engine_signal_deliveries),
          (select min(due_at) from engine_message_starts where due_at is not null),
          (select min(starts_due_at) from engine_messages where starts_due_at is not null),
          (select min(greatest(due_at, leased_until)) from engine_start_events where due_at is not null)))::float8 as at`;
      return untilDue(dueIn(await soonest(db, next), now()));
    },
  });
}

function handle(context: EngineContext, work: EventWork): Promise<void> {
  switch (work.kind) {
    case 'subscription':
      return takeMessage(context, work);
    case 'signal':
      return deliverSignal(context, work);
    case 'freed':
      return startNext(context, work);
    case 'message':
      return startByMessage(context, work);
    case 'timer':
      return fireStartTimer(context, work);
  }
}
