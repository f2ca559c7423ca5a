import { setTimeout as delay } from 'node:timers/promises';
import { reasonOf } from '../../errors.ts';
import type { Form } from '../../processes/form.ts';
import type { Variables } from '../../processes/value-types.ts';
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
import { ClusterError } from './cluster.ts';
import { type Camunda8Context, isKey } from './context.ts';
import type { Deployed } from './definitions.ts';
import { instanceTree, rootOf } from './instance-rows.ts';
import { expectAtRest, noteChanged } from './read-own-writes.ts';
import { byKey } from './search.ts';
import { findTasks, type TaskRow, taskSchema } from './task-rows.ts';
import { visibleFromTasks } from './variables.ts';

/** States of a task that is not visible to anybody yet, because a listener may still hold it. */
const notYet = new Set(['CREATING']);

function statusOf({ state }: TaskRow): UserTask['status'] {
  if (state === 'COMPLETED') return 'completed';
  return state === 'CANCELED' || state === 'FAILED' ? 'cancelled' : 'open';
}

const isOpen = (row: TaskRow) => statusOf(row) === 'open';

/** How long to wait for a task that somebody else is completing, and how often to check, in milliseconds. */
const othersMs = 5000;
const othersPauseMs = 50;

export interface UserTasks {
  get(taskKey: string): Promise<UserTask | undefined>;
  list(processInstanceKey: string): Promise<UserTask[]>;
  assign(request: AssignUserTask): Promise<void>;
  complete(request: CompleteUserTask): Promise<void>;
}

export function createUserTasks(context: Camunda8Context): UserTasks {
  const { cluster, database, requests, definitions, visibility, engineName, timings } = context;

  const findRow = async (taskKey: string): Promise<TaskRow | undefined> =>
    isKey(taskKey) ? cluster.find(taskSchema, 'getUserTask', { userTaskKey: taskKey }) : undefined;

  /** Finds the task once the index shows Kickoff's own changes to it. */
  const findShown = async (taskKey: string): Promise<TaskRow | undefined> => {
    await visibility.settled(taskKey);
    const before = visibility.count();
    const row = await findRow(taskKey);
    if (!row) return undefined;
    const shown = await visibility.settled(row.processInstanceKey);
    if (!shown && visibility.count() === before) return row;
    return shown?.tasks?.find(({ userTaskKey }) => userTaskKey === taskKey) ?? findRow(taskKey);
  };

  /** Whether the instance with these tasks cannot have called instances with tasks of their own. */
  const callsNothing = async (own: TaskRow[]): Promise<boolean> => {
    // An open task belongs to the version that the instance runs now.
    const task = own.find(isOpen);
    return task !== undefined && !(await definitions.get(task.processDefinitionKey)).model.calls;
  };

  const treeRows = async (processInstanceKey: string): Promise<TaskRow[]> => {
    const tree = await instanceTree(context, processInstanceKey);
    // A change of a called instance may affect its caller.
    await Promise.all(tree.slice(1).map((one) => visibility.settled(one.processInstanceKey)));
    return (await Promise.all(tree.map((one) => findTasks(cluster, one.processInstanceKey)))).flat();
  };

  const read = async (rows: TaskRow[], rootKey: string): Promise<UserTask[]> => {
    const open = rows.filter(isOpen);
    const instances = [...new Set(open.map(({ processInstanceKey }) => processInstanceKey))];
    const [completedBy, ...visible] = await Promise.all([
      resultsOf(
        database.db,
        { engine: context.engine, kind: 'completion' },
        rows.flatMap((row) => (isOpen(row) ? [] : row.userTaskKey)),
      ),
      ...instances.map((key) =>
        visibleFromTasks(
          context,
          open.filter((row) => row.processInstanceKey === key),
        ),
      ),
    ]);
    const variables = new Map(visible.flatMap((one) => [...one]));
    return Promise.all(
      rows.map((row) =>
        describe(row, rootKey, {
          completedBy: completedBy.get(row.userTaskKey),
          variables: variables.get(row.elementInstanceKey) ?? {},
        }),
      ),
    );
  };

  const describe = async (
    row: TaskRow,
    rootKey: string,
    { completedBy, variables }: { completedBy: string | undefined; variables: Variables },
  ): Promise<UserTask> => {
    const deployed = await definitions.get(row.processDefinitionKey);
    const { elementId, assignee } = row;
    const status = statusOf(row);
    return {
      key: row.userTaskKey,
      processInstanceKey: rootKey,
      processDefinitionId: deployed.processId,
      processName: deployed.name,
      elementId,
      name: row.name ?? deployed.model.names.get(elementId) ?? elementId,
      status,
      assignee,
      candidateUsers: row.candidateUsers ?? [],
      candidateGroups: row.candidateGroups ?? [],
      form: status === 'open' ? await formOf(deployed, row) : undefined,
      variables,
      // If the task was completed outside Kickoff, its assignee completed it, if Slack knows them.
      completedBy:
        status === 'completed'
          ? (completedBy ?? (assignee && slackUser.test(assignee) ? assignee : undefined))
          : undefined,
      createdAt: row.creationDate,
      dueDate: row.dueDate ?? undefined,
      followUpDate: row.followUpDate ?? undefined,
    };
  };

  const formOf = async (
    deployed: Deployed,
    { elementId, userTaskKey: key, formKey }: TaskRow,
  ): Promise<Form | undefined> => {
    try {
      return await definitions.taskForm(deployed, { elementId, key, formKey });
    } catch (error) {
      if (error instanceof EngineUnavailableError || error instanceof ClusterError) throw error;
      return foreignForm(engineName, reasonOf(error), context.taskUrl(key));
    }
  };

  const get = async (taskKey: string): Promise<UserTask | undefined> => {
    const row = await findShown(taskKey);
    if (!row || notYet.has(row.state)) return undefined;
    const root = await rootOf(context, row.processInstanceKey);
    return root && (await read([row], root.key))[0];
  };

  /** Waits until the index shows the task as `isShown` wants it, up to a limit, and returns it. */
  const getOnce = async (taskKey: string, isShown: (row: TaskRow) => boolean): Promise<UserTask | undefined> => {
    const deadline = performance.now() + othersMs;
    for (;;) {
      const row = await findShown(taskKey);
      if (!row || isShown(row) || performance.now() > deadline) return get(taskKey);
      await delay(othersPauseMs);
    }
  };

  const isOver = (row: TaskRow) => !isOpen(row);

  const assign = async ({ taskKey, assignee, allowOverride }: AssignUserTask): Promise<void> => {
    if (!isKey(taskKey)) throw new UserTaskClosedError(undefined);
    try {
      await cluster.send('assignUserTask', { userTaskKey: taskKey, assignee, allowOverride });
    } catch (error) {
      if (!(error instanceof ClusterError)) throw error;
      if (error.status === 404) throw new UserTaskClosedError(await getOnce(taskKey, isOver));
      const task = await getOnce(taskKey, (row) => !isOpen(row) || row.assignee !== undefined);
      if (task?.status !== 'open') throw new UserTaskClosedError(task);
      if (task.assignee === assignee) return;
      if (!allowOverride && task.assignee !== undefined) throw new UserTaskAssignedError(task);
      throw new EngineRefusedError(error.message, { cause: error });
    }
  };

  /** Registers an assignment, for readers of the task and of its instance. `known`: a row of the task, however old. */
  const expectAssigned = ({ taskKey, assignee }: AssignUserTask, known: TaskRow | undefined): void =>
    visibility.expect(known?.processInstanceKey ?? taskKey, async () => {
      const row = await findRow(taskKey);
      return row === undefined || !isOpen(row) || row.assignee === assignee;
    });

  /** Reports a change of the task's instance. `row`: of the task, however old. */
  const noteTaskChanged = async (row: TaskRow | undefined): Promise<void> => {
    const root = row && (await rootOf(context, row.processInstanceKey));
    if (root?.start) await noteChanged(context, root.key);
  };

  const assignAndNote = async (request: AssignUserTask): Promise<void> => {
    await assign(request);
    const row = await findRow(request.taskKey);
    expectAssigned(request, row);
    await noteTaskChanged(row);
  };

  const completeClaimed = async (
    { taskKey, variables, completedBy }: CompleteUserTask,
    id: RequestId,
    { attempts, isInDoubt }: { attempts: number; isInDoubt: boolean },
  ): Promise<TaskRow | undefined> => {
    const { db } = database;
    let isUnknown = isInDoubt;
    let row: TaskRow | undefined;
    try {
      row = await findShown(taskKey);
      if (row && isOpen(row)) {
        const form = await formOf(await definitions.get(row.processDefinitionKey), row);
        if (form && isForeignForm(form)) {
          throw new EngineRefusedError(message('engine.formElsewhere', { engine: engineName }));
        }
        // The cluster stores only the assignee of a closed task, so the person who completes it becomes its assignee.
        if (row.assignee !== completedBy) {
          const assignment = { taskKey, assignee: completedBy, allowOverride: true };
          await assign(assignment);
          expectAssigned(assignment, row);
        }
      }
      if (!(await noteAsked(db, id, { attempts, leaseMs: timings.callMs * 2 }))) {
        throw new UserTaskClosedError(await get(taskKey));
      }
      isUnknown = true;
      await cluster.send('completeUserTask', { userTaskKey: taskKey, variables });
      await requests.settle(id, completedBy);
      if (row) expectCompleted(taskKey, row);
      return row;
    } catch (error) {
      if (error instanceof NoAnswerError && !error.mayHaveHappened && !isInDoubt) isUnknown = false;
      if (error instanceof ClusterError && error.status === 404) {
        const task = await getOnce(taskKey, isOver);
        // Kickoff's own call completed it, though its answer was lost.
        const isOurs = isInDoubt && task?.status === 'completed' && task.assignee === completedBy;
        if (isOurs) {
          await requests.settle(id, completedBy);
          return row;
        }
        await releaseRequest(db, id, attempts, { inDoubt: false });
        throw new UserTaskClosedError(task);
      }
      await releaseRequest(db, id, attempts, { inDoubt: isUnknown && !(error instanceof ClusterError) });
      if (!(error instanceof ClusterError)) throw error;
      throw new EngineRefusedError(error.message, { cause: error });
    }
  };

  const expectCompleted = (taskKey: string, { processInstanceKey: own }: TaskRow): void => {
    const isDone = async () => {
      const row = await findRow(taskKey);
      return row !== undefined && !isOpen(row);
    };
    expectAtRest(context, own, isDone);
    visibility.expect(taskKey, isDone);
  };

  return {
    get,
    async list(processInstanceKey) {
      if (!isKey(processInstanceKey)) return [];
      const shown = await visibility.settled(processInstanceKey);
      const own = shown?.tasks ?? (await findTasks(cluster, processInstanceKey));
      const rows = ((await callsNothing(own)) ? own : await treeRows(processInstanceKey))
        .filter(({ state }) => !notYet.has(state))
        .sort((a, b) => a.creationDate.getTime() - b.creationDate.getTime() || byKey(a.userTaskKey, b.userTaskKey));
      return read(rows, processInstanceKey);
    },
    async assign(request) {
      const { taskKey, takeFrom } = request;
      if (takeFrom === undefined) return assignAndNote(request);
      // The cluster takes a task from anybody or from nobody. Another replica's assignment shows once it is in the index.
      const id: RequestId = { engine: context.engine, kind: 'assignment', key: taskKey };
      await oneAtATime(context, { id, leaseMs: timings.callMs * 3 }, async () => {
        const row = isKey(taskKey) ? await findShown(taskKey) : undefined;
        await assignAndNote({ ...request, allowOverride: request.allowOverride || row?.assignee === takeFrom });
      });
    },
    async complete(request) {
      const { taskKey } = request;
      if (!isKey(taskKey)) throw new UserTaskClosedError(undefined);
      const id: RequestId = { engine: context.engine, kind: 'completion', key: taskKey };
      const claim = await requests.claim({ id, leaseMs: timings.callMs * 2 });
      // The task is already completed, or somebody else is completing it right now: read who completed it.
      if (claim.state !== 'claimed') {
        const task = await getOnce(taskKey, isOver);
        if (task?.status !== 'open') throw new UserTaskClosedError(task);
        throw new EngineUnavailableError(message('engine.inDoubt', { engine: engineName }));
      }
      const isInDoubt = claim.doubtMs !== undefined;
      const row = await completeClaimed(request, id, { attempts: claim.attempts, isInDoubt });
      await noteTaskChanged(row ?? (await findRow(taskKey)));
    },
  };
}
