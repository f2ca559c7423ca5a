import { z } from 'zod';
import { EngineRefusedError, EngineUnavailableError, type MessageReceivers, type PublishMessage } from '../engine.ts';
import {
  assertPublishable,
  hasKeptMessages,
  type KeptMessage,
  keepMessage,
  listReceipts,
  noteWaiting,
  saveReceipt,
} from '../remote/kept-messages.ts';
import { ClusterError } from './cluster.ts';
import type { Camunda8Context } from './context.ts';
import type { Deployed } from './definitions.ts';
import { rootsOf } from './instance-rows.ts';
import { allPages, dateSchema, keySchema, page } from './search.ts';

/**
 * Publishes a message. If it may have to wait, it is stored in Kickoff until a receiver waits that may receive it: the cluster
 * would give a buffered message to the next instance of the session, even to one that the message itself started.
 */
export async function publishMessage(context: Camunda8Context, message: PublishMessage): Promise<void> {
  assertPublishable(message);
  if (message.timeToLiveMs > 0 && !(await startsProcesses(context, message.name))) {
    return keepMessage(context.database, context.engine, message);
  }
  await publish(context, message);
}

/**
 * Whether a process starts with the message, according to its file: not every cluster lists the subscriptions of start events.
 */
async function startsProcesses({ definitions }: Camunda8Context, messageName: string): Promise<boolean> {
  try {
    return (await definitions.newest()).some(({ model }) => model.startsBy.has(messageName) || model.startsBy.has('*'));
  } catch (error) {
    // While the cluster is unavailable, its messages are stored.
    if (error instanceof EngineUnavailableError) return false;
    throw error;
  }
}

/** Publishes a message. Repeating a message id has no effect while the cluster keeps the first message. */
async function publish({ cluster, tenantId }: Camunda8Context, message: PublishMessage): Promise<void> {
  const { name, correlationKey, variables, timeToLiveMs: timeToLive, messageId } = message;
  try {
    await cluster.send('publishMessage', {
      name,
      ...(correlationKey !== undefined && { correlationKey }),
      variables,
      timeToLive,
      ...(messageId !== undefined && { messageId }),
      tenantId,
    });
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    if (error.status === 409) return;
    throw new EngineRefusedError(error.message, { cause: error });
  }
}

const subscriptionSchema = z.object({
  messageSubscriptionKey: keySchema,
  processInstanceKey: keySchema.nullish(),
  messageName: z.string(),
  correlationKey: z.string().nullish(),
  lastUpdatedDate: dateSchema.nullish(),
});

/** Receipt key: the message was given to the cluster, for any receiver. */
const everybody = '*';
/** Minimum time that a cluster keeps a message, so that a repeated call is recognised, in milliseconds. */
const leastTimeToLiveMs = 1000;

/**
 * Gives messages of one name and correlation key to the cluster, in the order in which they were said, as soon as an instance
 * waits that may receive them.
 */
export async function offerMessages(context: Camunda8Context, messages: KeptMessage[]): Promise<void> {
  const [first] = messages;
  if (!first) return;
  const { db } = context.database;
  const open: KeptMessage[] = [];
  for (const message of messages) {
    const [receipt] = await listReceipts(db, message.key);
    if (!receipt?.isTaken) open.push(message);
  }
  if (open.length === 0) return;
  const hearing = await hearingFrom(context, first);
  for (const message of open) {
    const isHeard = hearing.some((after) => after === null || message.saidAt === null || message.saidAt > after);
    const [receipt] = await listReceipts(db, message.key);
    // The answer to an earlier call was lost: the call is repeated with the same id.
    if (isHeard || receipt) await handOver(context, message);
  }
}

async function handOver(context: Camunda8Context, message: KeptMessage): Promise<void> {
  const { db } = context.database;
  const receipt = { processId: everybody, offeredTo: everybody };
  await saveReceipt(db, message.key, { ...receipt, isTaken: false });
  const { name, correlationKey, variables, key } = message;
  const timeToLiveMs = Math.max(leastTimeToLiveMs, message.remainingMs);
  await publish(context, { name, correlationKey, variables, timeToLiveMs, messageId: `kickoff-${key}` });
  await saveReceipt(db, message.key, { ...receipt, isTaken: true });
}

/** For each waiting instance, the time from which it receives messages. */
async function hearingFrom(
  context: Camunda8Context,
  { name, correlationKey }: KeptMessage,
): Promise<(number | null)[]> {
  const rows = await allPages((page_) =>
    context.cluster.ask(page(subscriptionSchema), 'searchMessageSubscriptions', {
      filter: { messageName: name, correlationKey, messageSubscriptionState: 'CREATED' },
      page: page_,
    }),
  );
  const instances = [...new Set(rows.flatMap(({ processInstanceKey }) => processInstanceKey ?? []))];
  const roots = await rootsOf(context, instances);
  return instances.map((key) => roots.get(key)?.start?.hearsAfter ?? null);
}

/** Number of subscriptions remembered as seen. */
const memory = 20_000;

/** Finds new receivers of messages that are stored: one search a round, and none while no messages are stored. */
export function createReceiverWatch(context: Camunda8Context): { look(): Promise<void> } {
  const { cluster, database, engine, tenantId, timings } = context;
  const seen = new Set<string>();
  let newest: number | undefined;
  return {
    async look() {
      if (!(await hasKeptMessages(database.db, engine))) return;
      const since = newest === undefined ? undefined : new Date(newest - timings.overlapMs).toISOString();
      const rows = await allPages((page_) =>
        cluster.ask(page(subscriptionSchema), 'searchMessageSubscriptions', {
          filter: {
            tenantId,
            messageSubscriptionState: 'CREATED',
            ...(since !== undefined && { lastUpdatedDate: { $gte: since } }),
          },
          page: page_,
        }),
      );
      const fresh = rows.filter(({ messageSubscriptionKey: key }) => !seen.has(key));
      const waiting = fresh.flatMap(({ messageName: name, correlationKey }) =>
        correlationKey ? [{ name, correlationKey }] : [],
      );
      if (waiting.length > 0) await noteWaiting(database, engine, waiting);
      for (const { messageSubscriptionKey: key, lastUpdatedDate } of fresh) {
        seen.add(key);
        newest = Math.max(newest ?? 0, lastUpdatedDate?.getTime() ?? 0);
      }
      for (const key of seen) {
        if (seen.size <= memory) break;
        seen.delete(key);
      }
    },
  };
}

const runningSchema = z.object({ processDefinitionKey: keySchema });

/**
 * Reads the files of the newest versions and of those that still run. Anybody with access to the cluster can start instances
 * that wait.
 */
export async function findMessageReceivers(context: Camunda8Context, messageName: string): Promise<MessageReceivers> {
  const newest = await context.definitions.newest();
  const older = await olderRunning(context, newest);
  const receives = ({ model }: Deployed) => model.receives.has(messageName) || model.receives.has('*');
  const all = [...newest, ...older];
  const starts = newest.some(({ model }) => model.startsBy.has(messageName) || model.startsBy.has('*'));
  const isReceived = all.some(receives);
  const receiving = all.filter((one) => receives(one) || (isReceived && one.model.calls));
  return {
    processDefinitionIds: [...new Set(receiving.map(({ processId }) => processId))],
    withoutStart: isReceived || starts,
  };
}

async function olderRunning(context: Camunda8Context, newest: Deployed[]): Promise<Deployed[]> {
  const { cluster, tenantId, definitions } = context;
  const keys = newest.map(({ versionKey }) => versionKey);
  const rows = await allPages((page_) =>
    cluster.ask(page(runningSchema), 'searchProcessInstances', {
      filter: { tenantId, state: 'ACTIVE', ...(keys.length > 0 && { processDefinitionKey: { $notIn: keys } }) },
      page: page_,
    }),
  );
  const versions = [...new Set(rows.map(({ processDefinitionKey }) => processDefinitionKey))];
  return Promise.all(versions.map((key) => definitions.get(key)));
}
