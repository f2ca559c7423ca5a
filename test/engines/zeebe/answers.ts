import type { ElementInstance, Incident, ProcessInstance, UserTask } from '../../../src/engines/engine.ts';
import type { createDeployedFiles } from './deployed-files.ts';
import type { ElementState, EngineState, IncidentState, TaskState } from './engine-state.ts';

/** Converts Zeebe's state to the port's types. */
export function createAnswers(state: EngineState, files: ReturnType<typeof createDeployedFiles>) {
  return {
    instance(instance: ElementState): ProcessInstance {
      const incident = state.within(state.incidents, instance.key)[0];
      return {
        key: instance.key,
        // Zeebe has no start ids.
        startId: undefined,
        correlationKey: undefined,
        waitingJoins: [],
        processDefinitionId: instance.bpmnProcessId,
        status: statusOf(instance, incident),
        reason: incident?.errorMessage,
        variables: state.variablesAt(instance.key),
      };
    },
    element(element: ElementState): ElementInstance {
      const { key, elementId, parentKey, enteredAt, leftAt } = element;
      const incident = [...state.incidents.values()].find(({ elementInstanceKey }) => elementInstanceKey === key);
      const name = files.name(element.bpmnProcessId, elementId);
      const status = statusOf(element, incident);
      return { key, elementId, name, parentKey, status, enteredAt, leftAt, reason: incident?.errorMessage };
    },
    incident: ({ key, processInstanceKey, elementId, errorType, errorMessage }: IncidentState): Incident => ({
      key,
      processInstanceKey: state.outermost(processInstanceKey),
      elementId,
      type: errorType,
      reason: errorMessage,
    }),
    task(task: TaskState): UserTask {
      const formId = task.formKey === undefined ? undefined : state.formIds.get(task.formKey);
      return {
        key: task.key,
        processInstanceKey: state.outermost(task.processInstanceKey),
        processDefinitionId: task.bpmnProcessId,
        processName: files.name(task.bpmnProcessId, task.bpmnProcessId),
        elementId: task.elementId,
        name: files.name(task.bpmnProcessId, task.elementId),
        status: task.status,
        assignee: task.assignee || undefined,
        candidateUsers: task.candidateUsersList,
        candidateGroups: task.candidateGroupsList,
        form: formId === undefined ? undefined : files.form(formId),
        variables: state.variablesAt(task.elementInstanceKey),
        // Zeebe does not record who completed it.
        completedBy: undefined,
        createdAt: task.createdAt,
        dueDate: dateOf(task.dueDate),
        followUpDate: dateOf(task.followUpDate),
      };
    },
  };
}

const statusOf = ({ status }: ElementState, incident: IncidentState | undefined) =>
  incident && status === 'active' ? 'incident' : status;

const dateOf = (text: string) => (text === '' ? undefined : new Date(text));
