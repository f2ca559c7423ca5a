import { sql } from 'drizzle-orm';
import type { Db } from '../../../db/client.ts';
import { selectRows } from '../../../db/query.ts';
import type { Variables } from '../../../processes/value-types.ts';
import { instanceToLoad, withApart } from '../instances/apart-tokens.ts';
import type { EngineContext } from '../instances/engine-context.ts';
import { type LockedInstance, runCommand } from '../instances/run-command.ts';
import { storableOrNull } from '../instances/sql-values.ts';
import type { Listening } from '../interpreter/instance-state.ts';
import type { Command } from '../interpreter/interpreter.ts';
import type { ListenerResult } from '../interpreter/listeners.ts';
import { isTaskEvent } from '../interpreter/model.ts';
import { elementAt } from '../interpreter/run.ts';
import { unseal } from '../interpreter/secret-marks.ts';
import { visibleVariables } from '../interpreter/variables.ts';
import { type ClaimedJob, jobs } from '../workers/jobs.ts';
import { actions, type ListenedTask, listeningOf, readListenedTask, taskHeaders } from '../workers/listener-headers.ts';
import { numericJobKey, parseJobKey } from './job-key.ts';

/** A job in the format of Camunda's REST API. */
export interface ActivatedJob {
  jobKey: string;
  type: string;
  processDefinitionId: string;
  processDefinitionVersion: number;
  processDefinitionKey: string;
  processInstanceKey: string;
  elementId: string;
  elementInstanceKey: string;
  customHeaders: Record<string, string>;
  variables: Variables;
  worker: string;
  retries: number;
  /** When the job's lease expires, in milliseconds since 1970. */
  deadline: number;
  tenantId: string;
  kind: 'BPMN_ELEMENT' | 'EXECUTION_LISTENER' | 'TASK_LISTENER';
  /** `START`, `COMPLETING` …; `UNSPECIFIED` for a job that is not a listener's. */
  listenerEventType: string;
  /** The user task of a task listener's job; undefined for other jobs. */
  userTask?: Record<string, string | string[] | null>;
}

export interface Activation {
  type: string;
  worker: string;
  timeoutMs: number;
  maximum: number;
  /** Names of the variables that the worker wants; undefined: all. */
  fetchVariables?: readonly string[] | undefined;
}

export interface JobFailure {
  retries: number;
  message: string;
  backoffMs: number;
}

/** The worker's answer is not valid for the job. */
export class JobRefusedError extends Error {
  override readonly name = 'JobRefusedError';
}

/** Jobs for external workers. Methods about a job return whether the job exists. */
export interface ExternalJobs {
  activate(activation: Activation): Promise<ActivatedJob[]>;
  /** @throws JobRefusedError */
  complete(jobKey: string, variables: Variables, result?: ListenerResult): Promise<boolean>;
  fail(jobKey: string, failure: JobFailure): Promise<boolean>;
  /** @throws JobRefusedError */
  throwError(jobKey: string, error: { code: string; message: string; variables: Variables }): Promise<boolean>;
}

/** @param isOwn whether Kickoff handles jobs of a type itself; those are not given to external workers */
export function createExternalJobs(context: EngineContext, isOwn: (type: string) => boolean): ExternalJobs {
  const { db } = context;
  const claim = (type: string, free: number, leaseMs: number, suspects: boolean) =>
    jobs.claim(db, { limit: [{ kind: type, free }], leaseMs, suspects, values: { busy: '[]' } });
  const command = async (
    jobKey: string,
    decide: (token: number, listening: Listening | undefined) => Command,
  ): Promise<boolean> => {
    const place = parseJobKey(jobKey);
    if (!place) return false;
    const { instanceKey, token } = place;
    const about = async ({ state }: LockedInstance, tx: Db): Promise<Command | undefined> =>
      (await findType(tx, instanceKey, token, isOwn)) === undefined
        ? undefined
        : decide(token, listeningOf(state, token));
    return runCommand(context, instanceKey, about, { cause: { token } });
  };
  return {
    async activate({ type, timeoutMs, maximum, ...wanted }) {
      if (isOwn(type)) return [];
      const claimed = await claim(type, maximum, timeoutMs, false);
      // An expired lease does not count as a failure: the job is given out again.
      if (claimed.length < maximum) claimed.push(...(await claim(type, 1, timeoutMs, true)));
      const deadline = Date.now() + timeoutMs;
      return Promise.all(claimed.map((job) => describeJob(context, job, { ...wanted, deadline })));
    },
    complete: (jobKey, variables, result) =>
      command(jobKey, (token, listening) => {
        assertAnswer(listening, variables, result);
        return { kind: 'complete', token, variables, ...(result && { result }) };
      }),
    throwError: (jobKey, error) =>
      command(jobKey, (token, listening) => {
        if (listening) throw new JobRefusedError('A listener cannot throw an error');
        return { kind: 'throwError', token, ...error };
      }),
    async fail(jobKey, { retries, message, backoffMs }) {
      if (retries < 1) return command(jobKey, (token) => ({ kind: 'failJob', token, reason: message }));
      const place = parseJobKey(jobKey);
      if (!place || (await findType(db, place.instanceKey, place.token, isOwn)) === undefined) return false;
      const rows = await selectRows(
        db,
        sql`update engine_jobs set retries = ${retries}::int, unfinished = 0, last_error = ${storableOrNull(message)},
            due_at = now() + ${backoffMs}::float8 * interval '1 millisecond'
          where instance_key = ${place.instanceKey}::bigint and token = ${place.token}::int and due_at is not null
          returning token`,
      );
      if (backoffMs === 0) context.wake('engine_due');
      return rows.length > 0;
    },
  };
}

/** Rejects answers to a listener's job that Camunda 8 rejects. */
function assertAnswer(listening: Listening | undefined, variables: Variables, result: ListenerResult = {}): void {
  if (!listening || !isTaskEvent(listening.event)) return;
  const { event, opens } = listening;
  if (Object.keys(variables).length > 0) throw new JobRefusedError('The listener of a user task cannot set variables');
  if (result.denied && event === 'creating') throw new JobRefusedError('The creation of a user task cannot be denied');
  if (result.denied && event === 'canceling') {
    throw new JobRefusedError('The cancellation of a user task cannot be denied');
  }
  if (event === 'creating' && opens?.assignee !== undefined && result.corrections?.assignee !== undefined) {
    throw new JobRefusedError('The process assigns the user task: correct its assignee when it is assigned');
  }
}

/** The task in the format in which Camunda's API adds it to a job. */
function userTaskOf({ event }: Listening, { taskKey, attributes, changed }: ListenedTask) {
  const { assignee, dueDate, followUpDate, ...candidates } = attributes;
  return {
    action: actions[event] ?? '',
    assignee: assignee ?? null,
    ...candidates,
    changedAttributes: changed,
    dueDate: dueDate ?? null,
    followUpDate: followUpDate ?? null,
    priority: null,
    userTaskKey: taskKey,
  };
}

async function findType(
  db: Db,
  instanceKey: string,
  token: number,
  isOwn: (type: string) => boolean,
): Promise<string | undefined> {
  const [row] = await selectRows<{ type: string }>(
    db,
    sql`select type from engine_jobs where instance_key = ${instanceKey}::bigint and token = ${token}::int`,
  );
  return row && !isOwn(row.type) ? row.type : undefined;
}

async function describeJob(
  { db, definitions }: EngineContext,
  job: ClaimedJob,
  { worker, fetchVariables, deadline }: Pick<Activation, 'worker' | 'fetchVariables'> & { deadline: number },
): Promise<ActivatedJob> {
  const { state } = await withApart(db, instanceToLoad(job.instanceKey, job.state), [job.token]);
  const { model } = await definitions.get(Number(job.definitionKey));
  const listening = listeningOf(state, job.token);
  const listened = await readListenedTask(db, state, job);
  const task = listened && { ...listened, taskKey: numericJobKey({ ...job, token: listened.token }) };
  // It may have ended, or been cancelled, since it was claimed.
  const behaviour = state.tokens[job.token] && elementAt({ model, state }, job.token).behaviour;
  const variables = unseal(visibleVariables(state, job.token), state.tokens[job.token]?.secretMark);
  const [row] = await selectRows<{ version: number }>(
    db,
    sql`select version from engine_definitions where key = ${job.definitionKey}::bigint`,
  );
  const jobKey = numericJobKey(job);
  return {
    jobKey,
    type: job.type,
    processDefinitionId: model.id,
    processDefinitionVersion: row?.version ?? 0,
    processDefinitionKey: job.definitionKey,
    processInstanceKey: job.instanceKey,
    elementId: job.elementId,
    elementInstanceKey: jobKey,
    customHeaders: {
      ...(behaviour?.kind === 'job' && behaviour.headers),
      ...(listening && task && taskHeaders(listening, task)),
    },
    variables: fetchVariables?.length
      ? Object.fromEntries(Object.entries(variables).filter(([name]) => fetchVariables.includes(name)))
      : variables,
    worker,
    retries: job.retries,
    deadline,
    tenantId: '<default>',
    kind: task ? 'TASK_LISTENER' : listening ? 'EXECUTION_LISTENER' : 'BPMN_ELEMENT',
    listenerEventType: listening ? listening.event.toUpperCase() : 'UNSPECIFIED',
    ...(listening && task && { userTask: userTaskOf(listening, task) }),
  };
}
