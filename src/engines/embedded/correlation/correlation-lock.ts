import { createHash } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { Db } from '../../../db/client.ts';
import type { Effect } from '../interpreter/effects.ts';

/** A message name and correlation key. */
export interface Correlation {
  name: string;
  correlationKey: string;
}

/**
 * Locks message names and correlation keys until the transaction ends: nobody else can publish such messages or begin to wait
 * for them. The second transaction sees what the first one did, so a message and a subscription made at the same time find each
 * other. Lock order: after the instance, before rows of subscriptions.
 */
export async function lockCorrelation(tx: Db, correlations: readonly Correlation[]): Promise<void> {
  const keys = correlations.map(({ name, correlationKey }) => lockKey(name, correlationKey));
  // Always in the same order, so that two transactions with several keys cannot deadlock.
  for (const key of [...new Set(keys)].sort()) await tx.execute(sql`select pg_advisory_xact_lock(${key}::bigint)`);
}

/** Locks the correlations of the messages that a command begins to wait for. */
export async function lockCorrelations(tx: Db, effects: readonly Effect[]): Promise<void> {
  await lockCorrelation(
    tx,
    effects.flatMap((effect) => (effect.kind === 'openSubscription' && effect.awaited === 'message' ? [effect] : [])),
  );
}

function lockKey(...parts: string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest().readBigInt64BE().toString();
}

/** Locks, until the transaction ends, the decision whether a message with the key starts the process. */
export async function lockStart(tx: Db, processId: string, correlationKey: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(${lockKey('start', processId, correlationKey)}::bigint)`);
}
