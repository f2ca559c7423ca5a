import type { UserTask } from '../../../src/engines/engine.ts';
import type { Variables } from '../../../src/processes/value-types.ts';
import type { EngineRecord, RecordOf } from './engine-records.ts';

type Ended = 'completed' | 'terminated';

export interface ElementState extends Omit<RecordOf<'PROCESS_INSTANCE'>['value'], 'flowScopeKey'> {
  key: string;
  parentKey: string | undefined;
  status: 'active' | Ended;
  enteredAt: Date;
  leftAt: Date | undefined;
}
export type TaskState = RecordOf<'USER_TASK'>['value'] & Pick<UserTask, 'key' | 'status' | 'createdAt'>;
export type IncidentState = RecordOf<'INCIDENT'>['value'] & { key: string };
/** `ready`: a worker may take it; `stopped`: it has an incident; `gone`: its element was left in another way. */
interface JobState {
  type: string;
  status: 'ready' | 'taken' | 'stopped' | 'gone';
}

/** The state after the records so far, by key, oldest first. */
export function createEngineState() {
  const elements = new Map<string, ElementState>();
  const variables = new Map<string, Variables>();
  const tasks = new Map<string, TaskState>();
  const incidents = new Map<string, IncidentState>();
  const jobs = new Map<string, JobState>();
  const formIds = new Map<string, string>();

  const applyElement = ({ key, intent, timestamp, value }: RecordOf<'PROCESS_INSTANCE'>) => {
    if (intent === 'ELEMENT_ACTIVATING') {
      const { flowScopeKey: parentKey, ...rest } = value;
      const enteredAt = new Date(timestamp);
      elements.set(key, { ...rest, key, parentKey, status: 'active', enteredAt, leftAt: undefined });
    }
    const ended = endings[intent];
    const element = elements.get(key);
    if (ended && element) Object.assign(element, { status: ended, leftAt: new Date(timestamp) });
  };
  const applyTask = ({ key, intent, timestamp, value }: RecordOf<'USER_TASK'>) => {
    if (intent === 'CREATED') tasks.set(key, { ...value, key, status: 'open', createdAt: new Date(timestamp) });
    const task = tasks.get(key);
    if (!task) return;
    if (intent === 'ASSIGNED') task.assignee = value.assignee;
    if (intent === 'COMPLETED') task.status = 'completed';
    if (intent === 'CANCELED') task.status = 'cancelled';
  };
  const applyIncident = ({ key, intent, value }: RecordOf<'INCIDENT'>) => {
    const job = value.jobKey === undefined ? undefined : jobs.get(value.jobKey);
    if (intent === 'CREATED') incidents.set(key, { ...value, key });
    if (intent === 'RESOLVED') incidents.delete(key);
    if (job && job.status !== 'gone') job.status = intent === 'RESOLVED' ? 'ready' : 'stopped';
  };
  const applyJob = ({ key, intent, value: { type, retries } }: RecordOf<'JOB'>) => {
    if (intent === 'CREATED' || (intent === 'FAILED' && retries > 0)) jobs.set(key, { type, status: 'ready' });
    if (intent === 'COMPLETED' || intent === 'CANCELED') jobs.set(key, { type, status: 'gone' });
  };

  const applyVariable = ({ value: { scopeKey, name, value } }: RecordOf<'VARIABLE'>) => {
    variables.set(scopeKey, { ...variables.get(scopeKey), [name]: value });
  };

  const apply = (record: EngineRecord): void => {
    if (record.valueType === 'PROCESS_INSTANCE') applyElement(record);
    else if (record.valueType === 'VARIABLE') applyVariable(record);
    else if (record.valueType === 'USER_TASK') applyTask(record);
    else if (record.valueType === 'INCIDENT') applyIncident(record);
    else if (record.valueType === 'JOB') applyJob(record);
    else formIds.set(record.key, record.value.formId);
  };

  /** The variables visible from an element instance. */
  const variablesAt = (scopeKey: string): Variables => {
    const outer = elements.get(scopeKey)?.parentKey;
    return { ...(outer !== undefined && variablesAt(outer)), ...variables.get(scopeKey) };
  };
  /** The instance that was started, for an instance that it may have called. */
  const outermost = (instanceKey: string): string => {
    const caller = elements.get(instanceKey)?.parentProcessInstanceKey;
    return caller === undefined ? instanceKey : outermost(caller);
  };
  /** Those of an instance and of the instances that it called. */
  const within = <T extends { processInstanceKey: string }>(things: Map<string, T>, instanceKey: string): T[] =>
    [...things.values()].filter(({ processInstanceKey }) => outermost(processInstanceKey) === instanceKey);

  return { elements, tasks, incidents, jobs, formIds, apply, variablesAt, outermost, within };
}

export type EngineState = ReturnType<typeof createEngineState>;

const endings: Record<string, Ended> = { ELEMENT_COMPLETED: 'completed', ELEMENT_TERMINATED: 'terminated' };
