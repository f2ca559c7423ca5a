import { type SQL, sql } from 'drizzle-orm';
import type { Db } from '../../db/client.ts';
import { selectRows, statement } from '../../db/query.ts';

/** Identifies a request that an external engine must carry out once. */
export interface RequestId {
  engine: string;
  kind: 'start' | 'completion' | 'assignment' | 'job' | 'state';
  key: string;
}

export interface Claim {
  id: RequestId;
  leaseMs: number;
  /**
   * If the request was never claimed before, the claim also records that the engine is about to be asked ({@link noteAsked}).
   */
  asking?: AskedStart | undefined;
}

export type RequestClaim =
  | {
      state: 'claimed';
      attempts: number;
      /** How long ago the engine was last asked, if the outcome is unknown. */
      doubtMs: number | undefined;
      /** Whether it is already recorded that the engine is about to be asked. */
      isAsked: boolean;
    }
  /** Another worker has the lease. */
  | { state: 'busy' }
  | { state: 'done'; result: string };

/** Data stored about a start when the engine is asked for it. */
export interface AskedStart {
  /** Its session. */
  correlationKey?: string | undefined;
  /** {@link StartProcessInstance.hearsAfter} */
  hearsAfter?: number | undefined;
}

const isRequest = ({ engine, kind, key }: RequestId): SQL =>
  sql`engine = ${engine} and kind = ${kind} and key = ${key}`;

const claimStatement = statement(sql`insert into remote_requests
    (engine, kind, key, leased_until, attempts, asked_at, correlation_key, hears_after)
  select engine, kind, key, now() + "leaseMs" * interval '1 millisecond', 1, case when "isAsked" then now() end,
    "correlationKey", "hearsAfter"
  from jsonb_to_recordset(${sql.placeholder('claims')}::jsonb) as x(engine text, kind text, key text, "leaseMs" int,
    "isAsked" boolean, "correlationKey" text, "hearsAfter" bigint)
  order by engine, kind, key
  on conflict (engine, kind, key) do update set leased_until = excluded.leased_until,
    attempts = remote_requests.attempts + 1
    where remote_requests.result is null
      and (remote_requests.leased_until is null or remote_requests.leased_until < now())
  returning engine, kind, key, attempts, extract(epoch from now() - asked_at)::float8 * 1000 as "doubtMs"`);

type ClaimedRow = RequestId & { attempts: number; doubtMs: number | null };

/** Claims requests for a lease, except those that another worker has or that are done. The claims must all differ. */
export async function claimRequests(db: Db, claims: readonly Claim[]): Promise<RequestClaim[]> {
  const rows = claims.map(({ id, leaseMs, asking }) => ({ ...id, leaseMs, isAsked: asking !== undefined, ...asking }));
  const claimed = new Map(
    (await claimStatement<ClaimedRow>(db, { claims: JSON.stringify(rows) })).map((row) => [nameOf(row), row]),
  );
  return Promise.all(
    claims.map(async ({ id, asking }): Promise<RequestClaim> => {
      const row = claimed.get(nameOf(id));
      if (row) {
        const { attempts, doubtMs } = row;
        const isAsked = asking !== undefined && attempts === 1;
        return { state: 'claimed', attempts, doubtMs: isAsked ? undefined : (doubtMs ?? undefined), isAsked };
      }
      const result = await resultOf(db, id);
      return result === undefined ? { state: 'busy' } : { state: 'done', result };
    }),
  );
}

/** Records that the engine is about to be asked. False: the lease was lost, so the engine must not be asked. */
export async function noteAsked(
  db: Db,
  id: RequestId,
  { attempts, leaseMs, correlationKey, hearsAfter }: AskedStart & { attempts: number; leaseMs: number },
): Promise<boolean> {
  const noted = await selectRows(
    db,
    sql`update remote_requests set asked_at = now(), leased_until = now() + ${leaseMs}::int * interval '1 millisecond',
        correlation_key = ${correlationKey ?? null}, hears_after = ${hearsAfter ?? null}::bigint
      where ${isRequest(id)} and attempts = ${attempts}::int and result is null returning key`,
  );
  return noted.length > 0;
}

export interface Settlement {
  id: RequestId;
  result: string;
}

const settleStatement = statement(sql`update remote_requests
  set result = x.result, asked_at = null, leased_until = null
  from (select set_config('synchronous_commit', 'off', true)) as unhurried,
    jsonb_to_recordset(${sql.placeholder('settlements')}::jsonb) as x(engine text, kind text, key text, result text)
  where remote_requests.engine = x.engine and remote_requests.kind = x.kind and remote_requests.key = x.key`);

/**
 * Records results. Does not wait for the disk: if the database server crashes before the data is written, the outcome is
 * unknown again, and the engine is searched for it.
 */
export async function settleRequests(db: Db, settlements: readonly Settlement[]): Promise<void> {
  const rows = settlements.map(({ id, result }) => ({ ...id, result }));
  await settleStatement(db, { settlements: JSON.stringify(rows) });
}

/**
 * Gives up the lease of a request that is not done, so that others may try. `inDoubt`: the outcome of the last call is unknown.
 */
export async function releaseRequest(
  db: Db,
  id: RequestId,
  attempts: number,
  { inDoubt }: { inDoubt: boolean },
): Promise<void> {
  const asked = inDoubt ? sql`asked_at` : sql`null`;
  await db.execute(sql`update remote_requests set leased_until = null, asked_at = ${asked}
    where ${isRequest(id)} and attempts = ${attempts}::int and result is null`);
}

/** A unique text for each request. */
export const nameOf = ({ engine, kind, key }: RequestId): string => `${engine} ${kind} ${key}`;

async function resultOf(db: Db, id: RequestId): Promise<string | undefined> {
  const [row] = await selectRows<{ result: string | null }>(
    db,
    sql`select result from remote_requests where ${isRequest(id)}`,
  );
  return row?.result ?? undefined;
}

/** Key → result, for the requests of a kind that are done. */
export async function resultsOf(
  db: Db,
  { engine, kind }: Omit<RequestId, 'key'>,
  keys: string[],
): Promise<Map<string, string>> {
  if (keys.length === 0) return new Map();
  const rows = await selectRows<{ key: string; result: string }>(
    db,
    sql`select key, result from remote_requests where engine = ${engine} and kind = ${kind} and result is not null
      and key in (select jsonb_array_elements_text(${JSON.stringify(keys)}::jsonb))`,
  );
  return new Map(rows.map(({ key, result }) => [key, result]));
}

/** Stored data of a start that an engine was asked for. */
export interface RequestedStart {
  startId: string;
  /** Null: the instance's key is not known yet. */
  instanceKey: string | null;
  correlationKey: string | null;
  hearsAfter: number | null;
}

/** The starts with these ids. */
export function findStarts(db: Db, engine: string, startIds: string[]): Promise<RequestedStart[]> {
  return selectRows<RequestedStart>(
    db,
    sql`select key as "startId", result as "instanceKey", correlation_key as "correlationKey",
        hears_after::float8 as "hearsAfter" from remote_requests
      where engine = ${engine} and kind = 'start'
        and key in (select jsonb_array_elements_text(${JSON.stringify(startIds)}::jsonb))`,
  );
}

/**
 * The start that created an instance. The business key is no proof: anybody with access to the engine can start an instance
 * with any business key.
 */
export async function startOf(
  db: Db,
  engine: string,
  { id, businessKey }: { id: string; businessKey?: string | null | undefined },
): Promise<RequestedStart | undefined> {
  const [start] = businessKey ? await findStarts(db, engine, [businessKey]) : [];
  return start && (start.instanceKey === null || start.instanceKey === id) ? start : undefined;
}

/** Instance → the start that created it. */
export async function startsOfInstances(
  db: Db,
  engine: string,
  instanceKeys: string[],
): Promise<Map<string, RequestedStart & { isNew: boolean }>> {
  if (instanceKeys.length === 0) return new Map();
  const rows = await selectRows<RequestedStart & { isNew: boolean }>(
    db,
    sql`select key as "startId", result as "instanceKey", correlation_key as "correlationKey",
        hears_after::float8 as "hearsAfter", created_at > now() - interval '10 minutes' as "isNew" from remote_requests
      where engine = ${engine} and kind = 'start'
        and result in (select jsonb_array_elements_text(${JSON.stringify(instanceKeys)}::jsonb))`,
  );
  return new Map(rows.flatMap((row) => (row.instanceKey === null ? [] : [[row.instanceKey, row] as const])));
}

/** Counts an attempt and returns the number of attempts, including this one. */
export async function countAttempt(db: Db, id: RequestId): Promise<number> {
  const [row] = await selectRows<{ attempts: number }>(
    db,
    sql`insert into remote_requests (engine, kind, key, attempts) values (${id.engine}, ${id.kind}, ${id.key}, 1)
      on conflict (engine, kind, key) do update set attempts = remote_requests.attempts + 1 returning attempts`,
  );
  return row?.attempts ?? 1;
}
