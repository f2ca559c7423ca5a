import { sql } from 'drizzle-orm';
import type { Db } from '../../../db/client.ts';
import { storableJson } from '../../../storable.ts';
import type { Effect } from '../interpreter/effects.ts';
import { rootToken } from '../interpreter/instance-state.ts';
import type { Outcome } from '../interpreter/interpreter.ts';
import { storableOrNull } from './sql-values.ts';
import { change, insertStatement, type PartName, partsOf, updateStatement } from './write-statements.ts';

/** Where a new instance comes from. */
export interface Origin {
  definitionKey: number;
  startId?: string;
  /** If it is known already. */
  key?: string;
  caller?: { instanceKey: string; token: number; rootKey: string };
}

type FirstOutcome = Pick<Outcome, 'state' | 'status' | 'reason' | 'effects' | 'history'>;

/**
 * Writes a new instance with all its rows, in one statement.
 *
 * @returns the instance's key; undefined if the start has an instance already, and then nothing was written
 */
export async function insertInstance(
  db: Db,
  { definitionKey, startId, key, caller }: Origin,
  outcome: FirstOutcome,
  now: Date,
): Promise<string | undefined> {
  // Those who watch are told of the root alone.
  const parts: PartName[] = [...partsOf(outcome.effects), 'history', ...(caller ? [] : (['change'] as const))];
  const rows = await insertStatement(parts)<{ key: string }>(db, {
    ...valuesOf(outcome, 1, now),
    key: key ?? null,
    startId: startId ?? null,
    definitionKey,
    callerKey: caller?.instanceKey ?? null,
    callerToken: caller?.token ?? null,
    rootKey: caller?.rootKey ?? null,
  });
  return rows[0]?.key;
}

export interface OutcomeToWrite extends FirstOutcome {
  instanceKey: string;
  /** The instance's revision after the command. */
  revision: number;
  /** Whether those who watch the instance are to be told. */
  isChange: boolean;
  /** Slack id of who completed the task that the command closes. */
  completedBy?: string;
}

/** Writes what a command made of an instance, in one statement. The caller has locked the instance. */
export async function updateInstance(db: Db, outcome: OutcomeToWrite, now: Date): Promise<void> {
  const { instanceKey, revision, isChange, completedBy } = outcome;
  const parts: PartName[] = [...partsOf(outcome.effects), 'history'];
  if (freesCorrelationKey(outcome)) parts.push('freeCorrelationKey');
  if (isChange) parts.push('change');
  const values = { ...valuesOf(outcome, revision, now), key: instanceKey, completedBy: completedBy ?? null };
  await updateStatement(parts)(db, values);
}

/** Tells those who watch an instance that something has changed in what it called. */
export async function writeChange(db: Db, instanceKey: string): Promise<void> {
  await db.execute(sql`with i as (
      update engine_instances set revision = revision + 1 where key = ${instanceKey}::bigint returning key)
    ${change}`);
}

/** Whether the instance ends that messages of its correlation key have waited for, perhaps to start the next. */
export function freesCorrelationKey({ status, state }: Pick<Outcome, 'status' | 'state'>): boolean {
  return (status === 'completed' || status === 'terminated') && state.tokens[rootToken]?.startedBy !== undefined;
}

/** For the placeholders that both statements share. */
function valuesOf({ state, status, reason, effects, history }: FirstOutcome, revision: number, now: Date) {
  const isOver = status === 'completed' || status === 'terminated';
  return {
    state: storableJson(state),
    status,
    reason: storableOrNull(reason),
    revision,
    history: storableJson(history),
    now: now.toISOString(),
    endedAt: isOver ? now.toISOString() : null,
    ...effectsByKind(effects),
  };
}

/** Each kind's effects as JSON, for the part that has the kind's name. */
function effectsByKind(effects: readonly Effect[]): Record<string, string> {
  const byKind = new Map<Effect['kind'], Effect[]>();
  for (const effect of effects) byKind.set(effect.kind, [...(byKind.get(effect.kind) ?? []), effect]);
  return Object.fromEntries([...byKind].map(([kind, some]) => [kind, storableJson(some)]));
}
