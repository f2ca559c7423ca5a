import * as b from '../diagram-builder.ts';
import { type Scenario, type Steps, stepsSchema } from './scenario.ts';

/** Process ids → their elements. */
type Processes = Record<string, string[] | { content: string[]; versionTag: string }>;

export interface ElementScenario {
  title: string;
  /** The elements of the process. */
  process: string[];
  /** Ids → elements of more processes, which it may call. */
  others?: Processes;
  /** Name → processes that the scenario deploys; without an id it is the process itself. */
  deployments?: Record<string, Processes>;
  /** Complete forms. */
  forms?: { id: string }[];
  /** A DMN file. */
  decisions?: string;
  steps: Steps;
}

/**
 * Scenarios of one kind of element, with minimal diagrams. Processes are named after the group and the scenario's index in it.
 */
export function elementScenarios(group: string, scenarios: ElementScenario[]): Scenario[] {
  return scenarios.map(({ title, process, others = {}, deployments = {}, forms = [], decisions, steps }, index) => {
    const processId = `${group}-${index + 1}`;
    const files = {
      [`${processId}.bpmn`]: b.process(process, { id: processId, name: title }),
      ...filesOf(others, title, processId),
      ...(decisions !== undefined && { [`${processId}.dmn`]: decisions }),
      ...Object.fromEntries(forms.map((form) => [`${form.id}.form`, JSON.stringify(form)])),
    };
    const further = Object.entries(deployments).map(([name, processes]) => [
      name,
      filesOf(processes, title, processId),
    ]);
    return {
      title: `${group}: ${title}`,
      files,
      deployments: Object.fromEntries(further),
      processId,
      steps: stepsSchema.parse(steps),
    };
  });
}

function filesOf(processes: Processes, name: string, processId: string): Record<string, string> {
  const entries = Object.entries(processes).map(([given, process]) => {
    const id = given || processId;
    const { content, versionTag } = Array.isArray(process) ? { content: process, versionTag: undefined } : process;
    const extensions = versionTag === undefined ? '' : `<zeebe:versionTag value="${versionTag}"/>`;
    return [`${id}.bpmn`, b.process(content, { id, ...(given ? {} : { name }), extensions })];
  });
  return Object.fromEntries(entries);
}
