import type { DiagramElement } from './diagram.ts';
import type { Expression } from './expression.ts';
import type { Behaviour } from './model.ts';
import { definitionOf, eventName } from './read-events.ts';
import { extension, readFormId, readHeaders } from './read-extensions.ts';
import { type Reading, readExpression, refuse, report, typeName } from './reading.ts';

/** What Camunda gives a job whose diagram does not say. */
const defaultRetries = '3';
const ignored: Behaviour = { kind: 'passThrough' };

/** Of a flow node; undefined, and reported, where it is not supported. What it waits for: read-events.ts. */
export function readBehaviour(reading: Reading, element: DiagramElement): Behaviour | undefined {
  if (element.loopCharacteristics) {
    report(reading, element, `${typeName(element.loopCharacteristics.$type)} is not supported`);
  }
  if (element.isForCompensation) report(reading, element, 'compensation is not supported');
  switch (element.$type) {
    case 'bpmn:StartEvent':
      return definitionOf(reading, element) ? refuse(reading, element, eventName(element)) : ignored;
    case 'bpmn:IntermediateThrowEvent':
      return definitionOf(reading, element) ? refuse(reading, element, eventName(element)) : ignored;
    case 'bpmn:Task':
    case 'bpmn:ManualTask':
    case 'bpmn:BoundaryEvent':
      return ignored;
    case 'bpmn:EndEvent':
      return readEnd(reading, element);
    case 'bpmn:IntermediateCatchEvent':
      return { kind: 'catchEvent' };
    case 'bpmn:UserTask':
      return readUserTask(reading, element);
    case 'bpmn:ServiceTask':
    case 'bpmn:SendTask':
      return readJob(reading, element);
    case 'bpmn:ExclusiveGateway':
      return { kind: 'exclusiveGateway', defaultFlowId: element.default?.id };
    case 'bpmn:ParallelGateway':
      return { kind: 'parallelGateway' };
    case 'bpmn:SubProcess':
      return readSubProcess(reading, element);
    default:
      return refuse(reading, element, typeName(element.$type));
  }
}

function readEnd(reading: Reading, element: DiagramElement): Behaviour | undefined {
  const definition = definitionOf(reading, element);
  if (!definition) return { kind: 'end' };
  if (definition.$type === 'bpmn:TerminateEventDefinition') return { kind: 'terminateEnd' };
  if (definition.$type !== 'bpmn:ErrorEventDefinition') return refuse(reading, element, eventName(element));
  const code = definition.errorRef?.errorCode;
  if (!code) report(reading, element, 'the error end event has no error with a code');
  return { kind: 'errorEnd', errorCode: readExpression(reading, element, code ?? '', 'error code') };
}

function readUserTask(reading: Reading, element: DiagramElement): Behaviour {
  const assignment = extension(element, 'zeebe:AssignmentDefinition');
  const read = (text: string | undefined, what: string): Expression | undefined =>
    text ? readExpression(reading, element, text, what) : undefined;
  return {
    kind: 'userTask',
    formId: readFormId(reading, element),
    assignee: read(assignment?.assignee, 'assignee'),
    candidateUsers: read(assignment?.candidateUsers, 'candidate users'),
    candidateGroups: read(assignment?.candidateGroups, 'candidate groups'),
  };
}

function readJob(reading: Reading, element: DiagramElement): Behaviour {
  const definition = extension(element, 'zeebe:TaskDefinition');
  const type = definition?.type ?? '';
  if (!type) report(reading, element, 'the task has no job type (zeebe:taskDefinition)');
  if (type.startsWith('=')) report(reading, element, 'a job type that is an expression is not supported');
  const retries = definition?.retries || defaultRetries;
  if (!retries.startsWith('=') && !/^[1-9]\d*$/.test(retries)) {
    report(reading, element, `retries should be a whole number from 1, but are “${retries}”`);
  }
  return {
    kind: 'job',
    type,
    retries: readExpression(reading, element, retries, 'retries'),
    headers: readHeaders(element),
  };
}

function readSubProcess(reading: Reading, element: DiagramElement): Behaviour | undefined {
  if (element.triggeredByEvent) return refuse(reading, element, 'event sub-process');
  const start = soleStart(reading, element);
  return start === undefined ? undefined : { kind: 'subProcess', startElementId: start };
}

/** The one start event of a process or sub-process. */
export function soleStart(reading: Reading, scope: DiagramElement): string | undefined {
  const starts = scope.flowElements?.filter(({ $type }) => $type === 'bpmn:StartEvent') ?? [];
  if (starts.length === 1) return starts[0]?.id ?? '';
  const what = typeName(scope.$type);
  report(
    reading,
    scope,
    starts.length === 0 ? `the ${what} has no start event` : `the ${what} has ${starts.length} start events`,
  );
  return undefined;
}
