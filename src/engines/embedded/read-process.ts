import { checkFlows } from './check-flows.ts';
import type { DiagramElement } from './diagram.ts';
import type { CatchEvent, ElementModel, FlowModel, ProcessModel } from './model.ts';
import { readBehaviour, soleStart } from './read-element.ts';
import { readBoundary, readOwnEvent } from './read-events.ts';
import { checkExtensions, checkSchedule, readFormId, readMappings, readProperties } from './read-extensions.ts';
import { type Reading, readExpression, report, typeName } from './reading.ts';

/** What is drawn for people only. */
const decorations = new Set([
  'bpmn:DataObject',
  'bpmn:DataObjectReference',
  'bpmn:DataStoreReference',
  'bpmn:TextAnnotation',
  'bpmn:Association',
  'bpmn:Group',
]);

/** Makes the graph of one process. What cannot be run is reported, and the answer then undefined. */
export function readProcess(reading: Reading, process: DiagramElement): ProcessModel | undefined {
  const elements = new Map<string, ElementModel>();
  checkExtensions(reading, process);
  checkSchedule(reading, process);
  readScope(reading, process, elements);
  const startElementId = soleStart(reading, process);
  addRoot(reading, process, startElementId ?? '', elements);
  const start = process.flowElements?.find(({ id }) => id === startElementId);
  const startFormId = start && readFormId(reading, start);
  if (!process.id || startElementId === undefined || reading.problems.length > 0) return undefined;
  const name = process.name || process.id;
  return { id: process.id, name, startElementId, startFormId, elements, properties: readProperties(process) };
}

/** The process is an element like its sub-processes: the one that the instance's first token is at. */
function addRoot(
  reading: Reading,
  process: DiagramElement,
  startElementId: string,
  elements: Map<string, ElementModel>,
): void {
  if (!process.id) return;
  if (elements.has(process.id)) report(reading, process, 'the process and an element in it have the same id');
  elements.set(process.id, {
    id: process.id,
    name: process.name || undefined,
    title: titleOf(process),
    behaviour: { kind: 'subProcess', startElementId },
    outgoing: [],
    incoming: [],
    inputs: [],
    secrets: [],
    outputs: [],
    events: [],
  });
}

function readScope(reading: Reading, scope: DiagramElement, elements: Map<string, ElementModel>): void {
  const inScope = scope.flowElements ?? [];
  const flows = inScope.filter(({ $type }) => $type === 'bpmn:SequenceFlow');
  const nodes = inScope.filter(({ $type }) => $type !== 'bpmn:SequenceFlow' && !decorations.has($type));
  const models = flows.map((flow) => readFlow(reading, flow, nodes));
  for (const node of nodes) {
    readNode(
      reading,
      node,
      models.flatMap((flow) => flow ?? []),
      elements,
    );
    if (node.$type === 'bpmn:SubProcess') readScope(reading, node, elements);
  }
  for (const node of nodes) {
    if (node.$type !== 'bpmn:BoundaryEvent') continue;
    const boundary = readBoundary(reading, node);
    const activity = elements.get(node.attachedToRef?.id ?? '');
    if (!boundary || !activity) continue;
    checkCodes(reading, node, activity, boundary);
    activity.events.push(boundary);
  }
}

function readNode(
  reading: Reading,
  node: DiagramElement,
  flows: FlowModel[],
  elements: Map<string, ElementModel>,
): void {
  checkExtensions(reading, node);
  checkSchedule(reading, node);
  if (!node.id) {
    report(reading, node, `a ${typeName(node.$type)} has no id`);
    return;
  }
  const behaviour = readBehaviour(reading, node);
  if (!behaviour) return;
  const element: ElementModel = {
    id: node.id,
    name: node.name || undefined,
    title: titleOf(node),
    behaviour,
    outgoing: flows.filter(({ source }) => source === node.id),
    incoming: flows.filter(({ target }) => target === node.id),
    ...readMappings(reading, node),
    events: [readOwnEvent(reading, node) ?? []].flat(),
  };
  checkFlows(reading, node, element);
  elements.set(node.id, element);
}

function readFlow(reading: Reading, flow: DiagramElement, nodes: DiagramElement[]): FlowModel | undefined {
  const { sourceRef, targetRef, conditionExpression } = flow;
  if (!flow.id || !sourceRef?.id || !targetRef?.id) {
    report(reading, flow, `the flow leads ${sourceRef ? 'to' : 'from'} nothing`);
    return undefined;
  }
  if (!nodes.includes(sourceRef) || !nodes.includes(targetRef)) {
    report(reading, flow, 'the flow crosses the border of a sub-process');
  }
  const text = conditionExpression?.body?.trim();
  if (text !== undefined && !text.startsWith('=')) {
    report(reading, flow, `the condition “${text}” is not an expression: those begin with =`);
  }
  const condition = text === undefined ? undefined : readExpression(reading, flow, text, 'condition');
  return { id: flow.id, source: sourceRef.id, target: targetRef.id, condition };
}

/** Two events for one error on one activity: which one catches it would be chance. */
function checkCodes(reading: Reading, node: DiagramElement, activity: ElementModel, { trigger }: CatchEvent): void {
  if (trigger.kind !== 'error') return;
  const isTaken = activity.events.some(
    (other) => other.trigger.kind === 'error' && other.trigger.code === trigger.code,
  );
  if (isTaken) report(reading, node, `${activity.title} has two boundary events for the same error`);
}

/** `Service task “Post lead” (post_lead)` */
function titleOf({ $type, name, id }: DiagramElement): string {
  const type = typeName($type);
  const title = type.charAt(0).toUpperCase() + type.slice(1);
  return name ? `${title} “${name.replace(/\s+/g, ' ')}” (${id})` : `${title} (${id})`;
}
