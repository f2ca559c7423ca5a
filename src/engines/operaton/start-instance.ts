import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { message } from '../../words/message.ts';
import { EngineRefusedError, EngineUnavailableError, type StartProcessInstance } from '../engine.ts';
import { missingParameter } from '../missing-parameter.ts';
import { claimRequest, noteAsked, type RequestId, releaseRequest, settleRequest } from '../remote/requests.ts';
import type { OperatonContext } from './context.ts';
import type { Startable } from './definitions.ts';
import { NoAnswerError, RestError, segment } from './rest-client.ts';
import { toTypedValues } from './typed-values.ts';

/** How long one caller waits for another that is at the same start, in milliseconds, and how often it looks. */
const othersMs = 10_000;
const othersPauseMs = 50;
/** A lease outlasts the call by so much, in milliseconds. */
const leaseMarginMs = 10_000;

/**
 * Starts an instance, or finds the one that the start has already. The engine takes any number of instances with one
 * business key, so a row of ours decides who asks; the business key, the start's id, tells what came of a call whose answer
 * was lost. As long as the engine may still be at such a call nothing is started again.
 */
export async function startInstance(context: OperatonContext, request: StartProcessInstance): Promise<string> {
  const { db } = context.database;
  const leaseMs = context.timings.callMs + leaseMarginMs;
  const id: RequestId = { engine: context.engine, kind: 'start', key: request.startId };
  const deadline = performance.now() + othersMs;
  for (;;) {
    const claim = await claimRequest(db, id, leaseMs);
    if (claim.state === 'done') return claim.result;
    if (claim.state === 'claimed') return startClaimed(context, request, id, { ...claim, leaseMs });
    if (performance.now() > deadline) throw inDoubt(context);
    await delay(othersPauseMs);
  }
}

interface HeldClaim {
  attempts: number;
  doubtMs: number | undefined;
  leaseMs: number;
}

async function startClaimed(
  context: OperatonContext,
  request: StartProcessInstance,
  id: RequestId,
  { attempts, doubtMs, leaseMs }: HeldClaim,
): Promise<string> {
  const { database, timings } = context;
  const { db } = database;
  let isUnknown = doubtMs !== undefined;
  try {
    const found = doubtMs === undefined ? undefined : await findStarted(context, request.startId);
    if (found !== undefined) return await settled(context, id, found);
    if (doubtMs !== undefined && doubtMs < timings.doubtMs) throw inDoubt(context);
    isUnknown = false;
    const startable = await startableOf(context, request);
    const { sessionId } = request.variables;
    const correlationKey = typeof sessionId === 'string' ? sessionId : undefined;
    if (!(await noteAsked(db, id, { attempts, leaseMs, correlationKey, hearsAfter: request.hearsAfter })))
      throw inDoubt(context);
    isUnknown = true;
    const key = await callStart(context, startable, request).catch((error: unknown) => {
      isUnknown = error instanceof NoAnswerError ? error.mayHaveHappened : !(error instanceof EngineRefusedError);
      throw error;
    });
    return await settled(context, id, key);
  } catch (error) {
    await releaseRequest(db, id, attempts, { inDoubt: isUnknown });
    throw error;
  }
}

const inDoubt = ({ engineName }: OperatonContext) =>
  new EngineUnavailableError(message('engine.inDoubt', { engine: engineName }));

async function settled({ database }: OperatonContext, id: RequestId, key: string): Promise<string> {
  await settleRequest(database.db, id, key);
  return key;
}

async function startableOf(context: OperatonContext, request: StartProcessInstance): Promise<Startable> {
  const { processDefinitionId, variables } = request;
  const startable = await context.definitions.find(processDefinitionId);
  if (!startable) throw new EngineRefusedError(message('start.noSuchProcess', { process: processDefinitionId }));
  const refusal = missingParameter(startable.definition, variables);
  if (refusal) throw new EngineRefusedError(refusal);
  return startable;
}

const startedSchema = z.object({ id: z.string() });

async function callStart(
  { rest, definitions, hasJson }: OperatonContext,
  startable: Startable,
  { startId, variables }: StartProcessInstance,
): Promise<string> {
  const { key, tenantId, model } = startable;
  const tenant = tenantId === undefined ? '' : `/tenant-id/${segment(tenantId)}`;
  const writing = {
    hasJson: await hasJson(),
    hints: definitions.hints(startable, model.startElementId),
    isStart: true,
  };
  const body = { businessKey: startId, variables: toTypedValues(variables, writing) };
  try {
    return (await rest.post(startedSchema, `/process-definition/key/${segment(key)}${tenant}/start`, { body })).id;
  } catch (error) {
    if (!(error instanceof RestError)) throw error;
    // The engine runs up to the first wait state in the call: where that fails, nothing was started.
    throw new EngineRefusedError(
      error.status === 404 ? message('start.noSuchProcess', { process: startable.name }) : error.message,
      { cause: error },
    );
  }
}

/** The instance that has the start's id as its business key, ended ones included. */
async function findStarted({ rest }: OperatonContext, startId: string): Promise<string | undefined> {
  const found = await rest.get(z.array(startedSchema), '/history/process-instance', {
    processInstanceBusinessKey: startId,
    rootProcessInstances: true,
    sortBy: 'startTime',
    sortOrder: 'asc',
    maxResults: 1,
  });
  return found[0]?.id;
}
