import { BpmnModdle } from 'bpmn-moddle';

interface Point {
  x: number;
  y: number;
}

export interface Bounds extends Point {
  width: number;
  height: number;
}

/** What one shape of a diagram is and where. */
export interface Shape {
  elementId: string;
  /** BPMN's name of it, such as `bpmn:UserTask`. */
  type: string;
  name: string;
  bounds: Bounds;
  /** Where its name is, for what has it beside itself. */
  label: Bounds | undefined;
  /** Of an event what it is of, such as `bpmn:TimerEventDefinition`. */
  definition: string | undefined;
  isExpanded: boolean;
  /** Of a boundary or start event that does not interrupt. */
  isDashed: boolean;
}

export interface Edge {
  elementId: string;
  type: string;
  name: string;
  waypoints: Point[];
  label: Bounds | undefined;
  sourceId: string | undefined;
  targetId: string | undefined;
}

/** A diagram as its author laid it out (BPMN DI). */
export interface Layout {
  shapes: Shape[];
  edges: Edge[];
}

/** What we read of bpmn-moddle's answer. */
interface Node {
  $type: string;
  id?: string;
  name?: string;
  text?: string;
  plane?: { planeElement?: Node[] };
  diagrams?: Node[];
  bpmnElement?: Node;
  bounds?: Bounds;
  label?: { bounds?: Bounds };
  waypoint?: Point[];
  isExpanded?: boolean;
  eventDefinitions?: Node[];
  cancelActivity?: boolean;
  isInterrupting?: boolean;
  sourceRef?: Node | Node[];
  targetRef?: Node | Node[];
}

/** The layout of a BPMN file's first diagram; undefined: the file has none, as one that was written by hand. */
export async function readLayout(xml: string): Promise<Layout | undefined> {
  const { rootElement } = await new BpmnModdle().fromXML(xml);
  const elements = (rootElement as unknown as Node).diagrams?.[0]?.plane?.planeElement ?? [];
  const shapes = elements.flatMap((one) => (one.$type === 'bpmndi:BPMNShape' ? readShape(one) : []));
  const edges = elements.flatMap((one) => (one.$type === 'bpmndi:BPMNEdge' ? readEdge(one) : []));
  return shapes.length === 0 ? undefined : { shapes, edges };
}

function readShape({ bpmnElement, bounds, label, isExpanded }: Node): Shape | [] {
  if (!bpmnElement?.id || !bounds) return [];
  const { $type: type, id, name, text, eventDefinitions, cancelActivity, isInterrupting } = bpmnElement;
  return {
    elementId: id,
    type,
    name: name ?? text ?? '',
    bounds,
    label: label?.bounds,
    definition: eventDefinitions?.[0]?.$type,
    isExpanded: isExpanded !== false,
    isDashed: cancelActivity === false || isInterrupting === false,
  };
}

function readEdge({ bpmnElement, waypoint, label }: Node): Edge | [] {
  if (!bpmnElement?.id || !waypoint || waypoint.length < 2) return [];
  const { $type: type, id, name, sourceRef, targetRef } = bpmnElement;
  const idOf = (reference: Node | Node[] | undefined) => [reference].flat()[0]?.id;
  return {
    elementId: id,
    type,
    name: name ?? '',
    waypoints: waypoint,
    label: label?.bounds,
    sourceId: idOf(sourceRef),
    targetId: idOf(targetRef),
  };
}
