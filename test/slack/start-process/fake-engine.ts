import {
  type CompleteUserTask,
  type ProcessEngine,
  type ProcessInstance,
  type StartProcessInstance,
  type UserTask,
  UserTaskAssignedError,
  UserTaskClosedError,
} from '../../../src/engines/engine.ts';
import type { ProcessDefinition } from '../../../src/processes/process-definition.ts';

export type TaskSeed = Partial<UserTask> & { name: string };

/** A process of the fake engine: its tasks come one after the other. */
export interface FakeProcess {
  definition: ProcessDefinition;
  tasks: TaskSeed[];
}

/** An engine in memory whose bad days a test decides on. */
export interface FakeEngine extends ProcessEngine {
  starts: StartProcessInstance[];
  completions: CompleteUserTask[];
  instances: Map<string, ProcessInstance>;
  /** Called before a start is carried out: throws or waits. */
  beforeStart: () => Promise<void>;
  /** Called before a task is completed. */
  beforeComplete: () => Promise<void>;
  /** Puts an instance into another state, and tells of it. */
  change(key: string, change: Partial<ProcessInstance>): Promise<void>;
}

export const aDefinition = (id: string, name: string): ProcessDefinition => ({ id, name, version: 1, parameters: [] });

export function createFakeEngine(processes: FakeProcess[]): FakeEngine {
  const tasks = new Map<string, UserTask>();
  let tell: (key: string) => Promise<void> = async () => {};
  const changed = (key: string) => tell(key);

  const nextTask = (instance: ProcessInstance): void => {
    const process = processes.find(({ definition }) => definition.id === instance.processDefinitionId);
    const done = [...tasks.values()].filter((task) => task.processInstanceKey === instance.key).length;
    const seed = process?.tasks[done];
    if (!seed) {
      engine.instances.set(instance.key, { ...instance, status: 'completed' });
      return;
    }
    const key = `${instance.key}-${done + 1}`;
    tasks.set(key, {
      key,
      processInstanceKey: instance.key,
      processDefinitionId: instance.processDefinitionId,
      processName: process.definition.name,
      elementId: key,
      status: 'open',
      assignee: undefined,
      candidateUsers: [],
      candidateGroups: [],
      form: undefined,
      variables: instance.variables,
      completedBy: undefined,
      createdAt: new Date(),
      dueDate: undefined,
      followUpDate: undefined,
      ...seed,
    });
  };

  const engine: FakeEngine = {
    starts: [],
    completions: [],
    instances: new Map(),
    beforeStart: async () => {},
    beforeComplete: async () => {},
    async change(key, change) {
      const instance = engine.instances.get(key);
      if (!instance) throw new Error(`there is no instance ${key}`);
      engine.instances.set(key, { ...instance, ...change });
      await changed(key);
    },
    limitsOf: () => new Set(),
    listProcessDefinitions: async () => processes.map(({ definition }) => definition),
    async startProcessInstance(request) {
      await engine.beforeStart();
      engine.starts.push(request);
      const known = [...engine.instances.values()].find(({ startId }) => startId === request.startId);
      if (known) return { processInstanceKey: known.key };
      const { startId, processDefinitionId, variables } = request;
      const key = String(engine.instances.size + 1);
      const instance = {
        key,
        startId,
        processDefinitionId,
        status: 'active' as const,
        reason: undefined,
        variables,
        correlationKey: undefined,
        waitingJoins: [],
      };
      engine.instances.set(key, instance);
      nextTask(instance);
      // As a real engine does: it tells at once, before its caller has the key.
      await changed(key);
      return { processInstanceKey: key };
    },
    getProcessInstance: async (key) => engine.instances.get(key),
    instanceLink: () => undefined,
    cancelProcessInstance: (key) => engine.change(key, { status: 'terminated', reason: 'cancelled' }),
    getVariables: async (key) => engine.instances.get(key)?.variables,
    async setVariables({ scopeKey, variables }) {
      const variablesNow = engine.instances.get(scopeKey)?.variables;
      await engine.change(scopeKey, { variables: { ...variablesNow, ...variables } });
    },
    listIncidents: async () => [],
    resolveIncident: async () => {},
    listElementInstances: async () => [],
    getDiagram: async () => undefined,
    getDefinitionDiagram: async () => undefined,
    publishMessage: async () => {},
    findMessageReceivers: async () => ({ processDefinitionIds: [], withoutStart: false }),
    broadcastSignal: async () => {},
    getUserTask: async (key) => tasks.get(key),
    listUserTasks: async (key) => [...tasks.values()].filter((task) => task.processInstanceKey === key),
    async assignUserTask({ taskKey, assignee, allowOverride }) {
      const task = tasks.get(taskKey);
      if (task?.status !== 'open') throw new UserTaskClosedError(task);
      if (task.assignee !== undefined && task.assignee !== assignee && !allowOverride) {
        throw new UserTaskAssignedError(task);
      }
      tasks.set(taskKey, { ...task, assignee });
      await changed(task.processInstanceKey);
    },
    async completeUserTask(request) {
      await engine.beforeComplete();
      const task = tasks.get(request.taskKey);
      if (task?.status !== 'open') throw new UserTaskClosedError(task);
      engine.completions.push(request);
      tasks.set(task.key, { ...task, status: 'completed', completedBy: request.completedBy });
      const instance = engine.instances.get(task.processInstanceKey);
      if (instance) nextTask(instance);
      await changed(task.processInstanceKey);
    },
    onProcessInstanceChange(handler) {
      tell = handler;
    },
    onProcessDefinitionsChange() {},
    async start() {},
    async checkHealth() {},
    async stop() {},
  };
  return engine;
}
