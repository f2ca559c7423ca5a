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
 * Lets nobody else publish messages of these names and correlation keys, or wait for them, until the transaction ends:
 * whoever comes second sees what the first has done, so a message and a subscription that come at once find each other.
 * Of a transaction's locks this comes after the instance's and before those on rows of subscriptions.
 */
export async function lockCorrelation(tx: Db, correlations: readonly Correlation[]): Promise<void> {
  const keys = correlations.map(({ name, correlationKey }) => lockKey(name, correlationKey));
  // In one order for all, so that two with several do not wait for each other.
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

/** Lets nobody else decide, until the transaction ends, whether a message of the key starts the process. */
export async function lockStart(tx: Db, processId: string, correlationKey: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(${lockKey('start', processId, correlationKey)}::bigint)`);
}
