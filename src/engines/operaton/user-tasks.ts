import { setTimeout as delay } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { atMost } from '../../cache-size.ts';
import { reasonOf } from '../../errors.ts';
import type { Form } from '../../processes/form.ts';
import { message } from '../../words/message.ts';
import {
  type AssignUserTask,
  type CompleteUserTask,
  EngineRefusedError,
  EngineUnavailableError,
  type UserTask,
  UserTaskAssignedError,
  UserTaskClosedError,
} from '../engine.ts';
import { NoAnswerError } from '../remote/answers.ts';
import { foreignForm, isForeignForm } from '../remote/foreign-form.ts';
import { oneAtATime } from '../remote/one-at-a-time.ts';
import { noteAsked, type RequestId, releaseRequest, resultsOf } from '../remote/requests.ts';
import { slackUser } from '../remote/slack-user.ts';
import type { OperatonContext } from './context.ts';
import type { Deployed } from './definitions.ts';
import { instanceTree, rootOf } from './instance-rows.ts';
import { DatabaseFaultError, RestError, segment } from './rest-client.ts';
import { dateSchema, toTypedValues } from './typed-values.ts';
import { taskVariables } from './variables.ts';

/** How long to wait for a task that somebody else is completing, and how often to check, in milliseconds. */
const othersMs = 5000;
const othersPauseMs = 50;

const taskSchema = z.object({
  id: z.string(),
  processInstanceId: z.string().nullish(),
  processDefinitionId: z.string().nullish(),
  taskDefinitionKey: z.string().nullish(),
  name: z.string().nullish(),
  assignee: z.string().nullish(),
  startTime: dateSchema,
  endTime: dateSchema.nullish(),
  deleteReason: z.string().nullish(),
  due: dateSchema.nullish(),
  followUp: dateSchema.nullish(),
});
type TaskRow = z.infer<typeof taskSchema>;

const linkSchema = z.object({
  userId: z.string().nullish(),
  groupId: z.string().nullish(),
  type: z.string(),
  operationType: z.string().nullish(),
});

interface Candidates {
  users: string[];
  groups: string[];
}

export interface UserTasks {
  get(taskKey: string): Promise<UserTask | undefined>;
  list(processInstanceKey: string): Promise<UserTask[]>;
  assign(request: AssignUserTask): Promise<void>;
  complete(request: CompleteUserTask): Promise<void>;
}

export function createUserTasks(context: OperatonContext): UserTasks {
  const { rest, database, requests, definitions } = context;
  /** Candidates of closed tasks, which no longer change. */
  const formerCandidates = new LRUCache<string, Candidates>(atMost(10_000));

  const findRow = async (taskKey: string): Promise<TaskRow | undefined> =>
    (await rest.get(z.array(taskSchema), '/history/task', { taskId: taskKey }))[0];

  const rowsOf = (processInstanceId: string): Promise<TaskRow[]> =>
    rest.get(z.array(taskSchema), '/history/task', { processInstanceId, sortBy: 'startTime', sortOrder: 'asc' });

  /** Whether the instance with these tasks cannot have called instances with tasks of their own. */
  const callsNothing = async (own: TaskRow[]): Promise<boolean> => {
    // An open task belongs to the version that the instance runs now.
    const versionId = own.find(({ endTime }) => !endTime)?.processDefinitionId;
    return versionId != null && !(await definitions.get(versionId)).model.calls;
  };

  const treeRows = async (processInstanceKey: string): Promise<TaskRow[]> => {
    const tree = await instanceTree(context, processInstanceKey);
    return (await Promise.all(tree.map(({ id }) => rowsOf(id)))).flat();
  };

  const read = async (rows: TaskRow[], rootKey: string): Promise<UserTask[]> => {
    const own = rows.flatMap((row) => (row.processDefinitionId && row.processInstanceId ? [row] : []));
    const completedBy = await resultsOf(
      database.db,
      { engine: context.engine, kind: 'completion' },
      own.flatMap(({ id, endTime }) => (endTime ? [id] : [])),
    );
    return Promise.all(own.map((row) => describe(row, rootKey, completedBy.get(row.id))));
  };

  const describe = async (row: TaskRow, rootKey: string, completedBy: string | undefined): Promise<UserTask> => {
    const deployed = await definitions.get(row.processDefinitionId ?? '');
    const elementId = row.taskDefinitionKey ?? '';
    const isOpen = !row.endTime;
    const [candidates, variables, form] = await Promise.all([
      candidatesOf(row.id, isOpen),
      isOpen ? taskVariables(context, row.id) : {},
      isOpen ? formOf(deployed, elementId, row.id) : undefined,
    ]);
    const isDone = row.deleteReason === 'completed';
    const assignee = row.assignee || undefined;
    return {
      key: row.id,
      processInstanceKey: rootKey,
      processDefinitionId: deployed.definitionId,
      processName: deployed.name,
      elementId,
      name: row.name || elementId,
      status: isOpen ? 'open' : isDone ? 'completed' : 'cancelled',
      assignee,
      candidateUsers: candidates.users,
      candidateGroups: candidates.groups,
      form,
      variables,
      // If the task was completed outside Kickoff, its assignee completed it, if Slack knows them.
      completedBy: isDone ? (completedBy ?? (assignee && slackUser.test(assignee) ? assignee : undefined)) : undefined,
      createdAt: row.startTime,
      dueDate: row.due ?? undefined,
      followUpDate: row.followUp ?? undefined,
    };
  };

  const candidatesOf = async (taskKey: string, isOpen: boolean): Promise<Candidates> => {
    const known = isOpen ? undefined : formerCandidates.get(taskKey);
    if (known) return known;
    const links = isOpen
      ? ((await rest.find(z.array(linkSchema), `/task/${segment(taskKey)}/identity-links`).catch(asNone)) ?? [])
      : await rest.get(z.array(linkSchema), '/history/identity-link-log', { taskId: taskKey });
    // The links are removed when the task ends, so entries of type `delete` are skipped.
    const candidates = links.filter(({ type, operationType }) => type === 'candidate' && operationType !== 'delete');
    const found = {
      users: unique(candidates.map(({ userId }) => userId)),
      groups: unique(candidates.map(({ groupId }) => groupId)),
    };
    if (!isOpen) formerCandidates.set(taskKey, found);
    return found;
  };

  const formOf = async (deployed: Deployed, elementId: string, taskKey: string): Promise<Form | undefined> => {
    try {
      return await definitions.taskForm(deployed, elementId, taskKey);
    } catch (error) {
      if (error instanceof EngineUnavailableError) throw error;
      return foreignForm(context.engineName, reasonOf(error), context.taskUrl(taskKey));
    }
  };

  const get = async (taskKey: string): Promise<UserTask | undefined> => {
    const row = await findRow(taskKey);
    if (!row?.processInstanceId) return undefined;
    const root = await rootOf(context, row.processInstanceId);
    return root && (await read([row], root.id))[0];
  };

  /** Waits until the task is closed, up to a limit, and returns it. */
  const getOnceOver = async (taskKey: string): Promise<UserTask | undefined> => {
    const deadline = performance.now() + othersMs;
    for (;;) {
      const row = await findRow(taskKey);
      if (!row || row.endTime || performance.now() > deadline) return get(taskKey);
      await delay(othersPauseMs);
    }
  };

  const assignAs = async (request: AssignUserTask, isFree = false): Promise<void> => {
    const { taskKey, assignee, allowOverride } = request;
    try {
      await rest.send('POST', `/task/${segment(taskKey)}/${allowOverride ? 'assignee' : 'claim'}`, {
        body: { userId: assignee },
      });
    } catch (error) {
      if (!(error instanceof RestError)) throw error;
      const task = await get(taskKey);
      if (task?.status !== 'open') throw new UserTaskClosedError(task);
      if (!allowOverride && task.assignee !== undefined && task.assignee !== assignee) {
        throw new UserTaskAssignedError(task);
      }
      // An expression may yield an empty assignee, which the engine takes for a name.
      if (!allowOverride && !isFree && task.assignee === undefined) {
        await rest.send('POST', `/task/${segment(taskKey)}/unclaim`);
        return assignAs(request, true);
      }
      throw new EngineRefusedError(error.message, { cause: error });
    }
  };

  /** Whether Kickoff's own call completed the task although its answer was lost. */
  const isCompletedAs = (row: TaskRow | undefined, userId: string) =>
    row?.deleteReason === 'completed' && row.assignee === userId;

  const completeClaimed = async (
    { taskKey, variables, completedBy }: CompleteUserTask,
    id: RequestId,
    { attempts, isInDoubt }: { attempts: number; isInDoubt: boolean },
  ): Promise<void> => {
    const { db } = database;
    let isUnknown = isInDoubt;
    let isAsked = false;
    try {
      const row = await findRow(taskKey);
      if (isInDoubt && isCompletedAs(row, completedBy)) return await requests.settle(id, completedBy);
      if (!row || row.endTime) throw new UserTaskClosedError(await get(taskKey));
      isUnknown = false;
      const deployed = await definitions.get(row.processDefinitionId ?? '');
      const elementId = row.taskDefinitionKey ?? '';
      const form = await formOf(deployed, elementId, taskKey);
      if (form && isForeignForm(form)) {
        throw new EngineRefusedError(message('engine.formElsewhere', { engine: context.engineName }));
      }
      // The engine stores only the assignee of a closed task, so the person who completes it becomes its assignee.
      if (row.assignee !== completedBy) await assignAs({ taskKey, assignee: completedBy, allowOverride: true });
      if (!(await noteAsked(db, id, { attempts, leaseMs: context.timings.callMs * 2 })))
        throw new UserTaskClosedError(await get(taskKey));
      isUnknown = true;
      isAsked = true;
      const writing = { hasJson: await context.hasJson(), hints: definitions.hints(deployed, elementId) };
      await rest.send('POST', `/task/${segment(taskKey)}/complete`, {
        body: { variables: toTypedValues(variables, writing) },
      });
      await requests.settle(id, completedBy);
    } catch (error) {
      if (error instanceof NoAnswerError && !error.mayHaveHappened && !isInDoubt) isUnknown = false;
      // If an earlier attempt failed as well, the task tells a process that loses a database of its own from an engine whose
      // database is lost: it was read before the call, and is read after it.
      const isRepeatedFault = error instanceof DatabaseFaultError && isAsked && attempts > 1;
      const found = isRepeatedFault ? await findRow(taskKey).catch(() => undefined) : undefined;
      if (isRepeatedFault && isCompletedAs(found, completedBy)) return await requests.settle(id, completedBy);
      if (!(error instanceof RestError || (isRepeatedFault && found))) {
        await releaseRequest(db, id, attempts, { inDoubt: isUnknown });
        throw error;
      }
      await releaseRequest(db, id, attempts, { inDoubt: isRepeatedFault && isUnknown });
      // The engine answers 500 for every reason; the task shows which one it is.
      const row = found ?? (await findRow(taskKey));
      if (!row || row.endTime) throw new UserTaskClosedError(await get(taskKey));
      throw new EngineRefusedError(isRepeatedFault ? error.detail : error.message, { cause: error });
    }
  };

  return {
    get,
    async list(processInstanceKey) {
      const own = await rowsOf(processInstanceKey);
      const rows = (await callsNothing(own)) ? own : await treeRows(processInstanceKey);
      rows.sort((a, b) => a.startTime.getTime() - b.startTime.getTime());
      return read(rows, processInstanceKey);
    },
    async assign(request) {
      const { taskKey, takeFrom } = request;
      if (takeFrom === undefined) return assignAs(request);
      // The engine takes a task from anybody or from nobody.
      const id: RequestId = { engine: context.engine, kind: 'assignment', key: taskKey };
      await oneAtATime(context, { id, leaseMs: context.timings.callMs * 3 }, async () => {
        const row = await findRow(taskKey);
        await assignAs({ ...request, allowOverride: request.allowOverride || row?.assignee === takeFrom });
      });
    },
    async complete(request) {
      const id: RequestId = { engine: context.engine, kind: 'completion', key: request.taskKey };
      const claim = await requests.claim({ id, leaseMs: context.timings.callMs * 2 });
      // The task is already completed, or somebody else is completing it right now: read who completed it.
      if (claim.state !== 'claimed') {
        const task = await getOnceOver(request.taskKey);
        if (task?.status !== 'open') throw new UserTaskClosedError(task);
        throw new EngineUnavailableError(message('engine.inDoubt', { engine: context.engineName }));
      }
      await completeClaimed(request, id, { attempts: claim.attempts, isInDoubt: claim.doubtMs !== undefined });
    },
  };
}

/** A closed task has no links any more. */
function asNone(error: unknown): undefined {
  if (error instanceof RestError) return undefined;
  throw error;
}

const unique = (names: (string | null | undefined)[]) => [...new Set(names.flatMap((name) => name || []))].sort();
