import {
  type ElementInstance,
  type Incident,
  type Job,
  type JobHandler,
  type ProcessInstance,
  type UserTask,
  UserTaskAssignedError,
  UserTaskClosedError,
} from './engine.ts';

/**
 * Translates keys and definition ids between an engine and Kickoff. Those of the embedded engine stay as they are (numbers and
 * BPMN ids, which have no colon); those of any other engine get its name as a prefix, as in `operaton:2d1f…`.
 */
export interface EngineKeys {
  /** An engine's own key → Kickoff's. */
  outward(key: string): string;
  /** Kickoff's key → the engine's own; undefined if the key belongs to another engine. */
  inward(key: string): string | undefined;
}

/** The translation for the engine with this name in ENGINES. */
export function engineKeys(engine: string): EngineKeys {
  if (engine === 'embedded') {
    return { outward: (key) => key, inward: (key) => (key.includes(':') ? undefined : key) };
  }
  const prefix = `${engine}:`;
  return {
    outward: (key) => prefix + key,
    inward: (key) => (key.startsWith(prefix) ? key.slice(prefix.length) : undefined),
  };
}

export const outwardInstance = ({ outward }: EngineKeys, instance: ProcessInstance): ProcessInstance => ({
  ...instance,
  key: outward(instance.key),
  processDefinitionId: outward(instance.processDefinitionId),
});

export const outwardTask = ({ outward }: EngineKeys, task: UserTask): UserTask => ({
  ...task,
  key: outward(task.key),
  processInstanceKey: outward(task.processInstanceKey),
  processDefinitionId: outward(task.processDefinitionId),
});

export const outwardIncident = ({ outward }: EngineKeys, incident: Incident): Incident => ({
  ...incident,
  key: outward(incident.key),
  processInstanceKey: outward(incident.processInstanceKey),
});

export const outwardElement = ({ outward }: EngineKeys, element: ElementInstance): ElementInstance => ({
  ...element,
  key: outward(element.key),
  parentKey: element.parentKey === undefined ? undefined : outward(element.parentKey),
});

/** Translates the key of the task that an error carries. */
export function outwardError(keys: EngineKeys, error: unknown): unknown {
  if (error instanceof UserTaskClosedError) return new UserTaskClosedError(error.task && outwardTask(keys, error.task));
  if (error instanceof UserTaskAssignedError) return new UserTaskAssignedError(outwardTask(keys, error.task));
  return error;
}

/** Wraps job handlers so that they get Kickoff's keys instead of the engine's own. */
export function outwardHandlers(
  { outward }: EngineKeys,
  handlers: Record<string, JobHandler>,
): Record<string, JobHandler> {
  const named = (job: Job): Job => ({
    ...job,
    key: outward(job.key),
    processInstanceKey: outward(job.processInstanceKey),
  });
  return Object.fromEntries(
    Object.entries(handlers).map(([type, handler]) => {
      const { timeoutMs } = handler;
      const outwards: JobHandler = (job, signal) => handler(named(job), signal);
      return [type, timeoutMs ? Object.assign(outwards, { timeoutMs: (job: Job) => timeoutMs(named(job)) }) : outwards];
    }),
  );
}
