import type { CatchEvent, ElementModel, Trigger } from '../interpreter/model.ts';
import type { DiagramElement } from './diagram.ts';
import { outerTriggers, readMessage } from './read-triggers.ts';
import { type Reading, refuse, report, typeName } from './reading.ts';

type Definition = DiagramElement | undefined;
type Catching = Trigger['kind'];

/** The event that an element itself waits for; undefined if there is none, or it is refused. */
export function readOwnEvent(reading: Reading, element: DiagramElement): CatchEvent | undefined {
  const trigger = readOwnTrigger(reading, element);
  checkCycle(reading, element, trigger, true);
  return trigger && { ...lead(element), place: 'own', interrupting: true, trigger };
}

function readOwnTrigger(reading: Reading, element: DiagramElement): Trigger | undefined {
  if (element.$type === 'bpmn:ReceiveTask') return readMessage(reading, element, element.messageRef);
  if (element.$type !== 'bpmn:IntermediateCatchEvent') return undefined;
  if (definitionOf(reading, element)?.$type === 'bpmn:LinkEventDefinition') return undefined;
  return readTrigger(reading, element, ['timer', 'message', 'signal']);
}

function checkCycle(reading: Reading, element: DiagramElement, trigger: Trigger | undefined, once: boolean): void {
  if (!once || trigger?.kind !== 'timer' || trigger.timer.kind !== 'cycle') return;
  report(reading, element, 'this timer fires once at most: it has a duration or a date, not a cycle');
}

export function readBoundary(reading: Reading, element: DiagramElement): CatchEvent | undefined {
  const { attachedToRef, cancelActivity } = element;
  if (!attachedToRef) report(reading, element, 'the boundary event is attached to nothing');
  if (attachedToRef?.triggeredByEvent) report(reading, element, 'an event sub-process has no boundary events');
  const trigger = readTrigger(reading, element, ['timer', 'message', 'signal', 'error', 'escalation']);
  const interrupting = cancelActivity !== false;
  checkCycle(reading, element, trigger, interrupting);
  if (trigger?.kind === 'error' && !interrupting) {
    report(reading, element, 'an error boundary event is always interrupting');
  }
  return trigger && { ...lead(element), place: 'boundary', interrupting, trigger };
}

/** Reads the events after an event-based gateway. */
export function readGatewayEvents(
  reading: Reading,
  gateway: DiagramElement,
  targets: readonly ElementModel[],
): CatchEvent[] {
  if (targets.length < 2) report(reading, gateway, 'an event-based gateway needs at least two flows that lead away');
  return targets.flatMap(({ events, title, incoming }) => {
    const event = events.find(({ place }) => place === 'own');
    if (!event) report(reading, gateway, `a flow leads to what is no event to wait for: ${title}`);
    if (incoming.length > 1) report(reading, gateway, `another flow leads to an event that it waits for: ${title}`);
    return event ? [{ ...event, place: 'gateway' as const }] : [];
  });
}

/** Reads the start event of an event sub-process. */
export function readEventSubProcess(reading: Reading, element: DiagramElement): CatchEvent | undefined {
  const start = element.flowElements?.find(({ $type }) => $type === 'bpmn:StartEvent');
  if (!start) return undefined;
  const trigger = readTrigger(reading, start, ['timer', 'message', 'signal', 'error', 'escalation']);
  const interrupting = start.isInterrupting !== false;
  checkCycle(reading, start, trigger, interrupting);
  if (trigger?.kind === 'error' && !interrupting) {
    report(reading, start, 'an error start event is always interrupting');
  }
  const { elementId } = lead(start);
  return trigger && { elementId, leadsTo: element.id ?? '', place: 'eventSubProcess', interrupting, trigger };
}

function lead({ id = '' }: DiagramElement) {
  return { elementId: id, leadsTo: id };
}

/** @param allowed triggers that can be caught in this place; others are refused */
function readTrigger(reading: Reading, element: DiagramElement, allowed: Catching[]): Trigger | undefined {
  const [definition] = definitionsOf(element);
  const trigger = triggers[definition?.$type ?? ''];
  if (!definition || !trigger || !allowed.includes(trigger.kind)) return refuse(reading, element, eventName(element));
  return trigger.read(reading, element, definition);
}

type ReadTrigger = (reading: Reading, element: DiagramElement, definition: DiagramElement) => Trigger | undefined;

const triggers: Record<string, { kind: Catching; read: ReadTrigger }> = {
  ...outerTriggers,
  'bpmn:ErrorEventDefinition': { kind: 'error', read: readError },
  'bpmn:EscalationEventDefinition': { kind: 'escalation', read: readEscalation },
};

function readError(reading: Reading, element: DiagramElement, definition: DiagramElement): Trigger {
  const code = definition.errorRef?.errorCode || undefined;
  if (code?.startsWith('=')) report(reading, element, 'the code of a caught error cannot be an expression');
  return { kind: 'error', code };
}

function readEscalation(reading: Reading, element: DiagramElement, definition: DiagramElement): Trigger {
  const code = definition.escalationRef?.escalationCode || undefined;
  if (code?.startsWith('=')) report(reading, element, 'the code of a caught escalation cannot be an expression');
  return { kind: 'escalation', code };
}

export function definitionOf(reading: Reading, element: DiagramElement): Definition {
  const definitions = definitionsOf(element);
  if (definitions.length > 1) report(reading, element, 'an event with several definitions is not supported');
  return definitions[0];
}

function definitionsOf({ eventDefinitions = [], eventDefinitionRef = [] }: DiagramElement): DiagramElement[] {
  return [...eventDefinitions, ...eventDefinitionRef];
}

/** `message start event` */
export function eventName(element: DiagramElement): string {
  const definition = element.eventDefinitions?.[0];
  const cause = definition ? typeName(definition.$type).replace(/ event definition$/, '') : 'none';
  return `${cause} ${typeName(element.$type)}`;
}
