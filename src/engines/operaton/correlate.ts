import { z } from 'zod';
import type { MessageReceivers } from '../engine.ts';
import {
  deleteReceipt,
  type KeptMessage,
  listReceipts,
  ReceiverFaultError,
  saveReceipt,
} from '../remote/kept-messages.ts';
import { type RequestedStart, startOf } from '../remote/requests.ts';
import type { OperatonContext } from './context.ts';
import { rootOf } from './instance-rows.ts';
import { DatabaseFaultError, RestError, segment } from './rest-client.ts';
import { toTypedValues } from './typed-values.ts';

/** The process variable that a message's correlation key is compared with. */
export const correlationVariable = 'sessionId';

const executionSchema = z.object({ id: z.string(), processInstanceId: z.string() });
const subscriptionSchema = z.object({
  id: z.string(),
  executionId: z.string(),
  processInstanceId: z.string(),
  activityId: z.string(),
  createdDate: z.string(),
});
type Subscription = z.infer<typeof subscriptionSchema> & { processId: string; hearsAfter: number | null };

/** The place where a message was offered, and how often the instance had passed that element before. */
const offeredToSchema = z.object({ processInstanceId: z.string(), activityId: z.string(), passed: z.number() });
type OfferedTo = z.infer<typeof offeredToSchema>;

/**
 * Offers messages of one name and correlation key to their receivers: each process receives each message once, in the instance
 * that has waited longest. A process that cannot take one, because a database of its own is away, is offered no later one, and
 * the others are; then this throws {@link ReceiverFaultError}, so that it is offered again.
 */
export async function offerMessages(context: OperatonContext, messages: KeptMessage[]): Promise<void> {
  const [first] = messages;
  const faults = new Map<string, ReceiverFaultError>();
  let waiting = first && (await findWaiting(context, first));
  for (const message of messages) {
    const isOffered = waiting && (await offer(context, message, waiting, faults));
    // A receiver that has received one may wait again.
    if (isOffered && first) waiting = await findWaiting(context, first);
  }
  for (const fault of faults.values()) throw fault;
}

/**
 * Returns whether the message may have been received. Processes in `faults`, by their ids, are skipped, and those that have a
 * fault now are added.
 */
async function offer(
  context: OperatonContext,
  message: KeptMessage,
  waiting: Subscription[],
  faults: Map<string, ReceiverFaultError>,
): Promise<boolean> {
  const { db } = context.database;
  const settled = new Set<string>();
  for (const receipt of await listReceipts(db, message.key)) {
    if (!receipt.isTaken) {
      // The answer to an earlier call was lost.
      if (!(await isTaken(context, offeredToSchema.parse(JSON.parse(receipt.offeredTo))))) continue;
      await saveReceipt(db, message.key, { ...receipt, isTaken: true });
    }
    settled.add(receipt.processId);
  }
  const open = waiting.filter(
    (one) => !settled.has(one.processId) && !faults.has(one.processId) && isHeardBy(message, one),
  );
  const oldest = new Map(open.toReversed().map((subscription) => [subscription.processId, subscription]));
  for (const [processId, subscription] of oldest) {
    await deliver(context, message, subscription).catch((error: unknown) => {
      if (!(error instanceof ReceiverFaultError)) throw error;
      faults.set(processId, error);
    });
  }
  return oldest.size > 0;
}

const isHeardBy = ({ saidAt }: KeptMessage, { hearsAfter }: Subscription) =>
  saidAt === null || hearsAfter === null || saidAt > hearsAfter;

/** Whether the message was received: then the instance has left the waiting element, or passed the boundary event. */
async function isTaken(context: OperatonContext, offered: OfferedTo): Promise<boolean> {
  return (await timesPassed(context, offered)) > offered.passed;
}

async function timesPassed(
  { rest }: OperatonContext,
  { processInstanceId, activityId }: Omit<OfferedTo, 'passed'>,
): Promise<number> {
  const { count } = await rest.get(z.object({ count: z.number() }), '/history/activity-instance/count', {
    processInstanceId,
    activityId,
    finished: true,
  });
  return count;
}

/** Waiting subscriptions, oldest first. */
async function findWaiting(context: OperatonContext, { name, correlationKey }: KeptMessage): Promise<Subscription[]> {
  const { rest, definitions } = context;
  const executions = await rest.post(z.array(executionSchema), '/execution', {
    body: {
      active: true,
      messageEventSubscriptionName: name,
      processVariables: [{ name: correlationVariable, operator: 'eq', value: correlationKey }],
    },
  });
  const found = await Promise.all(
    executions.map(async ({ id, processInstanceId }): Promise<Subscription[]> => {
      const [subscriptions, instance] = await Promise.all([
        rest.get(z.array(subscriptionSchema), '/event-subscription', {
          executionId: id,
          eventType: 'message',
          eventName: name,
        }),
        rest.find(z.object({ definitionId: z.string() }), `/process-instance/${segment(processInstanceId)}`),
      ]);
      // The variable may have been changed; the session of an instance is that of its start.
      const start = await startOfInstance(context, processInstanceId);
      if (!instance || !start || start.correlationKey !== correlationKey) return [];
      const { definitionId: processId } = await definitions.get(instance.definitionId);
      return subscriptions.map((subscription) => ({ ...subscription, processId, hearsAfter: start.hearsAfter }));
    }),
  );
  return found.flat().sort((a, b) => (a.createdDate < b.createdDate ? -1 : 1));
}

async function startOfInstance(context: OperatonContext, instanceKey: string): Promise<RequestedStart | undefined> {
  const root = await rootOf(context, instanceKey);
  return root && startOf(context.database.db, context.engine, root);
}

/**
 * Writes the receipt first: if the answer is lost, the next offer checks the outcome. Throws {@link ReceiverFaultError} if the
 * process could not take the message.
 */
async function deliver(context: OperatonContext, message: KeptMessage, subscription: Subscription): Promise<void> {
  const { rest, database, logger } = context;
  const { processId, processInstanceId, activityId, executionId } = subscription;
  const body = { variables: toTypedValues(message.variables, { hasJson: await context.hasJson() }) };
  const place = { processInstanceId, activityId };
  const offered: OfferedTo = { ...place, passed: await timesPassed(context, place) };
  await saveReceipt(database.db, message.key, { processId, offeredTo: JSON.stringify(offered), isTaken: false });
  try {
    const path = `/execution/${segment(executionId)}/messageSubscriptions/${segment(message.name)}/trigger`;
    await rest.send('POST', path, { body });
  } catch (error) {
    // The receipt stays, since the answer does not always say whether the message was taken.
    if (error instanceof DatabaseFaultError && !(await isTaken(context, offered)))
      throw new ReceiverFaultError(error.detail, { cause: error });
    if (!(error instanceof RestError || error instanceof DatabaseFaultError)) throw error;
    if (error instanceof RestError) {
      // The instance no longer waits there, or a later step failed and the engine rolled back.
      await deleteReceipt(database.db, message.key, processId);
      logger.warn({ err: error, messageName: message.name }, 'the engine refused a message');
      return;
    }
  }
  await saveReceipt(database.db, message.key, { processId, offeredTo: JSON.stringify(offered), isTaken: true });
}

const statisticsSchema = z.array(z.object({ id: z.string(), instances: z.number() }));

/** Reads the files of the newest versions and of those that still run. */
export async function findMessageReceivers(context: OperatonContext, messageName: string): Promise<MessageReceivers> {
  const { rest, definitions } = context;
  const [newest, running] = await Promise.all([
    definitions.list(),
    rest.get(statisticsSchema, '/process-definition/statistics'),
  ]);
  const older = await Promise.all(
    running.filter(({ instances }) => instances > 0).map(({ id }) => definitions.get(id)),
  );
  const receiving = [...newest, ...older].filter(
    ({ model }) => model.receives.has(messageName) || model.receives.has('*') || model.calls,
  );
  return { processDefinitionIds: [...new Set(receiving.map(({ definitionId }) => definitionId))], withoutStart: false };
}
