import {
  activityOf,
  type CatchEvent,
  type ElementModel,
  type FlowModel,
  type ProcessModel,
  standalone,
} from '../interpreter/model.ts';
import { checkFlows } from './check-flows.ts';
import type { DiagramElement } from './diagram.ts';
import { readEmbeddedForms } from './embedded-forms.ts';
import { addHandlers, isCompensationBoundary } from './read-compensation.ts';
import { hasBehaviour, readBehaviour } from './read-element.ts';
import { readBoundary, readEventSubProcess, readGatewayEvents, readOwnEvent } from './read-events.ts';
import {
  checkExtensions,
  checkPriority,
  extension,
  readFormId,
  readMappings,
  readProperties,
} from './read-extensions.ts';
import { readListeners } from './read-listeners.ts';
import { withLoop } from './read-loop.ts';
import { readStarts } from './read-starts.ts';
import { type Reading, readExpression, report, typeName } from './reading.ts';

/** Elements that are only drawings for people. */
const decorations = new Set([
  'bpmn:DataObject',
  'bpmn:DataObjectReference',
  'bpmn:DataStoreReference',
  'bpmn:TextAnnotation',
  'bpmn:Association',
  'bpmn:Group',
]);

/** Builds the graph of one process. Unsupported elements are reported, and the result is then undefined. */
export function readProcess(reading: Reading, process: DiagramElement): ProcessModel | undefined {
  const elements = new Map<string, ElementModel>();
  checkExtensions(reading, process);
  checkPriority(reading, process);
  const { plain, events: startEvents } = readStarts(reading, process);
  const startElementId = plain && (plain.id ?? '');
  const listeners = readListeners(reading, process);
  const root = process.id ? { ...rootElement(process, startElementId ?? ''), listeners } : undefined;
  if (root) elements.set(root.id, root);
  readScope(reading, process, flowsByScope(process), elements);
  if (root && elements.get(root.id) !== root) report(reading, process, 'an element in the process has its id');
  const startFormId = plain && readFormId(reading, plain);
  if (!process.id || reading.problems.length > 0) return undefined;
  return {
    id: process.id,
    name: process.name || process.id,
    startElementId,
    startEvents,
    startFormId,
    embeddedForms: readEmbeddedForms(process),
    elements,
    tellsOfCancelling: [...elements.values()].some((element) => activityOf(element).listeners.canceling),
    properties: readProperties(process),
    versionTag: extension(process, 'zeebe:VersionTag')?.value || undefined,
  };
}

/** The process as an element, like its sub-processes: the instance's first token is at it. */
function rootElement(process: DiagramElement, startElementId: string): Omit<ElementModel, 'listeners'> {
  return {
    id: process.id ?? '',
    name: process.name || undefined,
    title: titleOf(process),
    behaviour: { kind: 'subProcess', startElementId },
    ...standalone(),
  };
}

type FlowsByScope = ReadonlyMap<DiagramElement | undefined, DiagramElement[]>;

const isFlow = ({ $type }: DiagramElement) => $type === 'bpmn:SequenceFlow';

/** The process and its sub-processes, at any depth. */
const scopesOf = (scope: DiagramElement): DiagramElement[] => [
  scope,
  ...(scope.flowElements ?? []).filter(({ flowElements }) => flowElements).flatMap(scopesOf),
];

/** Flows by the scope that their source is in: some tools write the flows of a sub-process outside of it. */
function flowsByScope(process: DiagramElement): FlowsByScope {
  const scopes = scopesOf(process);
  const flows = scopes.flatMap(({ flowElements = [] }) => flowElements.filter(isFlow));
  const scopeOf = ({ sourceRef, $parent }: DiagramElement) =>
    scopes.find((scope) => scope === sourceRef?.$parent) ?? $parent;
  return groupBy(flows, scopeOf);
}

function readScope(
  reading: Reading,
  scope: DiagramElement,
  flows: FlowsByScope,
  elements: Map<string, ElementModel>,
): void {
  const nodes = (scope.flowElements ?? []).filter((element) => !isFlow(element) && !decorations.has(element.$type));
  const inside = new Set(nodes);
  const models = (flows.get(scope) ?? []).flatMap((flow) => readFlow(reading, flow, inside) ?? []);
  const ends = { outgoing: groupBy(models, ({ source }) => source), incoming: groupBy(models, ({ target }) => target) };
  for (const node of nodes) {
    readNode(reading, node, ends, elements);
    if (node.$type === 'bpmn:SubProcess') readScope(reading, node, flows, elements);
  }
  addEvents(reading, scope, nodes, elements);
}

/**
 * Adds to each element the events that may happen while a token is there. Event sub-processes come before boundary events,
 * since they are nearer.
 */
function addEvents(
  reading: Reading,
  scope: DiagramElement,
  nodes: DiagramElement[],
  elements: Map<string, ElementModel>,
): void {
  const add = (node: DiagramElement, target: string | undefined, event: CatchEvent | undefined) => {
    const element = elements.get(target ?? '');
    if (!event || !element) return;
    checkCodes(reading, node, element, event);
    element.events.push(event);
  };
  for (const node of nodes) if (node.triggeredByEvent) add(node, scope.id, readEventSubProcess(reading, node));
  for (const node of nodes) {
    if (isCompensationBoundary(node)) continue;
    if (node.$type === 'bpmn:BoundaryEvent') add(node, node.attachedToRef?.id, readBoundary(reading, node));
    if (node.$type !== 'bpmn:EventBasedGateway') continue;
    const outgoing = elements.get(node.id ?? '')?.outgoing ?? [];
    const targets = outgoing.flatMap(({ target }) => elements.get(target) ?? []);
    for (const event of readGatewayEvents(reading, node, targets)) add(node, node.id, event);
  }
  addHandlers(reading, scope, nodes, elements);
  for (const node of nodes) {
    const element = elements.get(node.id ?? '');
    if (element) elements.set(element.id, withLoop(reading, node, element));
  }
}

/** Outgoing and incoming flows by element, in file order. */
interface FlowEnds {
  outgoing: ReadonlyMap<string, FlowModel[]>;
  incoming: ReadonlyMap<string, FlowModel[]>;
}

function groupBy<Flow, Key>(flows: readonly Flow[], keyOf: (flow: Flow) => Key): Map<Key, Flow[]> {
  const groups = new Map<Key, Flow[]>();
  for (const flow of flows) {
    const group = groups.get(keyOf(flow));
    if (group) group.push(flow);
    else groups.set(keyOf(flow), [flow]);
  }
  return groups;
}

function readNode(reading: Reading, node: DiagramElement, flows: FlowEnds, elements: Map<string, ElementModel>): void {
  // A refused element gets only one message.
  if (hasBehaviour(node)) {
    checkExtensions(reading, node);
    checkPriority(reading, node);
  }
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
    // Camunda 8 evaluates flows from the last in the file to the first.
    outgoing: [...(flows.outgoing.get(node.id) ?? [])].reverse(),
    incoming: flows.incoming.get(node.id) ?? [],
    ...readMappings(reading, node),
    events: [readOwnEvent(reading, node) ?? []].flat(),
    listeners: readListeners(reading, node),
  };
  checkFlows(reading, node, element);
  elements.set(node.id, element);
}

function readFlow(reading: Reading, flow: DiagramElement, nodes: ReadonlySet<DiagramElement>): FlowModel | undefined {
  const { sourceRef, targetRef, conditionExpression } = flow;
  if (!flow.id || !sourceRef?.id || !targetRef?.id) {
    report(reading, flow, `the flow leads ${sourceRef ? 'to' : 'from'} nothing`);
    return undefined;
  }
  if (!nodes.has(sourceRef) || !nodes.has(targetRef)) {
    report(reading, flow, 'the flow crosses the border of a sub-process');
  }
  const text = conditionExpression?.body?.trim();
  if (text !== undefined && !text.startsWith('=')) {
    report(reading, flow, `the condition “${text}” is not an expression: those begin with =`);
  }
  const condition = text === undefined ? undefined : readExpression(reading, flow, text, 'condition');
  return { id: flow.id, source: sourceRef.id, target: targetRef.id, condition };
}

/** Refuses two events for the same code in one place: which one catches would be undefined. */
function checkCodes(reading: Reading, node: DiagramElement, element: ElementModel, event: CatchEvent): void {
  const { trigger, place } = event;
  if (trigger.kind !== 'error' && trigger.kind !== 'escalation') return;
  const isTaken = element.events.some(
    (other) => other.place === place && other.trigger.kind === trigger.kind && other.trigger.code === trigger.code,
  );
  const what = place === 'boundary' ? 'boundary events' : 'event sub-processes';
  if (isTaken) report(reading, node, `${element.title} has two ${what} for the same ${trigger.kind}`);
}

/** `Service task “Post lead” (post_lead)` */
function titleOf({ $type, name, id }: DiagramElement): string {
  const type = typeName($type);
  const title = type.charAt(0).toUpperCase() + type.slice(1);
  return name ? `${title} “${name.replace(/\s+/g, ' ')}” (${id})` : `${title} (${id})`;
}
