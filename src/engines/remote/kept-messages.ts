import { type SQL, sql } from 'drizzle-orm';
import { LRUCache } from 'lru-cache';
import { atMost } from '../../cache-size.ts';
import { backoff } from '../../db/backoff.ts';
import { type ClaimingWorker, startClaimingWorker } from '../../db/claiming-worker.ts';
import type { Database, Db } from '../../db/client.ts';
import { selectRows } from '../../db/query.ts';
import { untilDue } from '../../db/worker.ts';
import { stringifyJson } from '../../json.ts';
import type { Logger } from '../../logger.ts';
import type { Variables } from '../../processes/value-types.ts';
import { EngineRefusedError, type PublishMessage } from '../engine.ts';

/** A message that is kept for receivers that do not wait yet. */
export interface KeptMessage {
  key: string;
  name: string;
  correlationKey: string;
  variables: Variables;
  /** {@link PublishMessage.saidAt} */
  saidAt: number | null;
  /** Remaining time to live, in milliseconds. */
  remainingMs: number;
}

/** Camunda 8's limit for names and keys, in characters. */
const longestName = 256;

/** Throws {@link EngineRefusedError} for a message that every engine would refuse. */
export function assertPublishable({ name, correlationKey = '', timeToLiveMs }: PublishMessage): void {
  if (name === '' || name.length > longestName) {
    throw new EngineRefusedError(`A message's name has 1 to ${longestName} characters`);
  }
  if (correlationKey.length > longestName) {
    throw new EngineRefusedError(`A correlation key has at most ${longestName} characters`);
  }
  if (!(timeToLiveMs >= 0)) throw new EngineRefusedError("A message's time to live cannot be negative");
}

/**
 * Stores a message for an engine that keeps none. A repeated message id has no effect while the first message is kept. Throws
 * {@link EngineRefusedError}.
 */
export async function keepMessage(database: Database, engine: string, message: PublishMessage): Promise<void> {
  const { name, correlationKey = '', variables, timeToLiveMs, messageId, saidAt } = message;
  assertPublishable(message);
  const isSame = sql`engine = ${engine} and name = ${name} and correlation_key = ${correlationKey}`;
  await database.db.transaction(async (tx) => {
    // The id of an expired message can be reused, even if a worker is just about to delete that message.
    await tx.execute(sql`delete from remote_receipts where message_key in (
      select key from remote_messages where ${isSame} and message_id = ${messageId ?? null} and expires_at <= now())`);
    await tx.execute(sql`insert into remote_messages
        (engine, name, correlation_key, message_id, variables, said_at, expires_at, due_at)
      values (${engine}, ${name}, ${correlationKey}, ${messageId ?? null}, ${stringifyJson(variables)}::jsonb,
        ${saidAt ?? null}::bigint, now() + ${timeToLiveMs}::float8 * interval '1 millisecond', now())
      on conflict (engine, name, correlation_key, message_id) where message_id is not null do update
        set variables = excluded.variables, said_at = excluded.said_at, expires_at = excluded.expires_at, due_at = excluded.due_at, offers = 0
        where remote_messages.expires_at <= now()`);
  });
  database.signal('remote_messages');
}

/** The outcome of an offer is unknown. */
const isInDoubt: SQL = sql`exists (select from remote_receipts r where r.message_key = m.key and not r.is_taken)`;
/** Its time to live is over, it was offered at least once, and the outcome of each offer is known. */
const isSpent: SQL = sql`m.expires_at <= now() and m.offers > 0 and (m.leased_until is null or m.leased_until < now())
  and not ${isInDoubt}`;

/** A receiver cannot take a message for a reason of its own, while the engine works. */
export class ReceiverFaultError extends Error {
  override readonly name = 'ReceiverFaultError';
}

export interface MessageWorkerOptions {
  engine: string;
  database: Database;
  logger: Logger;
  /** Delay before messages are offered again after a failure, in milliseconds. */
  offerAgainMs: number;
  /**
   * Offers the messages of one name and correlation key, in the order in which they were said, to their receivers. After a
   * {@link ReceiverFaultError} they are offered again after pauses that grow.
   */
  offer(messages: KeptMessage[]): Promise<void>;
}

interface MessageGroup {
  headKey: string;
  name: string;
  correlationKey: string;
}

/** Length of the lease on the messages of a name and correlation key, in milliseconds. */
const leaseMs = 60_000;
const concurrency = 5;

/** Number of names and correlation keys whose faults are counted. */
const mostCounted = 10_000;

/**
 * Offers each stored message at once, and again when a receiver begins to wait ({@link noteWaiting}); deletes spent messages.
 * On startup everything is offered once, for receivers that began to wait while Kickoff was not running.
 */
export async function startMessageWorker(options: MessageWorkerOptions): Promise<ClaimingWorker> {
  const { engine, database, logger } = options;
  const { db } = database;
  const faults = new LRUCache<string, number>(atMost(mostCounted));
  await db.execute(sql`update remote_messages set due_at = now() where engine = ${engine}`);
  return startClaimingWorker<MessageGroup>({
    name: `messages to ${engine}`,
    database,
    signal: 'remote_messages',
    logger,
    concurrency,
    claim: (limit) => claimGroups(db, engine, limit),
    handle: (group) => offerGroup(options, faults, group),
    nextDueIn: async () => {
      const [row] = await selectRows<{ ms: number | null }>(
        db,
        sql`select ceil(extract(epoch from min(due_at) - now()) * 1000)::int as ms from remote_messages
          where engine = ${engine}`,
      );
      return untilDue(row?.ms ?? undefined);
    },
  });
}

/** Claims groups of messages with one name and correlation key, by leasing the oldest message of each. */
function claimGroups(db: Db, engine: string, limit: number): Promise<MessageGroup[]> {
  const isOfGroup = (other: SQL) =>
    sql`${other}.engine = head.engine and ${other}.name = head.name and ${other}.correlation_key = head.correlation_key`;
  return selectRows<MessageGroup>(
    db,
    sql`update remote_messages set leased_until = now() + ${leaseMs}::int * interval '1 millisecond'
      where key in (
        select head.key from remote_messages head
        where head.engine = ${engine} and (head.leased_until is null or head.leased_until < now())
          and not exists (select from remote_messages older where ${isOfGroup(sql`older`)} and older.key < head.key)
          and exists (select from remote_messages due where ${isOfGroup(sql`due`)} and due.due_at <= now())
        order by head.key limit ${limit}::int for update skip locked)
      returning key::text as "headKey", name, correlation_key as "correlationKey"`,
  );
}

/** `faults`: how often each group's receivers could not take its messages, since they last could. */
async function offerGroup(
  options: MessageWorkerOptions,
  faults: LRUCache<string, number>,
  { headKey, name, correlationKey }: MessageGroup,
): Promise<void> {
  const { engine, database, logger, offerAgainMs, offer } = options;
  const { db } = database;
  const isOfGroup = sql`m.engine = ${engine} and m.name = ${name} and m.correlation_key = ${correlationKey}`;
  const messages = await selectRows<KeptMessage & { dueAt: string; isOver: boolean }>(
    db,
    sql`update remote_messages m set due_at = now() + ${leaseMs}::int * interval '1 millisecond' where ${isOfGroup}
      returning key::text, name, correlation_key as "correlationKey", variables,
        said_at::float8 as "saidAt", due_at::text as "dueAt",
        greatest(0, ceil(extract(epoch from expires_at - now()) * 1000))::float8 as "remainingMs",
        expires_at <= now() and offers > 0 and not ${isInDoubt} as "isOver"`,
  );
  messages.sort((a, b) => (a.saidAt ?? 0) - (b.saidAt ?? 0) || Number(a.key) - Number(b.key));
  const group = JSON.stringify([name, correlationKey]);
  let offerAgainInMs: number | undefined;
  try {
    const offerable = messages.filter(({ isOver }) => !isOver);
    if (offerable.length > 0) await offer(offerable);
    faults.delete(group);
  } catch (err) {
    offerAgainInMs = offerAgainMs;
    if (err instanceof ReceiverFaultError) {
      const count = (faults.get(group) ?? 0) + 1;
      faults.set(group, count);
      offerAgainInMs = Math.max(offerAgainMs, backoff(count));
    }
    logger.warn({ err, messageName: name, offerAgainInMs }, 'messages will be offered again');
  }
  const isOffered = offerAgainInMs === undefined;
  const keys = JSON.stringify(messages.map(({ key }) => Number(key)));
  await db.transaction(async (tx) => {
    await tx.execute(sql`update remote_messages m set offers = m.offers + ${isOffered ? 1 : 0}::int,
        due_at = case
          -- Somebody began to wait meanwhile.
          when m.due_at <> ${messages[0]?.dueAt ?? null}::text::timestamptz then m.due_at
          when ${isOffered} then greatest(m.expires_at, now())
          else now() + ${offerAgainInMs ?? 0}::int * interval '1 millisecond' end,
        leased_until = case when m.key = ${headKey}::bigint then null else m.leased_until end
      where m.key in (select listed.key::bigint from jsonb_array_elements_text(${keys}::jsonb) as listed(key))`);
    await tx.execute(sql`delete from remote_messages m where ${isOfGroup} and ${isSpent}`);
  });
}

/** Whether messages are stored for receivers that may begin to wait. */
export async function hasKeptMessages(db: Db, engine: string): Promise<boolean> {
  const kept = await selectRows(
    db,
    sql`select key from remote_messages where engine = ${engine} and expires_at > now() limit 1`,
  );
  return kept.length > 0;
}

/** Makes the messages due that a new receiver waits for. */
export async function noteWaiting(
  database: Database,
  engine: string,
  waiting: { name: string; correlationKey: string }[],
): Promise<void> {
  const rows = JSON.stringify(waiting);
  await database.db.execute(sql`update remote_messages m set due_at = now()
    from jsonb_to_recordset(${rows}::jsonb) as x(name text, "correlationKey" text)
    where m.engine = ${engine} and m.name = x.name and m.correlation_key = x."correlationKey" and m.expires_at > now()`);
  database.signal('remote_messages');
}

/** Records that a message was offered to a receiver. */
export interface Receipt {
  processId: string;
  /** The receiver, in the adapter's format; used to find out what a lost answer was. */
  offeredTo: string;
  /** False: nobody knows yet whether the engine took it. */
  isTaken: boolean;
}

export function listReceipts(db: Db, messageKey: string): Promise<Receipt[]> {
  return selectRows<Receipt>(
    db,
    sql`select process_id as "processId", offered_to as "offeredTo", is_taken as "isTaken"
      from remote_receipts where message_key = ${messageKey}::bigint`,
  );
}

export async function saveReceipt(db: Db, messageKey: string, receipt: Receipt): Promise<void> {
  const { processId, offeredTo, isTaken } = receipt;
  await db.execute(sql`insert into remote_receipts (message_key, process_id, offered_to, is_taken)
    values (${messageKey}::bigint, ${processId}, ${offeredTo}, ${isTaken})
    on conflict (message_key, process_id) do update set offered_to = excluded.offered_to,
      is_taken = excluded.is_taken`);
}

/** Deletes the receipt of a message that the engine did not accept. */
export async function deleteReceipt(db: Db, messageKey: string, processId: string): Promise<void> {
  await db.execute(sql`delete from remote_receipts
    where message_key = ${messageKey}::bigint and process_id = ${processId}`);
}
