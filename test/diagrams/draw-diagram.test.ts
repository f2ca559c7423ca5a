import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { drawDiagram } from '../../src/diagrams/draw-diagram.ts';
import { rasterise } from '../../src/diagrams/rasterise.ts';
import { type Layout, readLayout } from '../../src/diagrams/read-layout.ts';
import { wrapText } from '../../src/diagrams/wrap-text.ts';
import type { ElementInstance } from '../../src/engines/engine.ts';

async function layoutOf(file: string): Promise<Layout> {
  const layout = await readLayout(await readFile(file, 'utf8'));
  if (!layout) throw new Error(`${file} has no layout`);
  return layout;
}

const was = (elementId: string, status: ElementInstance['status'], second: number): ElementInstance => ({
  key: `1-${elementId}`,
  elementId,
  name: elementId,
  parentKey: '1',
  status,
  enteredAt: new Date(second * 1000),
  leftAt: status === 'completed' ? new Date(second * 1000 + 500) : undefined,
  reason: undefined,
});

test('a diagram is drawn with where it stands and the way it took', async () => {
  const layout = await layoutOf('processes/crm/leads/create-lead.bpmn');
  const tasks = layout.shapes.filter(({ type }) => type.endsWith('Task'));
  const start = layout.shapes.find(({ type }) => type === 'bpmn:StartEvent')?.elementId ?? '';
  const first = layout.edges.find(({ sourceId }) => sourceId === start);
  const svg = drawDiagram(layout, [was(start, 'completed', 1), was(first?.targetId ?? '', 'incident', 2)]);
  for (const { name } of tasks) expect(svg).toContain(name.split(' ')[0]);
  expect(svg.match(/#c62828/g)).toHaveLength(1);
  expect(svg).toMatch(/<polyline[^>]*#2e7d32/);
  const png = await rasterise(svg);
  expect(png.subarray(1, 4).toString('latin1')).toBe('PNG');
});

test('text of any alphabet is drawn, and markup in a name is text', async () => {
  const layout = await layoutOf('processes/crm/leads/create-lead.bpmn');
  const named = (name: string) =>
    drawDiagram({ ...layout, shapes: layout.shapes.map((shape) => ({ ...shape, name })) }, []);
  expect(named('<script>&"')).toContain('&lt;script&gt;&amp;&quot;');
  const [latin, cyrillic, none] = await Promise.all([named('Call'), named('Звонок'), named('')].map(rasterise));
  expect(cyrillic?.equals(none ?? Buffer.alloc(0))).toBe(false);
  expect(cyrillic?.equals(latin ?? Buffer.alloc(0))).toBe(false);
});

test('a file without a layout has no picture', async () => {
  const xml = `<?xml version="1.0"?><bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="t"><bpmn:process id="p"/></bpmn:definitions>`;
  expect(await readLayout(xml)).toBeUndefined();
});

test('lines are broken between words, and within one that is too wide', () => {
  expect(wrapText('Post the lead to the CRM', { width: 90, size: 12, most: 3 })).toEqual([
    'Post the lead',
    'to the CRM',
  ]);
  expect(wrapText('Donaudampfschifffahrt', { width: 60, size: 12, most: 5 }).length).toBeGreaterThan(1);
  expect(wrapText('one two three four five six', { width: 40, size: 12, most: 2 }).at(-1)).toMatch(/…$/);
});
