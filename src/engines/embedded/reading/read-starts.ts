import { FeelEvaluationError } from '../../../feel/feel.ts';
import { type Expression, evaluateName } from '../interpreter/expression.ts';
import type { StartEvent } from '../interpreter/model.ts';
import { firstDue } from '../interpreter/timer-expression.ts';
import type { DiagramElement } from './diagram.ts';
import { definitionOf, eventName } from './read-events.ts';
import { readMessageName, readSignalName, readTimer } from './read-triggers.ts';
import { type Reading, refuse, report } from './reading.ts';

export interface Starts {
  /** The start event without a trigger. */
  plain: DiagramElement | undefined;
  events: StartEvent[];
}

/** The start events of a process: at most one without a trigger, and any number with one. */
export function readStarts(reading: Reading, process: DiagramElement): Starts {
  const starts = process.flowElements?.filter(({ $type }) => $type === 'bpmn:StartEvent') ?? [];
  const plain = starts.filter((start) => !definitionOf(reading, start));
  if (starts.length === 0) report(reading, process, 'the process has no start event');
  if (plain.length > 1) report(reading, process, `the process has ${plain.length} start events without a trigger`);
  const events = starts.filter((start) => !plain.includes(start)).flatMap((start) => readStart(reading, start) ?? []);
  const names = events.flatMap((event) => (event.kind === 'timer' ? [] : `${event.kind} ${event.name}`));
  const double = names.find((name, index) => names.indexOf(name) < index);
  if (double) report(reading, process, `two start events wait for the ${double}`);
  return { plain: plain[0], events };
}

function readStart(reading: Reading, start: DiagramElement): StartEvent | undefined {
  const definition = definitionOf(reading, start);
  const elementId = start.id ?? '';
  switch (definition?.$type) {
    case 'bpmn:MessageEventDefinition': {
      const name = fixedName(reading, start, readMessageName(reading, start, definition.messageRef));
      return name === undefined ? undefined : { elementId, kind: 'message', name };
    }
    case 'bpmn:SignalEventDefinition': {
      const name = fixedName(reading, start, readSignalName(reading, start, definition.signalRef));
      return name === undefined ? undefined : { elementId, kind: 'signal', name };
    }
    case 'bpmn:TimerEventDefinition': {
      const trigger = readTimer(reading, start, definition);
      if (!trigger || reading.problems.length > 0) return undefined;
      if (trigger.timer.kind === 'duration') {
        return void report(reading, start, 'a timer start event has a date or a cycle, not a duration');
      }
      const timer = withoutVariables(reading, start, () => {
        firstDue(trigger.timer, { variables: {}, now: new Date() });
        return trigger.timer;
      });
      return timer && { elementId, kind: 'timer', timer };
    }
    default:
      return refuse(reading, start, eventName(start));
  }
}

/** A name at a start event must be constant: there are no variables yet. */
function fixedName(reading: Reading, start: DiagramElement, name: Expression): string | undefined {
  if (reading.problems.length > 0) return undefined;
  return withoutVariables(reading, start, () => evaluateName(name, { variables: {}, now: new Date() }));
}

function withoutVariables<T>(reading: Reading, start: DiagramElement, evaluate: () => T): T | undefined {
  try {
    return evaluate();
  } catch (error) {
    if (!(error instanceof FeelEvaluationError)) throw error;
    return void report(reading, start, error.message);
  }
}
