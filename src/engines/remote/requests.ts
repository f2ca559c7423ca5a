import { type SQL, sql } from 'drizzle-orm';
import type { Db } from '../../db/client.ts';
import { selectRows } from '../../db/query.ts';

/** Something that an engine elsewhere is asked to do once. */
export interface RequestId {
  engine: string;
  kind: 'start' | 'completion' | 'job' | 'state';
  key: string;
}

export type RequestClaim =
  /** `doubtMs`: how long ago the engine was asked the last time, if nobody knows what came of that. */
  | { state: 'claimed'; attempts: number; doubtMs: number | undefined }
  /** Somebody else is at it. */
  | { state: 'busy' }
  | { state: 'done'; result: string };

const isRequest = ({ engine, kind, key }: RequestId): SQL =>
  sql`engine = ${engine} and kind = ${kind} and key = ${key}`;

/** Takes the request for a lease, unless somebody else has it or it is done. */
export async function claimRequest(db: Db, id: RequestId, leaseMs: number): Promise<RequestClaim> {
  const lease = sql`now() + ${leaseMs}::int * interval '1 millisecond'`;
  const [claimed] = await selectRows<{ attempts: number; doubtMs: number | null }>(
    db,
    sql`insert into remote_requests (engine, kind, key, leased_until, attempts)
      values (${id.engine}, ${id.kind}, ${id.key}, ${lease}, 1)
      on conflict (engine, kind, key) do update set leased_until = excluded.leased_until,
        attempts = remote_requests.attempts + 1
        where remote_requests.result is null
          and (remote_requests.leased_until is null or remote_requests.leased_until < now())
      returning attempts, extract(epoch from now() - asked_at)::float8 * 1000 as "doubtMs"`,
  );
  if (claimed) return { state: 'claimed', attempts: claimed.attempts, doubtMs: claimed.doubtMs ?? undefined };
  const result = await resultOf(db, id);
  return result === undefined ? { state: 'busy' } : { state: 'done', result };
}

export interface AskedRequest {
  attempts: number;
  leaseMs: number;
  /** For a start: its session, and {@link StartProcessInstance.hearsAfter}. */
  correlationKey?: string | undefined;
  hearsAfter?: number | undefined;
}

/** The engine is about to be asked. False: the lease is not ours any more, so it must not be. */
export async function noteAsked(
  db: Db,
  id: RequestId,
  { attempts, leaseMs, correlationKey, hearsAfter }: AskedRequest,
): Promise<boolean> {
  const noted = await selectRows(
    db,
    sql`update remote_requests set asked_at = now(), leased_until = now() + ${leaseMs}::int * interval '1 millisecond',
        correlation_key = ${correlationKey ?? null}, hears_after = ${hearsAfter ?? null}::bigint
      where ${isRequest(id)} and attempts = ${attempts}::int and result is null returning key`,
  );
  return noted.length > 0;
}

/** It is done. */
export async function settleRequest(db: Db, id: RequestId, result: string): Promise<void> {
  await db.execute(sql`update remote_requests set result = ${result}, asked_at = null, leased_until = null
    where ${isRequest(id)}`);
}

/** It is not done, and others may try. `inDoubt`: nobody knows what came of the latest call. */
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

async function resultOf(db: Db, id: RequestId): Promise<string | undefined> {
  const [row] = await selectRows<{ result: string | null }>(
    db,
    sql`select result from remote_requests where ${isRequest(id)}`,
  );
  return row?.result ?? undefined;
}

/** Key → result, of those requests of a kind that are done. */
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

/** What is kept of a start that an engine was asked for. */
export interface RequestedStart {
  startId: string;
  /** Null: nobody has heard of its instance yet. */
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
 * The start that an instance came of. Its business key alone does not say so: anybody at the engine can begin an instance
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

/** Instance → the start that it came of. */
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

/** How often the request was begun, this time included. */
export async function countAttempt(db: Db, id: RequestId): Promise<number> {
  const [row] = await selectRows<{ attempts: number }>(
    db,
    sql`insert into remote_requests (engine, kind, key, attempts) values (${id.engine}, ${id.kind}, ${id.key}, 1)
      on conflict (engine, kind, key) do update set attempts = remote_requests.attempts + 1 returning attempts`,
  );
  return row?.attempts ?? 1;
}
