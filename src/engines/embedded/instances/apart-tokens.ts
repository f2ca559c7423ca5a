import { sql } from 'drizzle-orm';
import type { Db } from '../../../db/client.ts';
import { selectRows } from '../../../db/query.ts';
import { type InstanceState, type Token, tokenAt } from '../interpreter/instance-state.ts';
import { initialState } from '../interpreter/interpreter.ts';
import { type Sweep, tokenOf } from '../interpreter/steps.ts';

/**
 * An instance's state as stored. The tokens of a long multi-instance activity, and of each of its instances, are stored
 * separately in rows of their own, so that a command reads and writes only those that it needs.
 */
export interface StoredState {
  state: InstanceState;
  /** The separately stored tokens that were loaded. */
  apart: ReadonlyMap<number, Token>;
}

export const nothingStored: StoredState = { state: initialState, apart: new Map() };

/** A separately stored token. `branch`: the outermost token that is stored with it. */
interface ApartToken {
  token: number;
  branch: number;
  scope: number | null;
  data: Token;
}

/** The changes that a command made to a stored state. */
export interface StateChange {
  /** Undefined if unchanged. */
  state: InstanceState | undefined;
  keep: ApartToken[];
  drop: { token: number }[];
}

export interface InstanceToLoad {
  key: string;
  state: InstanceState;
  stored: StoredState;
}

/** Wraps a state that was just read. */
export function instanceToLoad(key: string, state: InstanceState): InstanceToLoad {
  return { key, state, stored: { state, apart: new Map() } };
}

/** Loads the separately stored tokens that a command on these tokens needs. */
export async function withApart<Instance extends InstanceToLoad>(
  db: Db,
  instance: Instance,
  tokens: readonly number[],
): Promise<Instance> {
  const { key, state } = instance;
  const wanted = tokens.filter((token) => !tokenAt(state, token));
  if (wanted.length === 0 || !hasApart(state)) return instance;
  const rows = await selectRows<ApartToken>(
    db,
    sql`with recursive b(branch) as (
        select branch from engine_tokens where instance_key = ${key}::bigint
          and token in (select value::int from jsonb_array_elements_text(${JSON.stringify(wanted)}::jsonb))
        union
        select up.branch from b join engine_tokens head on head.instance_key = ${key}::bigint and head.token = b.branch
          join engine_tokens up on up.instance_key = ${key}::bigint and up.token = head.scope)
      select t.token, t.branch, t.scope, t.data from b
      join engine_tokens t on t.instance_key = ${key}::bigint and t.branch = b.branch order by t.branch, t.token`,
  );
  return withRows(instance, rows, 'in their scopes');
}

/** Number of tokens ended by one command: each may end others, and a called process. */
const sweptTogether = 25;

/** Loads the separately stored tokens that the pending steps need. */
export async function withPending<Instance extends InstanceToLoad>(db: Db, instance: Instance): Promise<Instance> {
  const tokens = instance.state.pending?.flatMap((step) => (step.kind === 'sweep' ? [] : tokenOf(step))) ?? [];
  return withSwept(db, await withApart(db, instance, [...new Set(tokens)]));
}

/** Loads some of the tokens that are to end because their scope has ended. */
async function withSwept<Instance extends InstanceToLoad>(db: Db, instance: Instance): Promise<Instance> {
  const { key, state } = instance;
  const sweep = state.pending?.find((step): step is Sweep => step.kind === 'sweep');
  if (!sweep) return instance;
  const rows = await selectRows<ApartToken>(
    db,
    sql`with heads as (
        select token from engine_tokens where instance_key = ${key}::bigint and scope = ${sweep.scope}::int
          and token = branch and token < ${sweep.before}::int order by token limit ${sweptTogether})
      select t.token, t.branch, t.scope, t.data from heads h
      join engine_tokens t on t.instance_key = ${key}::bigint and t.branch = h.token order by t.branch, t.token`,
  );
  const loaded = new Set(rows.map(({ branch }) => branch)).size;
  const pending = state.pending?.map((step) => (step === sweep ? { ...sweep, loaded } : step)) ?? [];
  return withRows({ ...instance, state: { ...state, pending } }, rows, 'to end');
}

/**
 * Adds separately stored tokens. Scopes come before their content, since they have lower keys. `in their scopes`: without
 * tokens whose scope has ended.
 */
function withRows<Instance extends InstanceToLoad>(
  instance: Instance,
  rows: readonly ApartToken[],
  how: 'in their scopes' | 'to end',
): Instance {
  const { stored } = instance;
  const state = { ...instance.state, tokens: { ...instance.state.tokens } };
  const apart = new Map(stored.apart);
  const gone = new Set<number>();
  for (const row of rows) {
    const { token, branch, scope, data } = row;
    const isInScope = token === branch && how === 'in their scopes';
    if (isInScope && isSwept(state, row)) gone.add(branch);
    if (gone.has(branch)) continue;
    apart.set(token, data);
    state.tokens[token] = data;
    if (data.incident) state.stopped = (state.stopped ?? 0) - 1;
    const around = state.tokens[scope ?? 0];
    if (isInScope && around) state.tokens[scope ?? 0] = { ...around, ...counted(around, data.element, -1) };
  }
  if (!state.stopped) delete state.stopped;
  return { ...instance, state, stored: { ...stored, apart } };
}

/** Whether the scope of a token has ended, so that nothing can happen to the token any more. */
function isSwept({ tokens, pending = [] }: InstanceState, { token, scope }: ApartToken): boolean {
  if (scope === null || !tokens[scope]) return true;
  return pending.some((step) => step.kind === 'sweep' && step.scope === scope && token < step.before);
}

function counted({ apart = {} }: Token, element: string, by: number): Pick<Token, 'apart'> {
  return { apart: { ...apart, [element]: (apart[element] ?? 0) + by } };
}

/** The changes to write, given the stored state. */
export function changeOf(stored: StoredState, state: InstanceState): StateChange {
  // Almost every command changes the state of an ordinary instance.
  if (stored.apart.size === 0 && !hasApart(state)) return { state, keep: [], drop: [] };
  const { main, apart } = split(state);
  const keep = [...apart.values()].filter(({ token, data }) => !isSame(stored.apart.get(token), data));
  const drop = [...stored.apart.keys()].filter((token) => !apart.has(token)).map((token) => ({ token }));
  return { state: isSameState(stored.state, main) ? undefined : main, keep, drop };
}

function hasApart({ tokens }: InstanceState): boolean {
  for (const key in tokens) if (tokens[key]?.spread || tokens[key]?.apart) return true;
  return false;
}

function split(state: InstanceState): { main: InstanceState; apart: Map<number, ApartToken> } {
  const apart = new Map<number, ApartToken>();
  const tokens: InstanceState['tokens'] = {};
  let stopped = state.stopped ?? 0;
  // A scope comes before its content, since it has a lower key.
  for (const [name, token] of Object.entries(state.tokens)) {
    const [key, scope] = [Number(name), token.scope ?? null];
    const data = withoutNone(token);
    const around = scope === null ? undefined : (apart.get(scope)?.data ?? tokens[scope]);
    const isHead = token.spread === true || around?.spread === true;
    const branch = isHead ? key : apart.get(scope ?? 0)?.branch;
    if (branch === undefined) {
      tokens[key] = data;
      continue;
    }
    apart.set(key, { token: key, branch, scope, data });
    if (token.incident) stopped += 1;
    if (isHead && around) Object.assign(around, counted(around, token.element, 1));
  }
  const { stopped: _, ...rest } = state;
  return { main: { ...rest, tokens, ...(stopped > 0 && { stopped }) }, apart };
}

/** A copy without the counts of elements that have no separately stored tokens left. */
function withoutNone({ apart, ...token }: Token): Token {
  const left = Object.entries(apart ?? {}).filter(([, count]) => count > 0);
  return { ...token, ...(left.length > 0 && { apart: Object.fromEntries(left) }) };
}

function isSameState(before: InstanceState, after: InstanceState): boolean {
  if (before.next !== after.next || before.stopped !== after.stopped || before.pending || after.pending) return false;
  const keys = Object.keys(after.tokens);
  return (
    keys.length === Object.keys(before.tokens).length &&
    keys.every((key) => isSame(before.tokens[key], after.tokens[key]))
  );
}

/** Compares tokens, except for their counts; other parts are replaced when they change. */
function isSame(before: Token | undefined, after: Token | undefined): boolean {
  if (!before || !after) return before === after;
  const names = [...Object.keys(before), ...Object.keys(after)] as (keyof Token)[];
  return names.every(
    (name) =>
      before[name] === after[name] ||
      (name === 'apart' && JSON.stringify(before.apart) === JSON.stringify(after.apart)),
  );
}
