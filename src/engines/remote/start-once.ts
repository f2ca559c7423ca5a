import { setTimeout as delay } from 'node:timers/promises';
import type { Db } from '../../db/client.ts';
import type { ProcessDefinition } from '../../processes/process-definition.ts';
import { message } from '../../words/message.ts';
import { EngineRefusedError, EngineUnavailableError, type StartProcessInstance } from '../engine.ts';
import { missingParameter } from '../missing-parameter.ts';
import { NoAnswerError } from './answers.ts';
import type { Requests } from './gather-requests.ts';
import { type AskedStart, noteAsked, type RequestId, releaseRequest } from './requests.ts';

/** How long a caller waits for another one that is working on the same start, in milliseconds, and how often it checks. */
const othersMs = 10_000;
const othersPauseMs = 50;
/** How much longer than the call the lease lasts, in milliseconds. */
const leaseMarginMs = 10_000;

export interface StartOnce<T extends { definition: ProcessDefinition }> {
  engine: string;
  /** The engine's name for people. */
  engineName: string;
  db: Db;
  requests: Requests;
  /** Timeout of a call, in milliseconds. */
  callMs: number;
  /**
   * Finds the instance that an earlier call created although its answer was lost, if the engine shows one. Throws an {@link
   * EngineRefusedError} if a person has to check; a retry after that starts an instance.
   */
  find(startId: string): Promise<string | undefined>;
  /**
   * Whether such a call can have no effect any more, so that the engine may be asked again. `doubtMs`: how long ago it was
   * made.
   */
  isOver(doubtMs: number): Promise<boolean>;
  /** The process, ready to be started; undefined if there is none with this id. */
  startable(processDefinitionId: string): Promise<T | undefined>;
  /**
   * Returns the instance's key. A {@link NoAnswerError}, also as the cause of another error, says whether the call may have
   * taken effect.
   *
   * @param isRepeated whether an earlier attempt failed
   */
  call(startable: T, request: StartProcessInstance, isRepeated: boolean): Promise<string>;
}

/**
 * Starts an instance, or returns the one that the start already has. Engines do not enforce one instance per start, so a row in
 * Kickoff's database decides who may ask. While the engine may still be processing a call whose answer was lost, nothing is
 * started again.
 */
export async function startOnce<T extends { definition: ProcessDefinition }>(
  options: StartOnce<T>,
  request: StartProcessInstance,
): Promise<string> {
  const { requests, engine } = options;
  const leaseMs = options.callMs + leaseMarginMs;
  const id: RequestId = { engine, kind: 'start', key: request.startId };
  const deadline = performance.now() + othersMs;
  // A process that cannot be started now may have been started earlier, so the error is thrown only later.
  const [ready] = await Promise.allSettled([startableOf(options, request)]);
  const asked = askedStart(request);
  for (;;) {
    const claim = await requests.claim({ id, leaseMs, asking: ready.status === 'fulfilled' ? asked : undefined });
    if (claim.state === 'done') return claim.result;
    if (claim.state === 'claimed') return startClaimed(options, request, { ...claim, id, leaseMs, ready, asked });
    if (performance.now() > deadline) throw inDoubt(options);
    await delay(othersPauseMs);
  }
}

function askedStart({ variables: { sessionId }, hearsAfter }: StartProcessInstance): AskedStart {
  return { correlationKey: typeof sessionId === 'string' ? sessionId : undefined, hearsAfter };
}

interface HeldClaim<T> {
  id: RequestId;
  attempts: number;
  doubtMs: number | undefined;
  isAsked: boolean;
  leaseMs: number;
  ready: PromiseSettledResult<T>;
  asked: AskedStart;
}

async function startClaimed<T extends { definition: ProcessDefinition }>(
  options: StartOnce<T>,
  request: StartProcessInstance,
  { id, attempts, doubtMs, isAsked, leaseMs, ready, asked }: HeldClaim<T>,
): Promise<string> {
  const { db, requests } = options;
  let isUnknown = doubtMs !== undefined;
  try {
    if (doubtMs !== undefined) {
      // Checked before the search: an instance that the call created in between would otherwise be missed.
      const isOver = await options.isOver(doubtMs);
      const found = await options.find(request.startId).catch((error: unknown) => {
        if (error instanceof EngineRefusedError) isUnknown = false;
        throw error;
      });
      if (found !== undefined) return await settled(requests, id, found);
      if (!isOver) throw inDoubt(options);
    }
    isUnknown = false;
    if (ready.status === 'rejected') throw ready.reason;
    if (!isAsked && !(await noteAsked(db, id, { attempts, leaseMs, ...asked }))) throw inDoubt(options);
    isUnknown = true;
    const key = await options.call(ready.value, request, attempts > 1).catch((error: unknown) => {
      const cause = error instanceof EngineRefusedError ? error.cause : error;
      if (cause instanceof NoAnswerError) isUnknown = cause.mayHaveHappened;
      else if (error instanceof EngineRefusedError) isUnknown = false;
      throw error;
    });
    return await settled(requests, id, key);
  } catch (error) {
    await releaseRequest(db, id, attempts, { inDoubt: isUnknown });
    throw error;
  }
}

async function startableOf<T extends { definition: ProcessDefinition }>(
  options: StartOnce<T>,
  { processDefinitionId, variables }: StartProcessInstance,
): Promise<T> {
  const startable = await options.startable(processDefinitionId);
  if (!startable) throw new EngineRefusedError(message('start.noSuchProcess', { process: processDefinitionId }));
  const refusal = missingParameter(startable.definition, variables);
  if (refusal) throw new EngineRefusedError(refusal);
  return startable;
}

const inDoubt = ({ engineName }: { engineName: string }) =>
  new EngineUnavailableError(message('engine.inDoubt', { engine: engineName }));

async function settled(requests: Requests, id: RequestId, key: string): Promise<string> {
  await requests.settle(id, key);
  return key;
}
