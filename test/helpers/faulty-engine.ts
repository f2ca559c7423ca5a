import type {
  CompleteUserTask,
  ProcessEngine,
  ProcessInstance,
  StartProcessInstance,
} from '../../src/engines/engine.ts';
import type { ProcessDefinition } from '../../src/processes/process-definition.ts';

/** An engine whose bad days a test decides on. Any of its methods can be replaced by another. */
export type FaultyEngine<Engine extends ProcessEngine> = Engine & Faults;

interface Faults {
  /** The starts that were let through, and the completions of tasks. */
  starts: StartProcessInstance[];
  completions: CompleteUserTask[];
  /** Called before a start is carried out: throws, waits, or changes what is asked for. */
  beforeStart: (request: StartProcessInstance) => Promise<void>;
  /** Called before a task is completed. */
  beforeComplete: () => Promise<void>;
  /** Lists these processes from now on, whatever the engine has. */
  define(definitions: ProcessDefinition[]): void;
  /** Shows an instance that is active in another state, and tells of it. */
  change(key: string, change: Partial<ProcessInstance>): Promise<void>;
}

/** Adds faults to an engine. `defined`: the processes that it lists; absent: its own. */
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
