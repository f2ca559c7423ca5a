import { type Placeholder, type SQL, sql } from 'drizzle-orm';
import type { QueueState } from '../metrics/queue-gauges.ts';
import type { Db } from './client.ts';
import { gathered } from './gathered.ts';
import { type Statement, statement } from './query.ts';

/**
 * A queue in columns of a table: `due_at`, `attempts` and `unfinished`, each with the queue's prefix. An item is a row. Its
 * `due_at` is null if there is nothing to do, the time from which it can be claimed, the end of a lease while a worker has it,
 * or `infinity` if it was set aside. All times are the database's.
 */
export interface DueQueueOptions {
  table: string;
  /** Columns of the primary key. */
  key: readonly string[];
  /** Prefix of the queue's columns, if the table has several queues: `join_`. */
  prefix?: string;
  /** The columns that a claim returns, as named SQL expressions. */
  columns: SQL;
  /** SQL condition for items that can be claimed; its placeholders get their values with each call. */
  condition?: SQL;
  /** The column with an item's kind, if a claim says how many of each kind to take. */
  room?: string;
  /** Other tables that {@link columns} reads, and the condition that joins them to the item. */
  from?: { tables: SQL; on: SQL };
  /** Whether finishing an item deletes its row or clears its due time. */
  finished: 'delete' | 'clear';
}

/** A worker's lease on an item. */
export interface Lease {
  /** Identifies the lease: its end, as the database writes it. Changes with every renewal. */
  lease: string;
  /** Attempts since the last success, including this one. */
  attempts: number;
  /** Attempts in a row that ended without a report, including this one. */
  unfinished: number;
}

export type Claimed<Item> = Item & Lease;

type Values = Readonly<Record<string, unknown>>;

/** How many items of each kind a claim takes. */
export type Room = readonly { kind: string; free: number }[];

export interface ClaimRequest {
  /** Maximum number of items; with {@link DueQueueOptions.room}, of each kind. */
  limit: number | Room;
  leaseMs: number;
  /**
   * Whether to claim suspects, items whose last attempt ended without a report, instead of all others. With kinds, one suspect
   * is claimed.
   */
  suspects?: boolean;
  /** Values for the condition's placeholders. */
  values?: Values;
}

/** Milliseconds until the next item is due; at most 0 if one is due now; undefined if there is none. */
export interface NextDue {
  ordinary: number | undefined;
  suspect: number | undefined;
}

export interface DueQueue<Item> {
  /** Table name, with the queue's prefix if there is one: `starts`, `starts_activity`. */
  name: string;
  /** The number of items of all kinds; due items are counted up to {@link mostCounted}. */
  state(db: Db, values?: Values): Promise<QueueState>;
  /**
   * Claims the items that have been due longest, for a lease. Items with an expired lease count as due: their worker crashed.
   */
  claim(db: Db, request: ClaimRequest): Promise<Claimed<Item>[]>;
  /** Claims one item if it is due; waits for a lock on its row. `key`: as in {@link DueQueueOptions.key}. */
  claimOne(db: Db, key: Values, leaseMs: number): Promise<Claimed<Item> | undefined>;
  /** Extends the lease. Returns false if it was lost. */
  renew(db: Db, item: Claimed<Item>, leaseMs: number): Promise<boolean>;
  /** Finishes the item. If it was marked since it was claimed, it is due again at once; otherwise `isOver` is called. */
  finish(db: Db, item: Claimed<Item>, isOver?: () => void): Promise<void>;
  /** The attempt succeeded, and there is more to do later. */
  postpone(db: Db, item: Claimed<Item>, delayMs: number): Promise<void>;
  /** It is too early: this does not count as an attempt. */
  defer(db: Db, item: Claimed<Item>, delayMs: number): Promise<void>;
  /** The attempt failed; try again later. */
  retry(db: Db, item: Claimed<Item>, delayMs: number): Promise<void>;
  /** Stops trying until something makes the item due again. */
  setAside(db: Db, item: Claimed<Item>): Promise<void>;
  /** The attempt has ended, but its outcome is not recorded. The lease stays. */
  noteEnd(db: Db, item: Claimed<Item>): Promise<void>;
  /** SQL expressions for when the next items are due, with the placeholders of {@link nextDueOf}. */
  readonly next: { ordinary: SQL; suspect: SQL };
  /** SQL condition on an item's row: the worker still holds the lease. */
  isHeld(item: Claimed<Item>): SQL;
}

/** Lease ends are whole milliseconds, so that they identify the lease even after marks moved them by microseconds. */
const leaseEnd = (leaseMs: SQL) =>
  sql`date_trunc('milliseconds', now()) + ${leaseMs}::float8 * interval '1 millisecond'`;

/** The end of a lease that starts now, for a row that is inserted as already claimed. */
export const leaseFor = (leaseMs: number | Placeholder): SQL => leaseEnd(sql`${leaseMs}`);

/**
 * New value of a due column: the item has something to do. If a worker has it, the lease is moved by a microsecond: no second
 * worker claims the item, and the first one notices that there is more to do. Items that were postponed or set aside stay so.
 */
export const marked = (due: SQL): SQL =>
  sql`greatest(date_trunc('milliseconds', ${due}) + interval '1 microsecond', now())`;

/**
 * Whether an item with this due time was set aside. JavaScript has no infinite dates: both drivers read `infinity` as an
 * invalid Date.
 */
export const isSetAside = (dueAt: Date | null): boolean => dueAt !== null && Number.isNaN(dueAt.getTime());

/** Maximum that is counted: counting a large backlog would slow down working it off. */
const mostCounted = 10_000;

const value = sql.placeholder;

/** Builds the queue's statements once. */
export function dueQueue<Item>(options: DueQueueOptions): DueQueue<Item> {
  const { table, key, prefix = '', columns, condition = sql`true`, room, from, finished } = options;
  const item = sql.identifier(table);
  const column = (name: string) => sql`${sql.identifier(`${prefix}${name}`)}`;
  const dueAt = column('due_at');
  const attempts = column('attempts');
  const unfinished = column('unfinished');
  const of = (name: SQL) => sql`${item}.${name}`;
  const isThis = sql.join(
    key.map((name) => sql`${item}.${sql.identifier(name)} = ${value(name)}`),
    sql` and `,
  );
  // As text, which both drivers pass without loss.
  const lease = sql`${value('lease')}::text::timestamptz`;
  const isHeld = (end: SQL) => sql`${dueAt} >= ${end} and ${dueAt} < ${end} + interval '1 millisecond'`;
  const held = sql`${isThis} and ${isHeld(lease)}`;
  const later = sql`now() + ${value('delayMs')}::float8 * interval '1 millisecond'`;

  const claim = (which: SQL) => sql`update ${item} set ${dueAt} = ${leaseEnd(sql`${value('leaseMs')}`)},
      ${attempts} = ${of(attempts)} + 1, ${unfinished} = ${of(unfinished)} + 1
    ${from ? sql`from ${from.tables}` : sql``} where ${which} ${from ? sql`and ${from.on}` : sql``}
    returning ${columns}, ${of(dueAt)}::text as lease, ${of(attempts)} as attempts, ${of(unfinished)} as unfinished`;
  const rooms = sql`jsonb_to_recordset(${value('room')}::jsonb) as room(kind text, free int)`;
  const kind = room === undefined ? undefined : sql`${sql.identifier(room)}`;
  const isOfKind = kind ? sql`${kind} = room.kind and` : sql``;
  /** Finds rows by an array of their ctids: a plan that uses the index, however many rows are due. */
  const claimSome = (suspicion: SQL, atOnce: SQL) => {
    const due = (limit: SQL) => sql`select ctid from ${item}
      where ${isOfKind} ${suspicion} and ${dueAt} <= now() and ${condition}
      order by ${dueAt} limit ${limit} for update skip locked`;
    const places = kind
      ? sql`select place.ctid from ${rooms} cross join lateral (${due(sql`room.free`)}) place limit ${atOnce}`
      : due(sql`${value('limit')}::int`);
    return statement(claim(sql`${of(sql`ctid`)} = any(array(${places}))`));
  };
  const claimOrdinary = claimSome(sql`${unfinished} = 0`, sql`all`);
  const claimSuspects = claimSome(sql`${unfinished} > 0`, sql`1`);
  const claimOne = statement(claim(sql`${isThis} and ${dueAt} <= now() and ${condition}`));

  const next = (suspicion: SQL) => {
    const soonest = sql`select ${dueAt} as at from ${item}
      where ${isOfKind} ${suspicion} and ${dueAt} < 'infinity' and ${condition} order by ${dueAt} limit 1`;
    return kind
      ? sql`(select min(soonest.at) from ${rooms} cross join lateral (${soonest}) soonest)`
      : sql`(${soonest})`;
  };

  const stateNow = statement(sql`select count(*)::int as due,
      coalesce(extract(epoch from now() - min(at)), 0)::float8 as "ageSeconds",
      (select count(*) from (select 1 from ${item}
        where ${unfinished} = 0 and ${dueAt} = 'infinity' and ${condition} limit ${sql.raw(`${mostCounted}`)}) gone
      )::int as "setAside"
    from (${sql.join(
      [sql`= 0`, sql`> 0`].map(
        (suspicion) => sql`(select ${dueAt} as at from ${item} where ${unfinished} ${suspicion} and ${dueAt} <= now()
          and ${condition} order by ${dueAt} limit ${sql.raw(`${mostCounted}`)})`,
      ),
      sql` union all `,
    )}) due`);

  const renew =
    statement(sql`update ${item} set ${dueAt} = ${leaseEnd(sql`${value('leaseMs')}`)} + (${dueAt} - ${lease})
    where ${held} returning date_trunc('milliseconds', ${dueAt})::text as lease`);
  const settle = (due: SQL, tries: SQL) =>
    statement(sql`update ${item} set ${dueAt} = ${due}, ${attempts} = ${tries}, ${unfinished} = 0 where ${held}
      returning ${dueAt} is null as "isOver"`);
  const isNamed = sql.join(
    key.map((name) => sql`${item}.${sql.identifier(name)} = named.${sql.identifier(name)}`),
    sql` and `,
  );
  const [first = ''] = key;
  /** Items with their leases in the column of their due time. */
  const named = sql`named as materialized (
    select * from jsonb_populate_recordset(null::${item}, ${value('items')}::jsonb) with ordinality)`;
  // Has Postgres look the rows up, however many there are.
  const areNamed = sql`${item}.${sql.identifier(first)} = any(array(select ${sql.identifier(first)} from named)) and ${isNamed}`;
  const dropAll = statement(sql`with ${named} delete from ${item} using named
    where ${areNamed} and ${of(dueAt)} = named.${dueAt} returning named.ordinality::int as place`);
  const drop = gathered({
    async query(db, items: Readonly<Record<string, unknown>>[]) {
      const dropped = await dropAll<{ place: number }>(db, { items: JSON.stringify(items) });
      const places = new Set(dropped.map(({ place }) => place));
      return items.map((_, index) => places.has(index + 1));
    },
  });
  const deferAll = statement(sql`with ${named} update ${item}
    set ${dueAt} = now() + (${value('delays')}::jsonb ->> (named.ordinality::int - 1))::float8 * interval '1 millisecond',
      ${attempts} = greatest(${of(attempts)} - 1, 0), ${unfinished} = 0
    from named where ${areNamed} and ${of(dueAt)} >= named.${dueAt}
      and ${of(dueAt)} < named.${dueAt} + interval '1 millisecond'`);
  const defer = gathered({
    async query(db, deferred: { item: Readonly<Record<string, unknown>>; delayMs: number }[]) {
      const items = JSON.stringify(deferred.map((one) => one.item));
      await deferAll(db, { items, delays: JSON.stringify(deferred.map(({ delayMs }) => delayMs)) });
      return deferred.map(() => undefined);
    },
  });
  const again = settle(sql`now()`, sql`0`);
  const clear = settle(sql`case when ${dueAt} = ${lease} then null else now() end`, sql`0`);
  const postpone = settle(later, sql`0`);
  const retry = settle(later, attempts);
  const setAside = settle(sql`'infinity'`, sql`0`);
  const noteEnd = settle(dueAt, attempts);

  const valuesOf = (claimed: Claimed<Item> | Values, names: readonly string[]) => {
    const known = claimed as Readonly<Record<string, unknown>>;
    return Object.fromEntries(names.map((name) => [name, known[name] ?? known[camelCase(name)]]));
  };
  const withLease = (claimed: Claimed<Item>) => ({ ...valuesOf(claimed, key), [`${prefix}due_at`]: claimed.lease });
  /**
   * The last renewal or report of each item. They run one after another: a report that names a lease which a renewal has just
   * replaced would change nothing, and the item would come back when that lease expires.
   */
  const latest = new WeakMap<Claimed<Item>, Promise<unknown>>();
  const inTurn = <Result>(claimed: Claimed<Item>, work: () => Promise<Result>): Promise<Result> => {
    const turn = Promise.resolve(latest.get(claimed)).then(work);
    latest.set(
      claimed,
      turn.catch(() => {}),
    );
    return turn;
  };
  const run =
    (query: Statement) =>
    (db: Db, claimed: Claimed<Item>, values: Values = {}): Promise<void> =>
      inTurn(claimed, async () => {
        await query(db, { ...valuesOf(claimed, key), lease: claimed.lease, ...values });
      });
  return {
    name: prefix === '' ? table : `${table}_${prefix.replace(/_$/, '')}`,
    async state(db, values = {}) {
      const [state] = await stateNow<QueueState>(db, values);
      return state ?? { due: 0, ageSeconds: 0, setAside: 0 };
    },
    claim: (db, { limit, leaseMs, suspects = false, values = {} }) =>
      (suspects ? claimSuspects : claimOrdinary)(db, { ...values, ...roomOf(limit), leaseMs }),
    async claimOne(db, keys, leaseMs) {
      const [claimed] = await claimOne<Claimed<Item>>(db, { ...valuesOf(keys, key), leaseMs });
      return claimed;
    },
    renew: (db, claimed, leaseMs) =>
      inTurn(claimed, async () => {
        const values = { ...valuesOf(claimed, key), lease: claimed.lease, leaseMs };
        const [renewed] = await renew<{ lease: string }>(db, values);
        if (renewed) claimed.lease = renewed.lease;
        return renewed !== undefined;
      }),
    finish: (db, claimed, isOver = () => {}) =>
      inTurn(claimed, async () => {
        const values = { ...valuesOf(claimed, key), lease: claimed.lease };
        if (finished === 'clear') {
          const [cleared] = await clear<{ isOver: boolean }>(db, values);
          return cleared?.isOver ? isOver() : undefined;
        }
        const isDropped = await drop(db, withLease(claimed));
        // A separate statement, which sees the mark that the previous one waited for.
        if (isDropped) isOver();
        else await again(db, values);
      }),
    postpone: (db, claimed, delayMs) => run(postpone)(db, claimed, { delayMs }),
    defer: (db, claimed, delayMs) => inTurn(claimed, () => defer(db, { item: withLease(claimed), delayMs })),
    retry: (db, claimed, delayMs) => run(retry)(db, claimed, { delayMs }),
    setAside: run(setAside),
    async noteEnd(db, claimed) {
      // Nothing waits for this one: it changes no lease, and may itself wait for a transaction that is about to report.
      await latest.get(claimed);
      await noteEnd(db, { ...valuesOf(claimed, key), lease: claimed.lease });
    },
    next: { ordinary: next(sql`${unfinished} = 0`), suspect: next(sql`${unfinished} > 0`) },
    isHeld: (claimed) => sql`(${isHeld(sql`${claimed.lease}::text::timestamptz`)})`,
  };
}

/** A queue whose items are built from the rows that its claims return. */
export function dueQueueOf<Row extends object, Item extends object>(
  queue: DueQueue<Row>,
  itemOf: (claimed: Claimed<Row>) => Claimed<Item>,
): DueQueue<Item> {
  return {
    ...(queue as DueQueue<object>),
    claim: async (db, request) => (await queue.claim(db, request)).map(itemOf),
    async claimOne(db, key, leaseMs) {
      const claimed = await queue.claimOne(db, key, leaseMs);
      return claimed && itemOf(claimed);
    },
  };
}

/** Milliseconds until the next item is due in any of the queues. Builds its statement once. */
export function nextDueOf(
  queues: readonly Pick<DueQueue<object>, 'next'>[],
): (db: Db, request?: { room?: Room; values?: Values }) => Promise<NextDue> {
  const msUntil = (kind: keyof NextDue) => {
    const times = queues.map(({ next }) => next[kind]);
    return sql`ceil(extract(epoch from least(${sql.join(times, sql`, `)}) - now()) * 1000)::float8`;
  };
  const nextDue = statement(sql`select ${msUntil('ordinary')} as ordinary, ${msUntil('suspect')} as suspect`);
  return async (db, { room = [], values = {} } = {}) => {
    const [row] = await nextDue<{ ordinary: number | null; suspect: number | null }>(db, {
      ...values,
      ...roomOf(room),
    });
    return { ordinary: row?.ordinary ?? undefined, suspect: row?.suspect ?? undefined };
  };
}

const roomOf = (limit: number | Room) =>
  typeof limit === 'number' ? { limit } : { room: JSON.stringify(limit.filter(({ free }) => free > 0)) };

/** `instance_key` → `instanceKey` */
function camelCase(name: string): string {
  return name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}
