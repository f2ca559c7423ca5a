import { FeelEvaluationError } from '../../../feel/feel.ts';
import type { Expression } from '../interpreter/expression.ts';
import type { Trigger } from '../interpreter/model.ts';
import { firstDue, type TimerDefinition } from '../interpreter/timer-expression.ts';
import type { DiagramElement } from './diagram.ts';
import { extension } from './read-extensions.ts';
import { type Reading, readExpression, report } from './reading.ts';

type Read = (reading: Reading, element: DiagramElement, definition: DiagramElement) => Trigger | undefined;

/** Readers of the event definitions that something outside the instance triggers. */
export const outerTriggers: Record<string, { kind: Trigger['kind']; read: Read }> = {
  'bpmn:TimerEventDefinition': { kind: 'timer', read: readTimer },
  'bpmn:MessageEventDefinition': {
    kind: 'message',
    read: (reading, element, { messageRef }) => readMessage(reading, element, messageRef),
  },
  'bpmn:SignalEventDefinition': {
    kind: 'signal',
    read: (reading, element, { signalRef }) => ({ kind: 'signal', name: readSignalName(reading, element, signalRef) }),
  },
};

export function readMessage(
  reading: Reading,
  element: DiagramElement,
  message: DiagramElement | undefined,
): Extract<Trigger, { kind: 'message' }> {
  const name = readMessageName(reading, element, message);
  const key = message && extension(message, 'zeebe:Subscription')?.correlationKey;
  if (message && !key) report(reading, element, 'its message has no correlation key (zeebe:subscription)');
  return { kind: 'message', name, correlationKey: readExpression(reading, element, key ?? '', 'correlation key') };
}

export function readMessageName(reading: Reading, element: DiagramElement, message: DiagramElement | undefined) {
  return readName(reading, element, message, 'message');
}

export function readSignalName(reading: Reading, element: DiagramElement, signal: DiagramElement | undefined) {
  return readName(reading, element, signal, 'signal');
}

function readName(
  reading: Reading,
  element: DiagramElement,
  named: DiagramElement | undefined,
  what: string,
): Expression {
  if (!named?.name) report(reading, element, `it has no ${what} with a name`);
  return readExpression(reading, element, named?.name ?? '', `${what} name`);
}

export function readTimer(
  reading: Reading,
  element: DiagramElement,
  definition: DiagramElement,
): Extract<Trigger, { kind: 'timer' }> | undefined {
  const { timeDuration, timeDate, timeCycle } = definition;
  const kind = timeDuration ? 'duration' : timeDate ? 'date' : 'cycle';
  const text = (timeDuration ?? timeDate ?? timeCycle)?.body?.trim();
  if (!text) return void report(reading, element, 'the timer has neither duration, date nor cycle');
  const timer: TimerDefinition = { kind, expression: readExpression(reading, element, text, `timer ${kind}`) };
  if (timer.expression.kind === 'feel') return { kind: 'timer', timer };
  try {
    firstDue(timer, { variables: {}, now: new Date(0) });
  } catch (error) {
    if (!(error instanceof FeelEvaluationError)) throw error;
    report(reading, element, `timer ${kind}: ${error.message}`);
  }
  return { kind: 'timer', timer };
}
