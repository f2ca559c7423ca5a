import { sql } from 'drizzle-orm';
import type { Db } from '../../../db/client.ts';
import { storableJson } from '../../../storable.ts';
import { maximumSize, tooLarge } from '../interpreter/bounds.ts';
import type { Effect } from '../interpreter/effects.ts';
import { type InstanceState, rootToken } from '../interpreter/instance-state.ts';
import type { Outcome } from '../interpreter/interpreter.ts';
import { changeOf, nothingStored, type StoredState } from './apart-tokens.ts';
import { InterpretationError } from './interpretation-error.ts';
import { storableOrNull } from './sql-values.ts';
import { change, insertStatement, type PartName, partsOf, updateStatement } from './write-statements.ts';

/** The origin of a new instance. */
export interface Origin {
  definitionKey: number;
  startId?: string;
  /** {@link StartProcessInstance.hearsAfter}; a called instance hears what the one at the root does. */
  hearsAfter?: number | undefined;
  /** Set if it is known already. */
  key?: string;
  caller?: { instanceKey: string; token: number; rootKey: string };
}

type FirstOutcome = Pick<Outcome, 'state' | 'status' | 'reason' | 'effects' | 'history'>;

/** Whether a worker is to go on with what a command has left. */
const isToContinue = ({ pending, tokens }: InstanceState) => pending !== undefined && !tokens[rootToken]?.incident;

/** Writes an instance. Its key; undefined: nothing was written, for the start has an instance already. */
export type PreparedWrite = (db: Db) => Promise<string | undefined>;

/**
 * Writes a new instance with all its rows, in one statement.
 *
 * @returns the instance's key; undefined if the start has an instance already, and then nothing was written
 * @throws InterpretationError if there is no room for it
 */
export async function insertInstance(
  db: Db,
  origin: Origin,
  outcome: FirstOutcome,
  now: Date,
): Promise<string | undefined> {
  return prepareInsert(origin, outcome, now)(db);
}

/** @throws InterpretationError if there is no room for it */
export function prepareInsert(
  { definitionKey, startId, hearsAfter, key, caller }: Origin,
  outcome: FirstOutcome,
  now: Date,
): PreparedWrite {
  // Watchers are only told of the root instance.
  const values = valuesOf(outcome, nothingStored, 1, now);
  const parts: PartName[] = [...partsOf(outcome.effects), ...values.parts, ...(caller ? [] : (['change'] as const))];
  const row = {
    ...values.values,
    key: key ?? null,
    startId: startId ?? null,
    definitionKey,
    callerKey: caller?.instanceKey ?? null,
    callerToken: caller?.token ?? null,
    rootKey: caller?.rootKey ?? null,
    hearsAfter: hearsAfter ?? null,
  };
  return async (db) => (await insertStatement(parts)<{ key: string }>(db, row))[0]?.key;
}

export interface OutcomeToWrite extends FirstOutcome {
  stored: StoredState;
  instanceKey: string;
  /** The instance's revision after the command. */
  revision: number;
  /** Whether those who watch the instance are to be told. */
  isChange: boolean;
}

/**
 * Writes what a command made of an instance, in one statement. The caller has locked the instance.
 *
 * @throws InterpretationError if there is no room for it
 */
export function prepareUpdate(outcome: OutcomeToWrite, now: Date): PreparedWrite {
  const { instanceKey, revision, isChange } = outcome;
  const { values, parts: own } = valuesOf(outcome, outcome.stored, revision, now);
  const parts: PartName[] = [...partsOf(outcome.effects), ...own];
  if (freesCorrelationKey(outcome)) parts.push('freeCorrelationKey');
  if (isChange) parts.push('change');
  const row = { ...values, key: instanceKey };
  return async (db) => {
    await updateStatement(parts)(db, row);
    return instanceKey;
  };
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

/** @throws InterpretationError */
function bounded(json: string): string {
  // A character has three bytes at most.
  if (3 * json.length > maximumSize && Buffer.byteLength(json) > maximumSize) throw new InterpretationError(tooLarge);
  return json;
}

/** Values for the placeholders that both statements share. */
function valuesOf(
  { state, status, reason, effects, history }: FirstOutcome,
  stored: StoredState,
  revision: number,
  now: Date,
): { values: Record<string, unknown>; parts: PartName[] } {
  const isOver = status === 'completed' || status === 'terminated';
  const changed = changeOf(stored, state);
  const parts: PartName[] = ['history'];
  if (changed.keep.length > 0) parts.push('keepTokens');
  if (changed.drop.length > 0) parts.push('dropTokens');
  const values = {
    state: changed.state ? bounded(storableJson(changed.state)) : null,
    ...(changed.keep.length > 0 && { keepTokens: bounded(storableJson(changed.keep)) }),
    ...(changed.drop.length > 0 && { dropTokens: storableJson(changed.drop) }),
    status,
    reason: storableOrNull(reason),
    revision,
    history: storableJson(history),
    now: now.toISOString(),
    endedAt: isOver ? now.toISOString() : null,
    isToContinue: isToContinue(state),
    ...effectsByKind(effects),
  };
  return { values, parts };
}

/** The effects of each kind as JSON, by kind. */
function effectsByKind(effects: readonly Effect[]): Record<string, string> {
  const byKind = new Map<Effect['kind'], Effect[]>();
  for (const effect of effects) {
    const some = byKind.get(effect.kind);
    if (some) some.push(effect);
    else byKind.set(effect.kind, [effect]);
  }
  return Object.fromEntries([...byKind].map(([kind, some]) => [kind, storableJson(some)]));
}
