import { own } from '../../../own.ts';
import type { Expression } from '../interpreter/expression.ts';
import { parseInstant } from '../interpreter/iso-time.ts';
import type { Behaviour, Binding } from '../interpreter/model.ts';
import type { DiagramElement } from './diagram.ts';
import { readCompensationThrow } from './read-compensation.ts';
import { definitionOf, eventName } from './read-events.ts';
import { extension, isConnector, nameMistake, readFormId, readHeaders } from './read-extensions.ts';
import { readRetries } from './read-listeners.ts';
import { readSignalName } from './read-triggers.ts';
import { type Reading, readExpression, refuse, report, typeName, warn } from './reading.ts';

const ignored: Behaviour = { kind: 'passThrough' };

/**
 * Reads the behaviour of a flow node; undefined, and reported, if not supported. For the events it waits for, see
 * read-events.ts.
 */
export function readBehaviour(reading: Reading, element: DiagramElement): Behaviour | undefined {
  const read = own(behaviours, element.$type);
  return read ? read(reading, element) : refuse(reading, element, typeName(element.$type));
}

/** Whether elements of this kind are executed. */
export const hasBehaviour = ({ $type }: DiagramElement): boolean => own(behaviours, $type) !== undefined;

type ReadBehaviour = (reading: Reading, element: DiagramElement) => Behaviour | undefined;

const behaviours: Record<string, ReadBehaviour> = {
  // Triggers of start events are read with their process or event sub-process: read-starts.ts, read-events.ts.
  'bpmn:StartEvent': () => ignored,
  'bpmn:EndEvent': readEnd,
  'bpmn:IntermediateThrowEvent': readThrow,
  'bpmn:IntermediateCatchEvent': readCatch,
  'bpmn:BoundaryEvent': () => ignored,
  'bpmn:Task': () => ignored,
  'bpmn:ManualTask': () => ignored,
  'bpmn:ReceiveTask': () => ({ kind: 'catchEvent' }),
  'bpmn:UserTask': readUserTask,
  'bpmn:ServiceTask': readJob,
  'bpmn:SendTask': readJob,
  'bpmn:BusinessRuleTask': (reading, element) =>
    extension(element, 'zeebe:CalledDecision') ? readDecision(reading, element) : readJob(reading, element),
  'bpmn:ScriptTask': (reading, element) =>
    extension(element, 'zeebe:TaskDefinition') ? readJob(reading, element) : readScript(reading, element),
  'bpmn:ExclusiveGateway': (_, element) => ({ kind: 'exclusiveGateway', defaultFlowId: element.default?.id }),
  'bpmn:InclusiveGateway': (_, element) => ({ kind: 'inclusiveGateway', defaultFlowId: element.default?.id }),
  'bpmn:ParallelGateway': () => ({ kind: 'parallelGateway' }),
  'bpmn:EventBasedGateway': () => ({ kind: 'eventBasedGateway' }),
  'bpmn:SubProcess': readSubProcess,
  'bpmn:CallActivity': readCallActivity,
};

/** Reads the events that intermediate and end events throw. */
function readThrown(
  reading: Reading,
  element: DiagramElement,
  definition: DiagramElement | undefined,
): Behaviour | undefined {
  switch (definition?.$type) {
    case 'bpmn:MessageEventDefinition':
      return readJob(reading, element);
    case 'bpmn:SignalEventDefinition':
      return { kind: 'signalThrow', name: readSignalName(reading, element, definition.signalRef) };
    case 'bpmn:EscalationEventDefinition':
      return readEscalation(reading, element, definition);
    case 'bpmn:CompensateEventDefinition':
      return readCompensationThrow(reading, element, definition);
    default:
      return refuse(reading, element, eventName(element));
  }
}

function readEnd(reading: Reading, element: DiagramElement): Behaviour | undefined {
  const definition = definitionOf(reading, element);
  switch (definition?.$type) {
    case undefined:
      return { kind: 'end' };
    case 'bpmn:TerminateEventDefinition':
      return { kind: 'terminateEnd' };
    case 'bpmn:ErrorEventDefinition': {
      const code = definition.errorRef?.errorCode;
      if (!code) report(reading, element, 'the error end event has no error with a code');
      return { kind: 'errorEnd', errorCode: readExpression(reading, element, code ?? '', 'error code') };
    }
    default:
      return readThrown(reading, element, definition);
  }
}

function readThrow(reading: Reading, element: DiagramElement): Behaviour | undefined {
  const definition = definitionOf(reading, element);
  switch (definition?.$type) {
    case undefined:
      return ignored;
    case 'bpmn:LinkEventDefinition':
      return readLink(reading, element, definition);
    default:
      return readThrown(reading, element, definition);
  }
}

function readCatch(reading: Reading, element: DiagramElement): Behaviour {
  const definition = definitionOf(reading, element);
  if (definition?.$type !== 'bpmn:LinkEventDefinition') return { kind: 'catchEvent' };
  if (links(element, 'bpmn:IntermediateCatchEvent', definition.name).length > 1) {
    report(reading, element, `two link catch events have the name “${definition.name}”`);
  }
  if (links(element, 'bpmn:IntermediateThrowEvent', definition.name).length === 0) {
    report(reading, element, `no link throw event has the name “${definition.name ?? ''}”`);
  }
  return ignored;
}

function readEscalation(reading: Reading, element: DiagramElement, { escalationRef }: DiagramElement): Behaviour {
  const code = escalationRef?.escalationCode;
  if (!code) report(reading, element, `the ${eventName(element)} has no escalation with a code`);
  return { kind: 'escalationThrow', code: readExpression(reading, element, code ?? '', 'escalation code') };
}

function readLink(reading: Reading, element: DiagramElement, { name }: DiagramElement): Behaviour {
  if (!name) report(reading, element, 'the link event has no name');
  const [target] = links(element, 'bpmn:IntermediateCatchEvent', name);
  if (!target) report(reading, element, `no link catch event has the name “${name ?? ''}”`);
  return { kind: 'linkThrow', targetId: target?.id ?? '' };
}

/** The link events with a name in an element's scope. */
function links({ $parent }: DiagramElement, type: string, name: string | undefined): DiagramElement[] {
  const isLink = (definition: DiagramElement) =>
    definition.$type === 'bpmn:LinkEventDefinition' && definition.name === name;
  return ($parent?.flowElements ?? []).filter(
    ({ $type, eventDefinitions }) => $type === type && eventDefinitions?.some(isLink),
  );
}

function readScript(reading: Reading, element: DiagramElement): Behaviour | undefined {
  const script = extension(element, 'zeebe:Script');
  if (!script) return void report(reading, element, 'the script task has neither a FEEL expression nor a job type');
  const { expression = '', resultVariable = '' } = script;
  if (!expression.startsWith('=')) report(reading, element, `the script “${expression}” is not an expression`);
  const mistake = nameMistake(resultVariable);
  if (mistake) report(reading, element, `the script's result variable “${resultVariable}” ${mistake}`);
  return {
    kind: 'script',
    expression: readExpression(reading, element, expression, 'script'),
    variable: resultVariable,
  };
}

function readDecision(reading: Reading, element: DiagramElement): Behaviour {
  const { decisionId = '', resultVariable = '', bindingType } = extension(element, 'zeebe:CalledDecision') ?? {};
  if (!decisionId) report(reading, element, 'the task names no decision (zeebe:calledDecision)');
  if (decisionId.startsWith('=')) report(reading, element, 'a decision that an expression names is not supported');
  if (bindingType === 'versionTag') report(reading, element, 'a decision bound by version tag is not supported');
  const mistake = nameMistake(resultVariable);
  if (mistake) report(reading, element, `the decision's result variable “${resultVariable}” ${mistake}`);
  return { kind: 'decision', decisionId, variable: resultVariable };
}

function readUserTask(reading: Reading, element: DiagramElement): Behaviour {
  if (!extension(element, 'zeebe:UserTask')) {
    warn(
      reading,
      element,
      'on Camunda 8 it is a job of the old kind; with zeebe:userTask it is a user task there as well',
    );
  }
  const assignment = extension(element, 'zeebe:AssignmentDefinition');
  const schedule = extension(element, 'zeebe:TaskSchedule');
  const read = (text: string | undefined, what: string): Expression | undefined =>
    text ? readExpression(reading, element, text, what) : undefined;
  return {
    kind: 'userTask',
    formId: readFormId(reading, element),
    assignee: read(assignment?.assignee, 'assignee'),
    candidateUsers: read(assignment?.candidateUsers, 'candidate users'),
    candidateGroups: read(assignment?.candidateGroups, 'candidate groups'),
    dueDate: readDate(reading, element, schedule?.dueDate, 'due date'),
    followUpDate: readDate(reading, element, schedule?.followUpDate, 'follow-up date'),
    headers: readHeaders(element),
  };
}

function readDate(reading: Reading, element: DiagramElement, text: string | undefined, what: string) {
  if (!text) return undefined;
  if (!text.startsWith('=') && !parseInstant(text)) {
    report(reading, element, `${what} should be an ISO 8601 date and time with offset, but is “${text}”`);
  }
  return readExpression(reading, element, text, what);
}

function readJob(reading: Reading, element: DiagramElement): Behaviour {
  const definition = extension(element, 'zeebe:TaskDefinition');
  const type = definition?.type ?? '';
  if (!type) report(reading, element, 'the task has no job type (zeebe:taskDefinition)');
  const headers = readHeaders(element);
  // Checked for connectors only: other jobs may use the header for anything.
  const result = headers.resultVariable?.trim();
  const mistake = isConnector(element) && result ? nameMistake(result) : undefined;
  if (mistake) report(reading, element, `the result variable “${result}” ${mistake}`);
  return {
    kind: 'job',
    type: readExpression(reading, element, type, 'job type'),
    retries: readRetries(reading, element, definition?.retries),
    headers,
  };
}

function readCallActivity(reading: Reading, element: DiagramElement): Behaviour {
  const called = extension(element, 'zeebe:CalledElement');
  if (!called?.processId) report(reading, element, 'the call activity names no process (zeebe:calledElement)');
  return {
    kind: 'callActivity',
    processId: readExpression(reading, element, called?.processId ?? '', 'called process'),
    binding: readBinding(reading, element, called),
    passesAll: called?.propagateAllParentVariables !== false,
    returnsAll: called?.propagateAllChildVariables !== false,
  };
}

function readBinding(reading: Reading, element: DiagramElement, called: DiagramElement | undefined): Binding {
  const { bindingType, versionTag } = called ?? {};
  if (bindingType !== 'versionTag') return { kind: bindingType === 'deployment' ? 'deployment' : 'latest' };
  if (!versionTag) report(reading, element, 'the process is bound by a version tag, but there is none');
  return { kind: 'versionTag', tag: versionTag ?? '' };
}

function readSubProcess(reading: Reading, element: DiagramElement): Behaviour | undefined {
  const start = soleStart(reading, element);
  return start === undefined ? undefined : { kind: 'subProcess', startElementId: start };
}

/** The only start event of a sub-process. */
function soleStart(reading: Reading, scope: DiagramElement): string | undefined {
  const starts = scope.flowElements?.filter(({ $type }) => $type === 'bpmn:StartEvent') ?? [];
  const [start] = starts;
  if (start && starts.length === 1) {
    if (!scope.triggeredByEvent && definitionOf(reading, start)) refuse(reading, start, eventName(start));
    return start.id ?? '';
  }
  const what = typeName(scope.$type);
  report(
    reading,
    scope,
    starts.length === 0 ? `the ${what} has no start event` : `the ${what} has ${starts.length} start events`,
  );
  return undefined;
}
