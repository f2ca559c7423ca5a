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
  /** {@link StartProcessInstance.hearsAfter}; a called instance has that of its root. */
  hearsAfter?: number | undefined;
  /** The instance's key, if it is known already. */
  key?: string;
  caller?: { instanceKey: string; token: number; rootKey: string };
}

type FirstOutcome = Pick<Outcome, 'state' | 'status' | 'reason' | 'effects' | 'history'>;

/** Whether a worker must continue the steps that a command left. */
const isToContinue = ({ pending, tokens }: InstanceState) => pending !== undefined && !tokens[rootToken]?.incident;

/** An instance to be written. */
export interface InstanceWrite {
  parts: PartName[];
  /** The members of the JSON object that is the statement's input. */
  members: string;
}

/** @throws InterpretationError if the state is too large */
export function prepareInsert(
  { definitionKey, startId, hearsAfter, key, caller }: Origin,
  outcome: FirstOutcome,
  now: Date,
): InstanceWrite {
  // Changes are reported for the root instance only.
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

/** A new instance that was written. */
export interface Inserted {
  key: string;
  /** The lease under which its change is claimed; null if it is not. */
  lease: string | null;
}

/**
 * Writes new instances with all their rows, in one statement. The changes of the first `room` instances are claimed.
 *
 * @returns undefined for an instance whose start has one already, of which nothing was written
 */
export async function insertInstances(
  db: Db,
  writes: readonly InstanceWrite[],
  { room, leaseMs } = { room: 0, leaseMs: 0 },
): Promise<(Inserted | undefined)[]> {
  const values = { instances: jsonOf(writes), room, leaseMs };
  const rows = await insertStatement(partsOfAll(writes))<Inserted & { n: number }>(db, values);
  const inserted: (Inserted | undefined)[] = writes.map(() => undefined);
  for (const { n, key, lease } of rows) inserted[n] = { key, lease: n < room ? lease : null };
  return inserted;
}

/** Updates an instance with all its rows after a command, in one statement. The caller has locked the instance. */
export async function updateInstance(db: Db, write: InstanceWrite): Promise<void> {
  await updateStatement(write.parts)(db, { instances: jsonOf([write]) });
}

const jsonOf = (writes: readonly InstanceWrite[]): string =>
  `[${writes.map(({ members }, n) => `{"n":${n},${members}}`).join()}]`;

/** Sorted, to keep the number of different statements small. */
const partsOfAll = (writes: readonly InstanceWrite[]): PartName[] =>
  [...new Set(writes.flatMap(({ parts }) => parts))].sort();

export interface OutcomeToWrite extends FirstOutcome {
  stored: StoredState;
  instanceKey: string;
  /** The instance's revision after the command. */
  revision: number;
  /** Whether listeners must be told of a change. */
  isChange: boolean;
}

/** @throws InterpretationError if the state is too large */
export function prepareUpdate(outcome: OutcomeToWrite, now: Date): InstanceWrite {
  const { instanceKey, revision, isChange } = outcome;
  const { parts, members } = prepared(outcome, outcome.stored, revision, now, { key: instanceKey });
  if (freesCorrelationKey(outcome)) parts.push('freeCorrelationKey');
  if (isChange) parts.push('change');
  return { parts, members };
}

/** Records a change of an instance because of a change in one that it called. */
export async function writeChange(db: Db, instanceKey: string): Promise<void> {
  await db.execute(sql`with i as (
      update engine_instances set revision = revision + 1 where key = ${instanceKey}::bigint returning key)
    ${change}`);
}

/**
 * Whether an instance that an event started has ended: messages with its correlation key may be waiting to start the next one.
 */
export function freesCorrelationKey({ status, state }: Pick<Outcome, 'status' | 'state'>): boolean {
  return (status === 'completed' || status === 'terminated') && state.tokens[rootToken]?.startedBy !== undefined;
}

/** @throws InterpretationError */
function bounded(json: string): string {
  // A UTF-16 unit takes at most three bytes in UTF-8.
  if (3 * json.length > maximumSize && Buffer.byteLength(json) > maximumSize) throw new InterpretationError(tooLarge);
  return json;
}

/**
 * Writes an outcome as a list of JSON members, for inserts and updates.
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
