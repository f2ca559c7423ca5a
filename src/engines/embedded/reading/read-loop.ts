import type { Expression } from '../interpreter/expression.ts';
import type { ElementModel, LoopModel, LoopOutput } from '../interpreter/model.ts';
import type { DiagramElement } from './diagram.ts';
import { extension, nameMistake } from './read-extensions.ts';
import { type Reading, readExpression, refuse, report, typeName } from './reading.ts';

/**
 * Wraps an activity according to its loop characteristics: it runs once, or once for each item of a list. Boundary events apply
 * to all of its instances together.
 */
export function withLoop(reading: Reading, node: DiagramElement, element: ElementModel): ElementModel {
  if (!node.loopCharacteristics) return element;
  const loop = readLoop(reading, node, node.loopCharacteristics);
  if (node.triggeredByEvent) report(reading, node, 'an event sub-process cannot be multi-instance');
  if (!loop) return element;
  const inner: ElementModel = {
    ...element,
    outgoing: [],
    incoming: [],
    events: element.events.filter(({ place }) => place !== 'boundary'),
  };
  return {
    ...element,
    behaviour: { kind: 'multiInstance', inner, loop },
    inputs: [],
    outputs: [],
    listeners: {},
    events: element.events.filter(({ place }) => place === 'boundary'),
  };
}

function readLoop(reading: Reading, node: DiagramElement, characteristics: DiagramElement): LoopModel | undefined {
  const { $type, isSequential = false, loopCardinality, completionCondition } = characteristics;
  if ($type !== 'bpmn:MultiInstanceLoopCharacteristics') return refuse(reading, node, typeName($type));
  if (loopCardinality) return refuse(reading, node, 'multi-instance by a number (loopCardinality)');
  const loop = extension(characteristics, 'zeebe:LoopCharacteristics');
  if (!loop) return void report(reading, node, 'the multi-instance activity has no input collection');
  const { inputCollection, inputElement } = loop;
  const mistake = inputElement === undefined ? undefined : nameMistake(inputElement);
  if (mistake) report(reading, node, `the input element “${inputElement}” ${mistake}`);
  const condition = completionCondition?.body?.trim();
  return {
    isSequential,
    inputCollection: readFormula(reading, node, inputCollection, 'input collection'),
    inputElement,
    output: readOutput(reading, node, loop),
    completionCondition: condition ? readFormula(reading, node, condition, 'completion condition') : undefined,
  };
}

function readOutput(
  reading: Reading,
  node: DiagramElement,
  { outputCollection: collection, outputElement }: DiagramElement,
): LoopOutput | undefined {
  if (!collection && !outputElement) return undefined;
  if (!collection || !outputElement) {
    return void report(reading, node, 'an output collection needs an output element, and the other way round');
  }
  const mistake = nameMistake(collection);
  if (mistake) report(reading, node, `the output collection “${collection}” ${mistake}`);
  // A variable, or a path into one.
  const elementVariable = /^=\s*([\p{L}_][\p{L}\p{N}_]*)(?:\.[\p{L}_][\p{L}\p{N}_]*)*\s*$/u.exec(outputElement)?.[1];
  return { collection, element: readFormula(reading, node, outputElement, 'output element'), elementVariable };
}

function readFormula(reading: Reading, node: DiagramElement, text = '', what: string): Expression {
  if (!text.startsWith('=')) report(reading, node, `the ${what} “${text}” is not an expression`);
  return readExpression(reading, node, text, what);
}
