import { createRequire } from 'node:module';
import { isTaken, type Standing, standings, type Visit } from './progress.ts';

const margin = 20;
/** Size of bpmn-js's watermark, which its licence requires to be visible. */
const logo = { width: 53, height: 21 };

interface Ink {
  stroke: string;
  fill: string;
  width: number;
}

const untouched = { stroke: '#7b818c', fill: '#ffffff', text: '#1d1c1d' };
const inks: Record<Standing, Ink> = {
  passed: { stroke: '#2e7d32', fill: '#e8f5e9', width: 2 },
  active: { stroke: '#c77700', fill: '#ffe2ad', width: 4 },
  incident: { stroke: '#c62828', fill: '#ffd3cf', width: 4 },
};
const takenWidth = 3;

/** The parts of bpmn-moddle's objects in use. */
interface Moddle {
  id?: string;
  diagrams?: Moddle[];
  plane?: Moddle;
  planeElement?: Moddle[];
  isExpanded?: boolean;
  bpmnElement?: Moddle;
  label?: Moddle;
  sourceRef?: Moddle;
  targetRef?: Moddle;
  $instanceOf(type: string): boolean;
  set(name: string, value: string | undefined): void;
}

/** The parts of a bpmn-js element in use. */
interface Drawn {
  id: string;
  businessObject: Moddle;
  x: number;
  y: number;
  width: number;
  height: number;
  waypoints?: { x: number; y: number }[];
  labelTarget?: Drawn;
}

interface SvgNode {
  outerHTML: string;
  innerHTML: string;
  style: { setProperty(name: string, value: string): void };
  querySelector(selector: string): SvgNode | null;
  querySelectorAll(selector: string): SvgNode[];
  closest(selector: string): SvgNode | null;
  remove(): void;
}

/** The parts of bpmn-js in use. */
interface Viewer {
  get(name: 'moddle'): { fromXML(xml: string): Promise<{ rootElement: Moddle }> };
  get(name: 'canvas'): {
    getRootElement(): Drawn;
    findRoot(element: Drawn): Drawn | null;
    getActiveLayer(): SvgNode;
    getContainer(): SvgNode;
  };
  get(name: 'elementRegistry'): { getAll(): Drawn[]; getGraphics(element: Drawn): SvgNode };
  importDefinitions(definitions: Moddle): Promise<unknown>;
}

/**
 * Draws a process with its author's layout as SVG: where an instance is, its incidents, and the path it took. Returns undefined
 * if the file has no layout, such as one written by hand. Uses bpmn-js, the renderer of Camunda Modeler, on the DOM of
 * browser.ts. Takes less than half a second and about 110 MB, in a separate process (draw-picture.ts).
 */
export async function drawDiagram(
  xml: string,
  visits: readonly Visit[],
  fontFamily: string,
): Promise<string | undefined> {
  const viewer = openViewer(fontFamily);
  const { rootElement: definitions } = await viewer.get('moddle').fromXML(xml);
  const drawn = definitions.diagrams?.flatMap(({ plane }) => plane?.planeElement ?? []) ?? [];
  if (drawn.length === 0) return undefined;
  const stands = standings(visits);
  for (const element of drawn) colour(element, inkOf(element, stands, visits));
  await viewer.importDefinitions(definitions);
  const canvas = viewer.get('canvas');
  const registry = viewer.get('elementRegistry');
  const root = canvas.getRootElement();
  // The content of a collapsed sub-process is on another plane.
  const seen = registry.getAll().filter((element) => element !== root && canvas.findRoot(element) === root);
  const labels: string[] = [];
  for (const element of seen) {
    const graphics = registry.getGraphics(element);
    for (const hidden of graphics.querySelectorAll('.djs-hit, .djs-outline')) hidden.remove();
    const shape = graphics.querySelector('.djs-visual > *');
    if (element.labelTarget) labels.push(lifted(graphics));
    else if (element.waypoints) {
      if (isTakenFlow(element.businessObject, visits)) shape?.style.setProperty('stroke-width', `${takenWidth}px`);
    } else {
      const standing = stands.get(element.id);
      if (standing) shape?.style.setProperty('stroke-width', `${inks[standing].width}px`);
    }
  }
  const container = canvas.getContainer();
  const arrowHeads = container.querySelector('defs')?.outerHTML ?? '';
  const hanging = seen.filter(({ id, labelTarget }) => !labelTarget && stands.get(id) === 'incident');
  const watermark = container.closest('.bjs-container')?.querySelector('.bjs-powered-by svg')?.innerHTML ?? '';
  const drawing = [arrowHeads, canvas.getActiveLayer().outerHTML, ...labels, ...hanging.map(exclamation)];
  return framed(seen, drawing, watermark);
}

function openViewer(fontFamily: string): Viewer {
  // Loaded late: it looks for the browser globals when it is loaded.
  const Viewer = createRequire(import.meta.url)('bpmn-js/dist/bpmn-viewer.production.min.js');
  return new Viewer({
    bpmnRenderer: {
      defaultFillColor: untouched.fill,
      defaultStrokeColor: untouched.stroke,
      defaultLabelColor: untouched.text,
    },
    textRenderer: { defaultStyle: { fontFamily } },
  });
}

/** Removes the author's colours, which mean something else. */
function colour(element: Moddle, ink: Ink | undefined): void {
  for (const name of ['color:border-color', 'bioc:stroke']) element.set(name, ink?.stroke);
  for (const name of ['color:background-color', 'bioc:fill']) {
    // Elements inside an expanded sub-process have colours of their own.
    element.set(name, element.isExpanded ? undefined : ink?.fill);
  }
  element.label?.set('color:color', undefined);
}

function inkOf(element: Moddle, stands: ReadonlyMap<string, Standing>, visits: readonly Visit[]): Ink | undefined {
  const { bpmnElement } = element;
  if (!bpmnElement) return undefined;
  if (bpmnElement.$instanceOf('bpmn:SequenceFlow')) return isTakenFlow(bpmnElement, visits) ? inks.passed : undefined;
  const standing = stands.get(bpmnElement.id ?? '');
  return standing && inks[standing];
}

function isTakenFlow(flow: Moddle, visits: readonly Visit[]): boolean {
  if (!flow.$instanceOf('bpmn:SequenceFlow')) return false;
  return isTaken(flow.sourceRef?.id ?? '', flow.targetRef?.id ?? '', visits);
}

/** Takes a label out, to draw it above all lines, with an outline so that a line does not cross it out. */
function lifted(label: SvgNode): string {
  for (const text of label.querySelectorAll('text')) {
    text.style.setProperty('paint-order', 'stroke');
    text.style.setProperty('stroke', untouched.fill);
    text.style.setProperty('stroke-width', '3px');
  }
  label.remove();
  return label.outerHTML;
}

/** An exclamation mark at the corner of an element with an incident, since not everybody can see the colours. */
function exclamation({ x, y, width }: Drawn): string {
  const [cx, cy] = [x + width, y];
  return [
    `<circle cx="${cx}" cy="${cy}" r="10" fill="${inks.incident.stroke}" stroke="#ffffff" stroke-width="2"/>`,
    `<path d="M ${cx} ${cy - 5} v 6 m 0 3 v 1" stroke="#ffffff" stroke-width="3" stroke-linecap="round"/>`,
  ].join('');
}

function framed(seen: Drawn[], parts: string[], watermark: string): string {
  const xs = seen.flatMap(({ x, width, waypoints }) => waypoints?.map((point) => point.x) ?? [x, x + width]);
  const ys = seen.flatMap(({ y, height, waypoints }) => waypoints?.map((point) => point.y) ?? [y, y + height]);
  const [left, top] = [Math.min(...xs) - margin, Math.min(...ys) - margin];
  const width = Math.max(...xs) + margin - left;
  const height = Math.max(...ys) + margin + logo.height - top;
  const at = { x: left + width - logo.width - 6, y: top + height - logo.height - 6 };
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${left} ${top} ${width} ${height}" width="${width}" height="${height}">`,
    `<rect x="${left}" y="${top}" width="${width}" height="${height}" fill="#ffffff"/>`,
    ...parts,
    `<svg x="${at.x}" y="${at.y}" width="${logo.width}" height="${logo.height}" viewBox="0 0 14.02 5.57" color="#404040">${watermark}</svg>`,
    '</svg>',
  ].join('\n');
}
