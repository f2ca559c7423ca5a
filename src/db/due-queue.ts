import { type SQL, sql } from 'drizzle-orm';
import type { QueueState } from '../metrics/queue-gauges.ts';
import type { Db } from './client.ts';
import { type Statement, statement } from './query.ts';

/**
 * A queue that is kept in columns of a table, `due_at`, `attempts` and `unfinished`, each with the queue's prefix. An item
 * is a row. Its `due_at` is null while there is nothing to do, a time from which it can be claimed, the end of a lease
 * while a worker has it, or `infinity` once it was set aside. All times are the database's.
 */
export interface DueQueueOptions {
  table: string;
  /** The columns of the primary key. */
  key: readonly string[];
  /** Begins the names of the queue's columns, where the table has other queues too: `join_`. */
  prefix?: string;
  /** The columns that a claim returns, as a list of expressions with names. */
  columns: SQL;
  /** Which items can be claimed at all; may have placeholders, whose values are given with each call. */
  condition?: SQL;
  /** The column of an item's kind, where a claim is given how many of each kind to take. */
  room?: string;
  /** Other tables that {@link columns} reads, and how their rows belong to the item. */
  from?: { tables: SQL; on: SQL };
  /** Whether a finished item's row goes, or has no due time any more. */
  finished: 'delete' | 'clear';
}

/** A worker's hold on an item. */
export interface Lease {
  /** Names the lease: when it ends, as the database writes it. Changes when it is renewed. */
  lease: string;
  /** How many tries at the item have begun since the last one that succeeded, this one included. */
  attempts: number;
  /** How many tries in a row have not come to any end, this one included. */
  unfinished: number;
}

export type Claimed<Item> = Item & Lease;

type Values = Readonly<Record<string, unknown>>;

/** How many items of each kind a claim takes. */
export type Room = readonly { kind: string; free: number }[];

export interface ClaimRequest {
  /** How many; with {@link DueQueueOptions.room}, of each kind. */
  limit: number | Room;
  leaseMs: number;
  /**
   * Whether to claim suspects: items of which an earlier try has not come to any end. Otherwise only other items. By kind,
   * one is claimed.
   */
  suspects?: boolean;
  /** For the placeholders of the condition. */
  values?: Values;
}

/** When something is due next, in milliseconds; at most 0: now. Undefined: nothing is due. */
export interface NextDue {
  ordinary: number | undefined;
  suspect: number | undefined;
}

export interface DueQueue<Item> {
  /** Its table, with the queue's prefix where it has one: `starts`, `starts_activity`. */
  name: string;
  /** How much there is to do, of all kinds; of what is due at most {@link mostCounted}. */
  state(db: Db, values?: Values): Promise<QueueState>;
  /** Takes the items that have been due longest, for a lease. A lease that ended is a crashed worker's. */
  claim(db: Db, request: ClaimRequest): Promise<Claimed<Item>[]>;
  /** Takes one item if it is due, waiting for whoever has its row locked. `key`: as in {@link DueQueueOptions.key}. */
  claimOne(db: Db, key: Values, leaseMs: number): Promise<Claimed<Item> | undefined>;
  /** Keeps the item for longer. False: the lease was lost. */
  renew(db: Db, item: Claimed<Item>, leaseMs: number): Promise<boolean>;
  /** The work is done. An item that was marked since it was claimed is due again at once. */
  finish(db: Db, item: Claimed<Item>): Promise<void>;
  /** The try succeeded, and there is more to do later. */
  postpone(db: Db, item: Claimed<Item>, delayMs: number): Promise<void>;
  /** It is not the item's time yet: the try has not begun. */
  defer(db: Db, item: Claimed<Item>, delayMs: number): Promise<void>;
  /** The try failed and is made again later. */
  retry(db: Db, item: Claimed<Item>, delayMs: number): Promise<void>;
  /** Nothing is tried until somebody makes the item due again. */
  setAside(db: Db, item: Claimed<Item>): Promise<void>;
  /** The try has ended, though its outcome is not recorded. The lease stays. */
  noteEnd(db: Db, item: Claimed<Item>): Promise<void>;
  /** When its next items are due, as expressions with the placeholders of {@link nextDueOf}. */
  readonly next: { ordinary: SQL; suspect: SQL };
  /** Whether the item is still the worker's, as a condition on its row. */
  isHeld(item: Claimed<Item>): SQL;
}

/** Lease ends are whole milliseconds, so that a lease names itself while marks move its end by microseconds. */
const leaseEnd = (leaseMs: SQL) =>
  sql`date_trunc('milliseconds', now()) + ${leaseMs}::float8 * interval '1 millisecond'`;

/** The end of a lease that begins now, for a row that is inserted as claimed already. */
export const leaseFor = (leaseMs: number): SQL => leaseEnd(sql`${leaseMs}`);

/**
 * A new value of a due column: the item has something to do. While a worker has it, its lease stands and is moved by a
 * microsecond, so that no second worker comes in and the first one sees that there is more to do. One that was put off or
 * set aside stays so.
 */
export const marked = (due: SQL): SQL =>
  sql`greatest(date_trunc('milliseconds', ${due}) + interval '1 microsecond', now())`;

/** Whether an item with this due time was set aside. JavaScript has no infinite dates: both drivers read an invalid one. */
export const isSetAside = (dueAt: Date | null): boolean => dueAt !== null && Number.isNaN(dueAt.getTime());

/** Beyond that it is much, however much: counting all of a large backlog would take time from working it off. */
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
  // As text, which loses nothing on its way through either driver.
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
  /** The rows are found by an array of their places: a plan that reads the index, however many rows are due. */
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
    statement(sql`update ${item} set ${dueAt} = ${due}, ${attempts} = ${tries}, ${unfinished} = 0 where ${held}`);
  const drop = statement(sql`delete from ${item} where ${isThis} and ${dueAt} = ${lease} returning 1`);
  const again = settle(sql`now()`, sql`0`);
  const clear = settle(sql`case when ${dueAt} = ${lease} then null else now() end`, sql`0`);
  const postpone = settle(later, sql`0`);
  const defer = settle(later, sql`greatest(${attempts} - 1, 0)`);
  const retry = settle(later, attempts);
  const setAside = settle(sql`'infinity'`, sql`0`);
  const noteEnd = settle(dueAt, attempts);

  const valuesOf = (claimed: Claimed<Item> | Values, names: readonly string[]) => {
    const known = claimed as Readonly<Record<string, unknown>>;
    return Object.fromEntries(names.map((name) => [name, known[name] ?? known[camelCase(name)]]));
  };
  /**
   * The latest renewal or report of an item. One waits for the other: a report that names a lease which a renewal has just
   * renamed changes nothing, and the item would come back when that lease runs out.
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
    finish: (db, claimed) =>
      inTurn(claimed, async () => {
        const values = { ...valuesOf(claimed, key), lease: claimed.lease };
        if (finished === 'clear') return void (await clear(db, values));
        const dropped = await drop(db, values);
        // A statement of its own, which sees the mark that the one before waited for.
        if (dropped.length === 0) await again(db, values);
      }),
    postpone: (db, claimed, delayMs) => run(postpone)(db, claimed, { delayMs }),
    defer: (db, claimed, delayMs) => run(defer)(db, claimed, { delayMs }),
    retry: (db, claimed, delayMs) => run(retry)(db, claimed, { delayMs }),
    setAside: run(setAside),
    async noteEnd(db, claimed) {
      // Nothing waits for it in turn: it changes no lease, and may itself wait for a transaction that is about to report.
      await latest.get(claimed);
      await noteEnd(db, { ...valuesOf(claimed, key), lease: claimed.lease });
    },
    next: { ordinary: next(sql`${unfinished} = 0`), suspect: next(sql`${unfinished} > 0`) },
    isHeld: (claimed) => sql`(${isHeld(sql`${claimed.lease}::text::timestamptz`)})`,
  };
}

/** A queue whose items are made of what its claims return. */
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

/** When something is due next in any of the queues. Builds its statement once. */
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
