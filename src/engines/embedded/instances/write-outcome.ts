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

/** An instance as it is to be written. */
export interface InstanceWrite {
  parts: PartName[];
  /** The members of the JSON object that the statement reads the instance from. */
  members: string;
}

/** @throws InterpretationError if there is no room for it */
export function prepareInsert(
  { definitionKey, startId, hearsAfter, key, caller }: Origin,
  outcome: FirstOutcome,
  now: Date,
): InstanceWrite {
  // Watchers are only told of the root instance.
  const { parts, members } = prepared(outcome, nothingStored, 1, now, {
    key,
    startId,
    definitionKey,
    callerKey: caller?.instanceKey,
    callerToken: caller?.token,
    rootKey: caller?.rootKey,
    hearsAfter,
  });
  return { parts: caller ? parts : [...parts, 'change'], members };
}

/**
 * Writes new instances with all their rows, in one statement.
 *
 * @returns their keys; undefined where the start has an instance already, and then nothing was written of that one
 */
export async function insertInstances(db: Db, writes: readonly InstanceWrite[]): Promise<(string | undefined)[]> {
  const rows = await insertStatement(partsOfAll(writes))<Written>(db, { instances: jsonOf(writes) });
  const keys = new Map(rows.map(({ n, key }) => [n, key]));
  return writes.map((_, n) => keys.get(n));
}

/** Writes what a command made of an instance, in one statement. The caller has locked the instance. */
export async function updateInstance(db: Db, write: InstanceWrite): Promise<void> {
  await updateStatement(write.parts)(db, { instances: jsonOf([write]) });
}

interface Written {
  /** The instance's place among those that were to be written. */
  n: number;
  key: string;
}

const jsonOf = (writes: readonly InstanceWrite[]): string =>
  `[${writes.map(({ members }, n) => `{"n":${n},${members}}`).join()}]`;

/** Sorted, so that there are few different statements. */
const partsOfAll = (writes: readonly InstanceWrite[]): PartName[] =>
  [...new Set(writes.flatMap(({ parts }) => parts))].sort();

export interface OutcomeToWrite extends FirstOutcome {
  stored: StoredState;
  instanceKey: string;
  /** The instance's revision after the command. */
  revision: number;
  /** Whether those who watch the instance are to be told. */
  isChange: boolean;
}

/** @throws InterpretationError if there is no room for it */
export function prepareUpdate(outcome: OutcomeToWrite, now: Date): InstanceWrite {
  const { instanceKey, revision, isChange } = outcome;
  const { parts, members } = prepared(outcome, outcome.stored, revision, now, { key: instanceKey });
  if (freesCorrelationKey(outcome)) parts.push('freeCorrelationKey');
  if (isChange) parts.push('change');
  return { parts, members };
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

/**
 * Writes an outcome as a member list of JSON, for both statements.
 *
 * @throws InterpretationError
 */
function prepared(
  { state, status, reason, effects, history }: FirstOutcome,
  stored: StoredState,
  revision: number,
  now: Date,
  origin: Record<string, unknown>,
): InstanceWrite {
  const isOver = status === 'completed' || status === 'terminated';
  const changed = changeOf(stored, state);
  const own = storableJson({
    ...origin,
    status,
    reason: storableOrNull(reason),
    revision,
    now: now.toISOString(),
    endedAt: isOver ? now.toISOString() : null,
    isToContinue: isToContinue(state),
    ...effectsByKind(effects),
  });
  const parts: PartName[] = [...partsOf(effects), 'history'];
  const members = [own.slice(1, -1), `"history":${storableJson(history)}`];
  if (changed.state) members.push(`"state":${bounded(storableJson(changed.state))}`);
  if (changed.keep.length > 0) {
    parts.push('keepTokens');
    members.push(`"keepTokens":${bounded(storableJson(changed.keep))}`);
  }
  if (changed.drop.length > 0) {
    parts.push('dropTokens');
    members.push(`"dropTokens":${storableJson(changed.drop)}`);
  }
  return { parts, members: members.join() };
}

function effectsByKind(effects: readonly Effect[]): Record<string, Effect[]> {
  const byKind: Record<string, Effect[]> = {};
  for (const effect of effects) {
    byKind[effect.kind] ??= [];
    byKind[effect.kind]?.push(effect);
  }
  return byKind;
}
