import { type Expression, maximumCount } from '../interpreter/expression.ts';
import { isTaskEvent, type ListenerEvent, type ListenerModel, type Listeners } from '../interpreter/model.ts';
import type { DiagramElement } from './diagram.ts';
import { isCompensationBoundary } from './read-compensation.ts';
import { extension, readHeaders } from './read-extensions.ts';
import { type Reading, readExpression, report, typeName } from './reading.ts';

/** Camunda's default number of retries. */
const defaultRetries = '3';

/** Reads the listeners of an element: jobs for its start and end, and for the events of a user task. */
export function readListeners(reading: Reading, element: DiagramElement): Listeners {
  const listeners: { [Event in ListenerEvent]?: ListenerModel[] } = {};
  const add = (event: ListenerEvent, listener: DiagramElement) => {
    listeners[event] = [...(listeners[event] ?? []), readListener(reading, element, listener)];
  };
  const known = new Set<string>();
  for (const listener of extension(element, 'zeebe:ExecutionListeners')?.listeners ?? []) {
    const { eventType = '', type = '' } = listener;
    const mistake = isExecutionEvent(eventType)
      ? misplaced(element, eventType)
      : `an execution listener of the event ${eventType} is not supported`;
    if (mistake) report(reading, element, mistake, 'element');
    else if (isExecutionEvent(eventType)) add(eventType, listener);
    if (known.has(`${eventType} ${type}`)) report(reading, element, `it has two ${eventType} listeners ${type}`);
    known.add(`${eventType} ${type}`);
  }
  if (element.$type !== 'bpmn:UserTask') return listeners;
  for (const listener of extension(element, 'zeebe:TaskListeners')?.listeners ?? []) {
    const { eventType = '' } = listener;
    const event = formerNames.get(eventType) ?? eventType;
    if (isTaskEvent(event)) add(event, listener);
    else report(reading, element, `a task listener of the event ${eventType} is not supported`, 'element');
  }
  return listeners;
}

/** Event names of the first Camunda 8 versions with listeners; newer versions still accept them. */
const formerNames = new Map([
  ['create', 'creating'],
  ['assignment', 'assigning'],
  ['update', 'updating'],
  ['complete', 'completing'],
  ['cancel', 'canceling'],
]);

const isExecutionEvent = (event: string): event is 'start' | 'end' => event === 'start' || event === 'end';

/** The reason to refuse a listener, by the rules that Camunda 8 applies to a deployment. */
function misplaced(element: DiagramElement, event: 'start' | 'end'): string | undefined {
  const { $type, eventDefinitions = [] } = element;
  const isNever =
    event === 'start'
      ? $type === 'bpmn:StartEvent' || $type === 'bpmn:BoundaryEvent'
      : $type.endsWith('Gateway') ||
        eventDefinitions.some((one) => one.$type === 'bpmn:ErrorEventDefinition' && $type === 'bpmn:EndEvent');
  const never = isNever || isCompensationBoundary(element);
  return never ? `${event} listeners are not supported on ${typeName($type)}s` : undefined;
}

function readListener(reading: Reading, element: DiagramElement, listener: DiagramElement): ListenerModel {
  const { type = '', eventType, headers } = listener;
  if (!type) report(reading, element, `its ${eventType} listener has no job type`);
  return {
    type: readExpression(reading, element, type, 'job type of a listener'),
    retries: readRetries(reading, element, listener.retries),
    headers: headers ? readHeaders({ extensionElements: { values: [headers] } }) : {},
  };
}

/** Reads the number of attempts of a job. */
export function readRetries(reading: Reading, element: DiagramElement, given: string | undefined): Expression {
  const retries = given || defaultRetries;
  if (!retries.startsWith('=') && !(/^\d+$/.test(retries) && Number(retries) <= maximumCount)) {
    report(reading, element, `retries should be a whole number up to ${maximumCount}, but are “${retries}”`);
  }
  return readExpression(reading, element, retries, 'retries');
}
