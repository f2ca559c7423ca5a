import { sql } from 'drizzle-orm';
import type { Db } from '../../../db/client.ts';
import { selectRows, statement } from '../../../db/query.ts';
import { broadcastSignals } from '../correlation/broadcast-signal.ts';
import { lockCorrelations } from '../correlation/correlation-lock.ts';
import type { Effect } from '../interpreter/effects.ts';
import type { InstanceState } from '../interpreter/instance-state.ts';
import { instanceToLoad, type StoredState, withApart } from './apart-tokens.ts';
import { describeMissing, findCalledVersion } from './called-process.ts';
import type { DefinitionCache } from './definitions.ts';
import { newInstance, type TreeInstance, type TreeStore } from './run-tree.ts';
import { isOtherWait } from './waiting-joins.ts';
import {
  type InstanceWrite,
  insertInstances,
  type Origin,
  prepareInsert,
  prepareUpdate,
  updateInstance,
  writeChange,
} from './write-outcome.ts';

/** Thrown if a version is not in memory; the caller reads it outside the transaction and tries again. */
export class UnknownVersionError extends Error {
  override readonly name = 'UnknownVersionError';
  readonly key: number;
  constructor(key: number) {
    super(`process version ${key} is not loaded`);
    this.key = key;
  }
}

export interface InstanceRow {
  key: string;
  definitionKey: number;
  status: TreeInstance['status'];
  revision: number;
  reason: string | null;
  state: InstanceState;
  /** The stored part of the state. */
  stored: StoredState;
  callerKey: string | null;
  callerToken: number | null;
}

const columns = sql`key::text, definition_key::text as "definitionKey", status, reason, revision, state,
  caller_key::text as "callerKey", caller_token as "callerToken"`;

/**
 * Locks an instance together with the whole tree of calls it belongs to: every command locks the root instance first, so that
 * two commands cannot deadlock.
 *
 * @param token the token that the command is about, if not the process's own
 * @returns the instance, then its callers up to the root; empty if there is no such instance
 */
export async function lockInstances(tx: Db, key: string, token?: number): Promise<InstanceRow[]> {
  const [root] = (await lockStarted<RawRow>(tx, { key })).map(rowOf);
  if (!root) return [];
  const rows = root.key === key ? [root] : (await selectCallers<RawRow>(tx, { key })).map(rowOf);
  const loaded: InstanceRow[] = [];
  for (const [index, row] of rows.entries()) {
    const about = index === 0 ? token : rows[index - 1]?.callerToken;
    loaded.push(await withApart(tx, row, about === undefined || about === null ? [] : [about]));
  }
  return loaded;
}

const lockStarted = statement(sql`select ${columns} from engine_instances
  where key = coalesce((select root_key from engine_instances where key = ${sql.placeholder('key')}::bigint),
    ${sql.placeholder('key')}::bigint)
  for update`);

const selectCallers = statement(sql`with recursive up as (
    select 0 as height, i.* from engine_instances i where i.key = ${sql.placeholder('key')}::bigint
    union all select up.height + 1, i.* from up join engine_instances i on i.key = up.caller_key)
  select ${columns} from up order by height`);

/** @throws UnknownVersionError */
export function treeOf(rows: readonly InstanceRow[], definitions: DefinitionCache): TreeInstance | undefined {
  let tree: TreeInstance | undefined;
  let caller: TreeInstance['caller'];
  for (const row of [...rows].reverse()) {
    tree = instanceOf(row, definitions, caller);
    const below = rows.find(({ callerKey }) => callerKey === row.key);
    caller = { instance: tree, token: below?.callerToken ?? 0 };
  }
  return tree;
}

/** For use in one transaction: instances that were read are cached. */
export function createTreeStore(
  tx: Db,
  { definitions, doesJobs }: { definitions: DefinitionCache; doesJobs: TreeStore['doesJobs'] },
): TreeStore {
  return {
    doesJobs,
    async findCalled(processId, binding, caller) {
      const definitionKey = await findCalledVersion(tx, processId, binding, caller.definitionKey);
      return definitionKey === undefined ? undefined : { definitionKey, model: modelOf(definitions, definitionKey) };
    },
    describeMissing,
    async newKey() {
      const next = sql`select nextval(pg_get_serial_sequence('engine_instances', 'key'))::text as key`;
      const [row] = await selectRows<{ key: string }>(tx, next);
      if (!row) throw new Error('there are no more instance keys');
      return row.key;
    },
    async findChild(caller, token) {
      const [row] = await selectRows<RawRow>(
        tx,
        sql`select ${columns} from engine_instances where caller_key = ${caller.key}::bigint
          and caller_token = ${token}::int and status in ('active', 'incident')`,
      );
      return row && instanceOf(rowOf(row), definitions, { instance: caller, token });
    },
  };
}

export interface TreeToWrite {
  instances: readonly TreeInstance[];
  /** Status before the command, by instance key. */
  before: ReadonlyMap<string, TreeInstance['status']>;
  /** Origin of the root instance, if it is new. */
  start?: Pick<Origin, 'startId' | 'hearsAfter'>;
}

export interface PreparedTree {
  instances: readonly TreeInstance[];
  isChange: boolean;
  /** The instances to insert or update, in this order. */
  writes: { isNew: boolean; write: InstanceWrite }[];
}

const changing = new Set<Effect['kind']>(['openTask', 'changeTask', 'closeTask']);

/**
 * Prepares the changes that a command made to a tree of instances for writing.
 *
 * @throws InterpretationError if a state is too large
 */
export function prepareTree({ instances, before, start }: TreeToWrite, now: Date): PreparedTree {
  const isChanged = ({ key, status, effects, stored, state }: TreeInstance) =>
    status !== before.get(key) || effects.some(({ kind }) => changing.has(kind)) || isOtherWait(stored.state, state);
  const isChange = instances.some(isChanged);
  const writes = instances.map((instance) => {
    const { key, definitionKey, revision, caller } = instance;
    const called = caller && { instanceKey: caller.instance.key, token: caller.token, rootKey: rootOf(instance).key };
    if (revision > 0) {
      const outcome = { ...instance, instanceKey: key, revision: revision + 1, isChange: isChange && !caller };
      return { isNew: false, write: prepareUpdate(outcome, now) };
    }
    const origin = { key, definitionKey, ...(called ? { caller: called } : start) };
    return { isNew: true, write: prepareInsert(origin, instance, now) };
  });
  return { instances, isChange, writes };
}

/**
 * @returns whether listeners must be told of a change; undefined if the start has an instance already, and nothing was written
 */
export async function writeTree(tx: Db, { instances, isChange, writes }: PreparedTree): Promise<boolean | undefined> {
  const effects = instances.flatMap((instance) => instance.effects);
  await lockCorrelations(tx, effects);
  for (const { isNew, write } of writes) {
    if (!isNew) await updateInstance(tx, write);
    else if ((await insertInstances(tx, [write]))[0] === undefined) return undefined;
  }
  await broadcastSignals(tx, effects);
  const [first] = instances;
  const root = first && rootOf(first);
  if (isChange && root && !instances.includes(root)) await writeChange(tx, root.key);
  return isChange;
}

/** The outermost caller of an instance; the instance itself if nothing called it. */
export function rootOf(instance: TreeInstance): TreeInstance {
  return instance.caller ? rootOf(instance.caller.instance) : instance;
}

type RawRow = Omit<InstanceRow, 'definitionKey' | 'stored'> & { definitionKey: string };

const rowOf = (row: RawRow): InstanceRow => ({
  ...row,
  definitionKey: Number(row.definitionKey),
  ...instanceToLoad(row.key, row.state),
});

function instanceOf(row: InstanceRow, definitions: DefinitionCache, caller: TreeInstance['caller']): TreeInstance {
  const { key, definitionKey, status, reason, revision, state, stored } = row;
  const model = modelOf(definitions, definitionKey);
  const instance = newInstance({ key, definitionKey, model }, caller);
  return { ...instance, status, reason: reason ?? undefined, revision, state, stored };
}

function modelOf(definitions: DefinitionCache, key: number) {
  const definition = definitions.peek(key);
  if (!definition) throw new UnknownVersionError(key);
  return definition.model;
}
