import type { ElementInstance } from '../engines/engine.ts';
import { isTaken, type Standing, standings } from './progress.ts';
import type { Bounds, Edge, Layout, Shape } from './read-layout.ts';
import { wrapText } from './wrap-text.ts';

const margin = 20;
const fontSize = 12;
const lineHeight = 14;
const haloed = '<text paint-order="stroke" stroke="#ffffff" stroke-width="3" ';

interface Ink {
  stroke: string;
  fill: string;
  width: number;
}

const untouched: Ink = { stroke: '#8a8f98', fill: '#ffffff', width: 1.5 };
const inks: Record<Standing, Ink> = {
  passed: { stroke: '#2e7d32', fill: '#eef7ee', width: 2 },
  active: { stroke: '#c77700', fill: '#ffe2ad', width: 3.5 },
  incident: { stroke: '#c62828', fill: '#ffd9d6', width: 3.5 },
};

/** What is in an activity's corner, and in an event or gateway, as words are in other diagrams: one sign each. */
const signs: Record<string, string> = {
  'bpmn:UserTask': '☺',
  'bpmn:ServiceTask': '⚙',
  'bpmn:SendTask': '✉',
  'bpmn:ReceiveTask': '✉',
  'bpmn:ScriptTask': '≡',
  'bpmn:BusinessRuleTask': '▦',
  'bpmn:CallActivity': '⊞',
  'bpmn:ExclusiveGateway': '×',
  'bpmn:ParallelGateway': '+',
  'bpmn:InclusiveGateway': '○',
  'bpmn:EventBasedGateway': '⌂',
  'bpmn:TimerEventDefinition': '◷',
  'bpmn:MessageEventDefinition': '✉',
  'bpmn:ErrorEventDefinition': '⚡',
  'bpmn:SignalEventDefinition': '△',
  'bpmn:EscalationEventDefinition': '▲',
  'bpmn:CompensateEventDefinition': '◀',
  'bpmn:TerminateEventDefinition': '●',
  'bpmn:LinkEventDefinition': '➔',
};

/**
 * Draws a diagram as its author laid it out, with where an instance stands, where it hangs, and the way it took, as SVG.
 * bpmn-js, whose pictures these resemble, needs a browser's layout (no DOM in Node.js measures SVG text), and its licence
 * a watermark.
 */
export function drawDiagram({ shapes, edges }: Layout, history: readonly ElementInstance[]): string {
  const stands = standings(history);
  const ink = (elementId: string): Ink => {
    const standing = stands.get(elementId);
    return standing === undefined ? untouched : inks[standing];
  };
  // What contains others is painted first.
  const ordered = shapes.toSorted((one, other) => area(other.bounds) - area(one.bounds));
  const { x, y, width, height } = extent({ shapes, edges });
  const drawn = [
    ...ordered.filter(isContainer).map((shape) => drawShape(shape, ink(shape.elementId))),
    ...edges.map((edge) => drawEdge(edge, isTaken(edge, history))),
    ...ordered.filter((shape) => !isContainer(shape)).map((shape) => drawShape(shape, ink(shape.elementId))),
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${x} ${y} ${width} ${height}" width="${width}" height="${height}" font-family="DejaVu Sans" font-size="${fontSize}">`,
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="#ffffff"/>`,
    ...drawn,
    '</svg>',
  ].join('\n');
}

const area = ({ width, height }: Bounds) => width * height;

function extent({ shapes, edges }: Layout): Bounds {
  const boxes = [
    ...shapes.flatMap(({ bounds, label }) => (label ? [bounds, label] : [bounds])),
    ...edges.flatMap(({ waypoints, label }) => [
      ...waypoints.map((point) => ({ ...point, width: 0, height: 0 })),
      ...(label ? [label] : []),
    ]),
  ];
  const left = Math.min(...boxes.map((box) => box.x)) - margin;
  const top = Math.min(...boxes.map((box) => box.y)) - margin;
  const right = Math.max(...boxes.map((box) => box.x + box.width)) + margin;
  const bottom = Math.max(...boxes.map((box) => box.y + box.height)) + margin + lineHeight;
  return { x: left, y: top, width: right - left, height: bottom - top };
}

function isContainer({ type, isExpanded }: Shape): boolean {
  return /Participant|Lane$|Group/.test(type) || (/SubProcess|Transaction/.test(type) && isExpanded);
}

function drawShape(shape: Shape, ink: Ink): string {
  const { type, bounds, name } = shape;
  if (type.endsWith('Event')) return drawEvent(shape, ink);
  if (type.endsWith('Gateway')) return drawGateway(shape, ink);
  if (type === 'bpmn:TextAnnotation') return drawAnnotation(shape);
  if (type.startsWith('bpmn:Data')) return rectangle(bounds, ink, 0) + labelOf(shape);
  if (/Participant|Lane$|Group/.test(type)) {
    const { x, y } = bounds;
    return rectangle(bounds, { ...ink, fill: 'none' }, 0) + text([name], x + 6, y + 16, 'start');
  }
  const dashed = shape.isDashed ? ' stroke-dasharray="6 4"' : '';
  const box = rectangle(bounds, isContainer(shape) ? { ...ink, fill: '#fbfbfc' } : ink, 8, dashed);
  if (isContainer(shape)) return box + text([name], bounds.x + 10, bounds.y + 18, 'start');
  const most = Math.max(1, Math.floor((bounds.height - 16) / lineHeight));
  const lines = wrapText(name, { width: bounds.width - 12, size: fontSize, most });
  const middle = bounds.y + bounds.height / 2 - ((lines.length - 1) * lineHeight) / 2 + 4;
  const sign = signs[type];
  return (
    box +
    text(lines, bounds.x + bounds.width / 2, middle, 'middle') +
    (sign ? text([sign], bounds.x + 6, bounds.y + 15, 'start') : '')
  );
}

function drawEvent(shape: Shape, { stroke, fill, width }: Ink): string {
  const { bounds, type, definition, isDashed } = shape;
  const x = bounds.x + bounds.width / 2;
  const y = bounds.y + bounds.height / 2;
  const radius = bounds.width / 2;
  const thick = type === 'bpmn:EndEvent' ? width + 2 : width;
  const dashed = isDashed ? ' stroke-dasharray="4 3"' : '';
  const circle = (r: number, within: string) =>
    `<circle cx="${x}" cy="${y}" r="${r}" fill="${within}" stroke="${stroke}" stroke-width="${thick}"${dashed}/>`;
  const isDouble = /Intermediate|Boundary/.test(type);
  const sign = definition && signs[definition];
  return (
    circle(radius, fill) +
    (isDouble ? circle(radius - 4, 'none') : '') +
    (sign ? text([sign], x, y + 6, 'middle', 16) : '') +
    labelOf(shape)
  );
}

function drawGateway(shape: Shape, { stroke, fill, width }: Ink): string {
  const { bounds, type } = shape;
  const x = bounds.x + bounds.width / 2;
  const y = bounds.y + bounds.height / 2;
  const corners = `${x},${bounds.y} ${bounds.x + bounds.width},${y} ${x},${bounds.y + bounds.height} ${bounds.x},${y}`;
  const sign = signs[type];
  return (
    `<polygon points="${corners}" fill="${fill}" stroke="${stroke}" stroke-width="${width}"/>` +
    (sign ? text([sign], x, y + 9, 'middle', 26) : '') +
    labelOf(shape)
  );
}

function drawAnnotation({ bounds: { x, y, width, height }, name }: Shape): string {
  const lines = wrapText(name, {
    width: width - 10,
    size: fontSize,
    most: Math.max(1, Math.floor(height / lineHeight)),
  });
  return `<path d="M ${x + 10} ${y} H ${x} V ${y + height} h 10" fill="none" stroke="${untouched.stroke}"/>${text(lines, x + 6, y + 16, 'start')}`;
}

/** The name of what has it beside itself: where the author put it, else below. */
function labelOf({ name, bounds, label }: Pick<Shape, 'name' | 'bounds' | 'label'>): string {
  if (name === '') return '';
  const place = label ?? {
    x: bounds.x + bounds.width / 2 - 45,
    y: bounds.y + bounds.height + 4,
    width: 90,
    height: 28,
  };
  const lines = wrapText(name, { width: Math.max(place.width + 12, 60), size: fontSize - 1, most: 4 });
  // A line that the label lies on does not cross it out.
  return text(lines, place.x + place.width / 2, place.y + 11, 'middle', fontSize - 1).replaceAll('<text ', haloed);
}

function drawEdge({ waypoints, type, name, label }: Edge, taken: boolean): string {
  const { stroke } = taken ? inks.passed : untouched;
  const points = waypoints.map(({ x, y }) => `${x},${y}`).join(' ');
  const dashed = type === 'bpmn:SequenceFlow' ? '' : ' stroke-dasharray="5 4"';
  const line = `<polyline points="${points}" fill="none" stroke="${stroke}" stroke-width="${taken ? 3 : 1.5}" stroke-linejoin="round"${dashed}/>`;
  const arrow = type === 'bpmn:Association' ? '' : arrowHead(waypoints, stroke);
  const middle = waypoints[Math.floor((waypoints.length - 1) / 2)] ?? { x: 0, y: 0 };
  return line + arrow + labelOf({ name, bounds: { ...middle, width: 40, height: -20 }, label });
}

function arrowHead(waypoints: Edge['waypoints'], colour: string): string {
  const [before, end] = waypoints.slice(-2);
  if (!before || !end) return '';
  const angle = (Math.atan2(end.y - before.y, end.x - before.x) * 180) / Math.PI;
  return `<path d="M 0 0 L -10 -5 L -10 5 Z" fill="${colour}" transform="translate(${end.x} ${end.y}) rotate(${angle})"/>`;
}

function rectangle({ x, y, width, height }: Bounds, { stroke, fill, width: thick }: Ink, radius: number, extra = '') {
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${radius}" fill="${fill}" stroke="${stroke}" stroke-width="${thick}"${extra}/>`;
}

function text(lines: string[], x: number, y: number, anchor: 'start' | 'middle', size = fontSize): string {
  return lines
    .map((line, nth) => {
      const at = y + nth * lineHeight;
      return `<text x="${x}" y="${at}" text-anchor="${anchor}" font-size="${size}" fill="#1d1c1d">${escapeXml(line)}</text>`;
    })
    .join('');
}

/** XML has no place for control characters, escaped or not. */
function escapeXml(value: string): string {
  return value
    .replaceAll(/\p{Cc}/gu, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
