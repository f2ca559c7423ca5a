import { reservedVariables } from '../../../processes/reserved-variables.ts';
import { withSecrets } from '../interpreter/expression.ts';
import type { Mapping } from '../interpreter/model.ts';
import { markSecrets } from '../interpreter/secret-marks.ts';
import type { DiagramElement } from './diagram.ts';
import { embeddedFormPrefix } from './embedded-forms.ts';
import { type Reading, readExpression, report, typeName, warn } from './reading.ts';

const activities = [
  'bpmn:UserTask',
  'bpmn:ServiceTask',
  'bpmn:SendTask',
  'bpmn:SubProcess',
  'bpmn:Task',
  'bpmn:ManualTask',
  'bpmn:ReceiveTask',
  'bpmn:ScriptTask',
  'bpmn:BusinessRuleTask',
  'bpmn:CallActivity',
];
const events = ['bpmn:StartEvent', 'bpmn:EndEvent', 'bpmn:IntermediateCatchEvent', 'bpmn:BoundaryEvent'];
const outputsOnly = new Set(['bpmn:StartEvent', 'bpmn:BoundaryEvent']);
/** Elements that throw messages, which are executed as jobs. */
const throwing = ['bpmn:IntermediateThrowEvent', 'bpmn:EndEvent'];
const jobs = ['bpmn:ServiceTask', 'bpmn:SendTask', 'bpmn:ScriptTask', 'bpmn:BusinessRuleTask'];

/** The supported extension elements of Zeebe, and the elements where they are allowed. */
const allowed: Record<string, readonly string[]> = {
  'zeebe:IoMapping': [...activities, ...events, 'bpmn:IntermediateThrowEvent'],
  'zeebe:TaskDefinition': [...jobs, ...throwing],
  'zeebe:TaskHeaders': [...jobs, ...throwing, 'bpmn:UserTask'],
  'zeebe:JobPriorityDefinition': [...jobs, 'bpmn:Process'],
  'zeebe:CalledElement': ['bpmn:CallActivity'],
  'zeebe:CalledDecision': ['bpmn:BusinessRuleTask'],
  'zeebe:Script': ['bpmn:ScriptTask'],
  'zeebe:UserTask': ['bpmn:UserTask'],
  'zeebe:FormDefinition': ['bpmn:UserTask', 'bpmn:StartEvent'],
  'zeebe:AssignmentDefinition': ['bpmn:UserTask'],
  'zeebe:PriorityDefinition': ['bpmn:UserTask', ...jobs, 'bpmn:Process'],
  'zeebe:UserTaskForm': ['bpmn:Process'],
  'zeebe:TaskSchedule': ['bpmn:UserTask'],
  'zeebe:VersionTag': ['bpmn:Process'],
  'zeebe:ExecutionListeners': [
    'bpmn:Process',
    'bpmn:ExclusiveGateway',
    'bpmn:InclusiveGateway',
    'bpmn:ParallelGateway',
  ].concat(['bpmn:EventBasedGateway', 'bpmn:IntermediateThrowEvent'], activities, events),
  'zeebe:TaskListeners': ['bpmn:UserTask'],
};

/** Unsupported extensions that change the meaning of an element in Camunda 8. */
const unsupported: Record<string, readonly string[]> = { 'zeebe:LinkedResources': jobs };

/** Refuses unsupported extensions, and warns about those without an effect, here as in Camunda 8. */
export function checkExtensions(reading: Reading, element: DiagramElement): void {
  for (const key of Object.keys(element.$attrs)) {
    if (key.startsWith('camunda:')) warn(reading, element, `${key} is of Camunda 7; it is ignored`);
  }
  for (const { $type } of element.extensionElements?.values ?? []) {
    if ($type.startsWith('camunda:')) warn(reading, element, `${$type} is of Camunda 7; it is ignored`);
    if (!$type.startsWith('zeebe:') || $type === 'zeebe:Properties') continue;
    const what = `zeebe:${camelCase($type.slice(6))} on a ${typeName(element.$type)}`;
    if (unsupported[$type]?.includes(element.$type)) report(reading, element, `${what} is not supported`);
    else if (!isMeant(element, $type)) warn(reading, element, `${what} means nothing; it is ignored`);
  }
}

const isMeant = (element: DiagramElement, type: string): boolean => allowed[type]?.includes(element.$type) ?? false;

/** Checks the priority, which has no effect here, but an invalid one would not deploy to Camunda 8. */
export function checkPriority(reading: Reading, element: DiagramElement): void {
  const definition =
    extension(element, 'zeebe:PriorityDefinition') ?? extension(element, 'zeebe:JobPriorityDefinition');
  const priority = definition?.priority;
  if (!priority) return;
  readExpression(reading, element, priority, 'priority');
  if (!/^(=.*|\d+)$/s.test(priority)) {
    report(reading, element, `priority should be a whole number, but is “${priority}”`);
  }
}

export function extension(
  element: Pick<DiagramElement, 'extensionElements'>,
  type: string,
): DiagramElement | undefined {
  return element.extensionElements?.values?.find(({ $type }) => $type === type);
}

export function readProperties(element: DiagramElement): Record<string, string> {
  const entries = extension(element, 'zeebe:Properties')?.properties ?? [];
  return Object.fromEntries(entries.flatMap(({ name, value }) => (name && value ? [[name, value]] : [])));
}

export function readHeaders(element: Pick<DiagramElement, 'extensionElements'>): Record<string, string> {
  const entries = extension(element, 'zeebe:TaskHeaders')?.values ?? [];
  return Object.fromEntries(entries.flatMap(({ key, value }) => (key && value !== undefined ? [[key, value]] : [])));
}

/** Only Camunda's connectors use secrets. */
const connectorType = /^io\.camunda:/;

export const isConnector = (element: DiagramElement): boolean =>
  connectorType.test(extension(element, 'zeebe:TaskDefinition')?.type ?? '');

export function readMappings(
  reading: Reading,
  element: DiagramElement,
): { inputs: Mapping[]; outputs: Mapping[]; secrets: string[] } {
  const mayHaveSecrets = isConnector(element);
  const secrets: string[] = [];
  const mapping = isMeant(element, 'zeebe:IoMapping') ? extension(element, 'zeebe:IoMapping') : undefined;
  const areInputsApplied = !outputsOnly.has(element.$type);
  if (!areInputsApplied && (mapping?.inputParameters?.length ?? 0) > 0) {
    warn(reading, element, `input mappings on a ${typeName(element.$type)} are ignored: it has output mappings only`);
  }
  const read = (entry: { source?: string; target?: string }, what: string): Mapping => {
    const target = entry.target?.trim() ?? '';
    const [variable = '', ...path] = target.split('.');
    const mistake = path.every(isVariableName) ? nameMistake(variable) : notAName;
    if (mistake) report(reading, element, `${what} has the target “${target}”, which ${mistake}`);
    if (!entry.source && what === 'output') report(reading, element, `${what} “${target}” has no value`);
    const problems = reading.problems.length;
    // As on Camunda 8, an input without a value sets the variable to null.
    const source = readExpression(reading, element, entry.source || '=null', `${what} “${target}”:`);
    if (!mayHaveSecrets || what !== 'input' || reading.problems.length > problems) {
      return { source, target: target.split('.') };
    }
    const { names } = markSecrets(entry.source ?? '');
    secrets.push(...names);
    return { source: names.length > 0 ? withSecrets(source) : source, target: target.split('.') };
  };
  return {
    inputs: (areInputsApplied && mapping?.inputParameters?.map((entry) => read(entry, 'input'))) || [],
    outputs: mapping?.outputParameters?.map((entry) => read(entry, 'output')) ?? [],
    secrets,
  };
}

const notAName = "is not a variable's name";
const isVariableName = (text: string): boolean => /^[\p{L}_][\p{L}\p{N}_]*$/u.test(text);

/** The reason why an element cannot write a variable with this name; undefined if it can. */
export function nameMistake(name: string): string | undefined {
  if (!isVariableName(name)) return notAName;
  return reservedVariables.has(name) ? 'is reserved: nothing can change this variable' : undefined;
}

/** The id of the linked Camunda Form, or the key of the embedded form. */
export function readFormId(reading: Reading, element: DiagramElement): string | undefined {
  const form = extension(element, 'zeebe:FormDefinition');
  if (!form) return undefined;
  if (form.formKey?.startsWith(embeddedFormPrefix)) return form.formKey;
  if (form.formKey) report(reading, element, `the form ${form.formKey} is custom; link a Camunda Form instead`);
  if (form.externalReference) {
    report(reading, element, `the form ${form.externalReference} is external; link a Camunda Form instead`);
  }
  if (form.bindingType === 'versionTag') report(reading, element, 'a form bound by version tag is not supported');
  return form.formId || undefined;
}

function camelCase(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
