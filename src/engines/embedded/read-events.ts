import { FeelEvaluationError } from '../../feel/feel.ts';
import type { DiagramElement } from './diagram.ts';
import type { CatchEvent, Trigger } from './model.ts';
import { type Reading, readExpression, refuse, report, typeName } from './reading.ts';
import { dueAt, type TimerDefinition } from './timer-expression.ts';

type Definition = DiagramElement | undefined;
type Catching = Trigger['kind'];

/** The event that an element itself waits for; undefined for elements that wait for none, and for one that is refused. */
export function readOwnEvent(reading: Reading, element: DiagramElement): CatchEvent | undefined {
  if (element.$type !== 'bpmn:IntermediateCatchEvent') return undefined;
  const trigger = readTrigger(reading, element, ['timer']);
  return trigger && { elementId: element.id ?? '', place: 'own', interrupting: true, trigger };
}

export function readBoundary(reading: Reading, element: DiagramElement): CatchEvent | undefined {
  if (!element.attachedToRef) report(reading, element, 'the boundary event is attached to nothing');
  const interrupting = element.cancelActivity !== false;
  const trigger = readTrigger(reading, element, ['timer', 'error']);
  if (trigger?.kind === 'error' && !interrupting) {
    report(reading, element, 'an error boundary event is always interrupting');
  }
  return trigger && { elementId: element.id ?? '', place: 'boundary', interrupting, trigger };
}

/** @param allowed what may be caught where the event is; anything else is refused */
function readTrigger(reading: Reading, element: DiagramElement, allowed: Catching[]): Trigger | undefined {
  const definition = definitionOf(reading, element);
  const trigger = triggers[definition?.$type ?? ''];
  if (!definition || !trigger || !allowed.includes(trigger.kind)) return refuse(reading, element, eventName(element));
  return trigger.read(reading, element, definition);
}

type ReadTrigger = (reading: Reading, element: DiagramElement, definition: DiagramElement) => Trigger | undefined;

const triggers: Record<string, { kind: Catching; read: ReadTrigger }> = {
  'bpmn:TimerEventDefinition': { kind: 'timer', read: readTimer },
  'bpmn:ErrorEventDefinition': { kind: 'error', read: readError },
};

function readError(reading: Reading, element: DiagramElement, definition: DiagramElement): Trigger {
  const code = definition.errorRef?.errorCode || undefined;
  if (code?.startsWith('=')) report(reading, element, 'the code of a caught error cannot be an expression');
  return { kind: 'error', code };
}

function readTimer(reading: Reading, element: DiagramElement, definition: DiagramElement): Trigger | undefined {
  if (definition.timeCycle) return void refuse(reading, element, 'timer cycle');
  const kind = definition.timeDuration ? 'duration' : 'date';
  const text = (definition.timeDuration ?? definition.timeDate)?.body?.trim();
  if (!text) return void report(reading, element, 'the timer has neither duration nor date');
  const timer: TimerDefinition = { kind, expression: readExpression(reading, element, text, `timer ${kind}`) };
  if (timer.expression.kind === 'feel') return { kind: 'timer', timer };
  try {
    dueAt(timer, { variables: {}, now: new Date(0) });
  } catch (error) {
    if (!(error instanceof FeelEvaluationError)) throw error;
    report(reading, element, `timer ${kind}: ${error.message}`);
  }
  return { kind: 'timer', timer };
}

export function definitionOf(reading: Reading, element: DiagramElement): Definition {
  const definitions = [...(element.eventDefinitions ?? []), ...(element.eventDefinitionRef ?? [])];
  if (definitions.length > 1) report(reading, element, 'an event with several definitions is not supported');
  return definitions[0];
}

/** `message start event` */
export function eventName(element: DiagramElement): string {
  const definition = element.eventDefinitions?.[0];
  const cause = definition ? typeName(definition.$type).replace(/ event definition$/, '') : 'none';
  return `${cause} ${typeName(element.$type)}`;
}
