import { FeelEvaluationError } from '../../feel/feel.ts';
import type { DiagramElement } from './diagram.ts';
import type { Expression } from './expression.ts';
import type { Behaviour, BoundaryEvent } from './model.ts';
import { extension, readFormId, readHeaders } from './read-extensions.ts';
import { type Reading, readExpression, report, typeName } from './reading.ts';
import { dueAt, type TimerDefinition } from './timer-expression.ts';

/** What Camunda gives a job whose diagram does not say. */
const defaultRetries = '3';
const ignored: Behaviour = { kind: 'passThrough' };

/** Of a flow node; undefined, and reported, where it is not supported. Boundary events: {@link readBoundary}. */
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
      return readCatch(reading, element);
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

export function readBoundary(reading: Reading, element: DiagramElement): BoundaryEvent | undefined {
  const elementId = element.id ?? '';
  const definition = definitionOf(reading, element);
  if (!element.attachedToRef) report(reading, element, 'the boundary event is attached to nothing');
  const interrupting = element.cancelActivity !== false;
  if (definition?.$type === 'bpmn:TimerEventDefinition') {
    const timer = readTimer(reading, element, definition);
    return timer && { kind: 'timer', elementId, interrupting, timer };
  }
  if (definition?.$type === 'bpmn:ErrorEventDefinition') {
    const errorCode = definition.errorRef?.errorCode || undefined;
    if (errorCode?.startsWith('=')) report(reading, element, 'the code of a caught error cannot be an expression');
    if (!interrupting) report(reading, element, 'an error boundary event is always interrupting');
    return { kind: 'error', elementId, errorCode };
  }
  refuse(reading, element, definition ? eventName(element) : 'boundary event that waits for nothing');
  return undefined;
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

function readCatch(reading: Reading, element: DiagramElement): Behaviour | undefined {
  const definition = definitionOf(reading, element);
  if (definition?.$type !== 'bpmn:TimerEventDefinition') return refuse(reading, element, eventName(element));
  const timer = readTimer(reading, element, definition);
  return timer && { kind: 'timer', timer };
}

function readTimer(reading: Reading, element: DiagramElement, definition: DiagramElement): TimerDefinition | undefined {
  if (definition.timeCycle) return void refuse(reading, element, 'timer cycle');
  const kind = definition.timeDuration ? 'duration' : 'date';
  const text = (definition.timeDuration ?? definition.timeDate)?.body?.trim();
  if (!text) return void report(reading, element, 'the timer has neither duration nor date');
  const timer: TimerDefinition = { kind, expression: readExpression(reading, element, text, `timer ${kind}`) };
  if (timer.expression.kind === 'feel') return timer;
  try {
    dueAt(timer, { variables: {}, now: new Date(0) });
  } catch (error) {
    if (!(error instanceof FeelEvaluationError)) throw error;
    report(reading, element, `timer ${kind}: ${error.message}`);
  }
  return timer;
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

function definitionOf(reading: Reading, element: DiagramElement): DiagramElement | undefined {
  const definitions = [...(element.eventDefinitions ?? []), ...(element.eventDefinitionRef ?? [])];
  if (definitions.length > 1) report(reading, element, 'an event with several definitions is not supported');
  return definitions[0];
}

/** `message start event` */
function eventName(element: DiagramElement): string {
  const definition = element.eventDefinitions?.[0];
  const cause = definition ? typeName(definition.$type).replace(/ event definition$/, '') : 'none';
  return `${cause} ${typeName(element.$type)}`;
}

function refuse(reading: Reading, element: DiagramElement, what: string): undefined {
  report(reading, element, `${what} is not supported`);
  return undefined;
}
