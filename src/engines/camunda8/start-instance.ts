import { z } from 'zod';
import { message } from '../../words/message.ts';
import { EngineRefusedError, type StartProcessInstance } from '../engine.ts';
import { NoAnswerError } from '../remote/answers.ts';
import { type StartOnce, startOnce } from '../remote/start-once.ts';
import { ClusterError } from './cluster.ts';
import type { Camunda8Context } from './context.ts';
import type { Startable } from './definitions.ts';
import { tagOf } from './instance-rows.ts';
import { expectAtRest } from './read-own-writes.ts';
import { dateSchema, keySchema, page } from './search.ts';

/**
 * Starts an instance, or returns the one that the start already has. After a lost answer, the instance is searched for by its
 * tag, once the search index must show it.
 */
export async function startInstance(context: Camunda8Context, request: StartProcessInstance): Promise<string> {
  const { engine, engineName, database, requests, timings } = context;
  const options: StartOnce<Startable> = {
    engine,
    engineName,
    db: database.db,
    requests,
    callMs: timings.callMs,
    find: (startId) => findStarted(context, startId),
    isOver: (doubtMs) => isOver(context, doubtMs),
    startable: (processDefinitionId) => context.definitions.find(processDefinitionId),
    call: (startable, asked) => callStart(context, startable, asked),
  };
  return startOnce(options, request);
}

const startedSchema = z.object({ processInstanceKey: keySchema });

async function callStart(
  context: Camunda8Context,
  { processId, name }: Startable,
  { startId, variables }: StartProcessInstance,
): Promise<string> {
  const { cluster, tenantId, engineName } = context;
  // The client's types are those of 8.8, without business ids.
  const unique = (await cluster.takesBusinessIds()) ? { businessId: startId } : {};
  try {
    const { processInstanceKey } = await cluster.ask(startedSchema, 'createProcessInstance', {
      processDefinitionId: processId,
      variables,
      tenantId,
      tags: [tagOf(startId)],
      ...unique,
    });
    expectAtRest(context, processInstanceKey);
    return processInstanceKey;
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    // The cluster enforces unique business ids: it has an instance of this start that the index may not show yet.
    if (error.title === 'ALREADY_EXISTS') {
      throw new NoAnswerError(message('engine.inDoubt', { engine: engineName }), true, error);
    }
    throw new EngineRefusedError(
      error.status === 404 ? message('start.noSuchProcess', { process: name }) : error.message,
      { cause: error },
    );
  }
}

/** The instance that has the start's tag, ended ones included. */
async function findStarted({ cluster }: Camunda8Context, startId: string): Promise<string | undefined> {
  const { items } = await cluster.ask(page(startedSchema), 'searchProcessInstances', {
    filter: { tags: [tagOf(startId)] },
    sort: [{ field: 'startDate', order: 'ASC' }],
    page: { limit: 1 },
  });
  return items[0]?.processInstanceKey;
}

/** Maximum difference between the clocks of the cluster's nodes, in milliseconds. */
const clockMs = 5000;

/**
 * Whether every effect of a call must be visible in the index: the call was long ago, and the index shows something newer than
 * the call, so it has not stopped.
 */
async function isOver(context: Camunda8Context, doubtMs: number): Promise<boolean> {
  const { timings, cluster } = context;
  if (doubtMs < timings.doubtMs) return false;
  if (doubtMs >= timings.unprovenDoubtMs) return true;
  const newest = await newestInIndex(context);
  const asked = (cluster.now()?.getTime() ?? Date.now()) - doubtMs;
  return newest !== undefined && newest.getTime() > asked + Math.min(clockMs, timings.doubtMs / 2);
}

const datedSchema = z.object({ startDate: dateSchema.nullish(), creationDate: dateSchema.nullish() });

async function newestInIndex({ cluster }: Camunda8Context): Promise<Date | undefined> {
  const [instances, tasks, elements] = await Promise.all([
    cluster.ask(page(datedSchema), 'searchProcessInstances', {
      sort: [{ field: 'startDate', order: 'DESC' }],
      page: { limit: 1 },
    }),
    cluster.ask(page(datedSchema), 'searchUserTasks', {
      sort: [{ field: 'creationDate', order: 'DESC' }],
      page: { limit: 1 },
    }),
    cluster.ask(page(datedSchema), 'searchElementInstances', {
      sort: [{ field: 'startDate', order: 'DESC' }],
      page: { limit: 1 },
    }),
  ]);
  const times = [...instances.items, ...tasks.items, ...elements.items].flatMap(
    ({ startDate, creationDate }) => (startDate ?? creationDate)?.getTime() ?? [],
  );
  return times.length > 0 ? new Date(Math.max(...times)) : undefined;
}
