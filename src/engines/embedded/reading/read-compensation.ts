import type { Behaviour, ElementModel } from '../interpreter/model.ts';
import type { DiagramElement } from './diagram.ts';
import { type Reading, report } from './reading.ts';

/** Reads the compensation of a throw or end event. */
export function readCompensationThrow(
  reading: Reading,
  element: DiagramElement,
  { activityRef, waitForCompletion }: DiagramElement,
): Behaviour {
  if (waitForCompletion === false) {
    report(reading, element, 'a compensation event that does not wait for its handlers is not supported');
  }
  const { $parent: scope } = element;
  const scopes = scope?.triggeredByEvent ? [scope, scope.$parent] : [scope];
  if (activityRef && !scopes.includes(activityRef.$parent)) {
    report(reading, element, `the activity that it compensates, ${activityRef.id}, is not in its scope`);
  }
  return { kind: 'compensationThrow', activityId: activityRef?.id };
}

export function isCompensationBoundary({ $type, eventDefinitions = [] }: DiagramElement): boolean {
  return $type === 'bpmn:BoundaryEvent' && eventDefinitions[0]?.$type === 'bpmn:CompensateEventDefinition';
}

/** Links the activities of a scope to the handlers of their compensation boundary events. */
export function addHandlers(
  reading: Reading,
  scope: DiagramElement,
  nodes: DiagramElement[],
  elements: ReadonlyMap<string, ElementModel>,
): void {
  const handlers = new Set<DiagramElement>();
  for (const event of nodes.filter(isCompensationBoundary)) {
    const handler = handlerOf(scope, event);
    const activity = elements.get(event.attachedToRef?.id ?? '');
    if (!activity) report(reading, event, 'the boundary event is attached to nothing');
    if (activity?.compensation) report(reading, event, `${activity.title} has two compensation boundary events`);
    if (!handler?.isForCompensation || !nodes.includes(handler)) {
      report(reading, event, 'it is not associated with an activity that is for compensation');
      continue;
    }
    handlers.add(handler);
    if (activity) activity.compensation = { eventId: event.id ?? '', handlerId: handler.id ?? '' };
  }
  for (const node of nodes) {
    if (node.isForCompensation && !handlers.has(node)) {
      report(reading, node, 'it is for compensation, but no compensation boundary event is associated with it');
    }
  }
}

function handlerOf({ artifacts = [] }: DiagramElement, event: DiagramElement): DiagramElement | undefined {
  return artifacts.find(({ $type, sourceRef }) => $type === 'bpmn:Association' && sourceRef === event)?.targetRef;
}
