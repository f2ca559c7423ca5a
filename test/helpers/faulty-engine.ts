import type {
  CompleteUserTask,
  ProcessEngine,
  ProcessInstance,
  StartProcessInstance,
} from '../../src/engines/engine.ts';
import type { ProcessDefinition } from '../../src/processes/process-definition.ts';

/** An engine with faults that a test controls. Any of its methods can be replaced. */
export type FaultyEngine<Engine extends ProcessEngine> = Engine & Faults;

interface Faults {
  /** The starts that reached the engine, and the completions of tasks. */
  starts: StartProcessInstance[];
  completions: CompleteUserTask[];
  /** Called before a start is carried out: can throw, wait, or change the request. */
  beforeStart: (request: StartProcessInstance) => Promise<void>;
  /** Called before a task is completed. */
  beforeComplete: () => Promise<void>;
  /** Replaces the list of processes from now on. */
  define(definitions: ProcessDefinition[]): void;
  /** Shows an active instance in another state, and reports the change. */
  change(key: string, change: Partial<ProcessInstance>): Promise<void>;
}

/** Adds faults to an engine. `defined`: the listed processes; absent: the engine's own. */
export function withFaults<Engine extends ProcessEngine>(
  engine: Engine,
  defined?: ProcessDefinition[],
): FaultyEngine<Engine> {
  const changes = new Map<string, Partial<ProcessInstance>>();
  let definitions = defined;
  let tellChange = async (_: string) => {};
  let tellDefinitions = () => {};
  const faulty: FaultyEngine<Engine> = {
    ...engine,
    starts: [],
    completions: [],
    beforeStart: async () => {},
    beforeComplete: async () => {},
    listProcessDefinitions: async () => definitions ?? engine.listProcessDefinitions(),
    async startProcessInstance(request) {
      await faulty.beforeStart(request);
      faulty.starts.push(request);
      return engine.startProcessInstance(request);
    },
    async completeUserTask(request) {
      await faulty.beforeComplete();
      await engine.completeUserTask(request);
      faulty.completions.push(request);
    },
    async getProcessInstance(key) {
      const instance = await engine.getProcessInstance(key);
      return instance?.status === 'active' ? { ...instance, ...changes.get(key) } : instance;
    },
    define(others) {
      definitions = others;
      tellDefinitions();
    },
    async change(key, change) {
      changes.set(key, { ...changes.get(key), ...change });
      await tellChange(key);
    },
    onProcessInstanceChange(handler) {
      tellChange = handler;
      engine.onProcessInstanceChange(handler);
    },
    onProcessDefinitionsChange(handler) {
      tellDefinitions = handler;
      engine.onProcessDefinitionsChange(handler);
    },
  };
  return faulty;
}
