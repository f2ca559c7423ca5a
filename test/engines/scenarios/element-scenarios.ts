import * as b from '../diagram-builder.ts';
import { type Scenario, type Steps, stepsSchema } from './scenario.ts';

export interface ElementScenario {
  title: string;
  /** What is in the process. */
  process: string[];
  /** Ids → contents of further processes, which it may call. */
  others?: Record<string, string[]>;
  /** Whole forms. */
  forms?: { id: string }[];
  steps: Steps;
}

/**
 * Scenarios of one kind of element, of diagrams that are as small as the case. Processes are named after the group and the
 * scenario's place in it.
 */
export function elementScenarios(group: string, scenarios: ElementScenario[]): Scenario[] {
  return scenarios.map(({ title, process, others = {}, forms = [], steps }, index) => {
    const processId = `${group}-${index + 1}`;
    const files = {
      [`${processId}.bpmn`]: b.process(process, { id: processId, name: title }),
      ...Object.fromEntries(Object.entries(others).map(([id, content]) => [`${id}.bpmn`, b.process(content, { id })])),
      ...Object.fromEntries(forms.map((form) => [`${form.id}.form`, JSON.stringify(form)])),
    };
    return { title: `${group}: ${title}`, files, processId, steps: stepsSchema.parse(steps) };
  });
}
