import { readFile } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { drawPicture } from '../../src/diagrams/draw-picture.ts';
import type { ElementInstance } from '../../src/engines/engine.ts';
import { decodePng, type Pixels } from './decode-png.ts';

const shipped = [
  'crm/leads/create-lead',
  'service-desk/orders/ask-for-order-number',
  'service-desk/requests/handle-request',
  'feedback/ask-for-feedback',
  'escalation/escalate',
].map((name) => `processes/${name}.bpmn`);
const scenario = (name: string) => `test/engines/scenarios/processes/${name}/${name}.bpmn`;

const red = [0xc6, 0x28, 0x28];
const orange = [0xc7, 0x77, 0x00];
const green = [0x2e, 0x7d, 0x32];

const was = (elementId: string, status: ElementInstance['status'], second: number, parent = '1'): ElementInstance => ({
  key: `1-${elementId}`,
  elementId,
  name: elementId,
  parentKey: parent,
  status,
  enteredAt: new Date(second * 1000),
  leftAt: status === 'completed' ? new Date(second * 1000 + 500) : undefined,
  reason: undefined,
});

async function draw(file: string, history: ElementInstance[] = [], change = (xml: string) => xml): Promise<Pixels> {
  const png = await drawPicture(change(await readFile(file, 'utf8')), history);
  if (!png) throw new Error(`${file} was not drawn`);
  return decodePng(png);
}

/** A picture of the file without a history. Drawing one takes a second. */
const drawn = new Map<string, Promise<Pixels>>();
function drawOnce(file: string): Promise<Pixels> {
  const picture = drawn.get(file) ?? draw(file);
  drawn.set(file, picture);
  return picture;
}

test.each([...shipped, scenario('support-ticket'), 'test/diagrams/everything.bpmn'])('%s is drawn', async (file) => {
  const { width, height, count } = await drawOnce(file);
  expect(width).toBeGreaterThan(500);
  expect(width).toBeLessThanOrEqual(2000);
  expect(height).toBeGreaterThan(150);
  for (const colour of [red, orange, green]) expect(count(colour)).toBe(0);
  // The colour of text; more than a few pixels of it.
  expect(count([0x1d, 0x1c, 0x1d])).toBeGreaterThan(100);
});

test('the current position, incidents and the path taken have their own colours', async () => {
  const file = shipped[0] ?? '';
  const before = await draw(file, [was('lead_requested', 'completed', 1), was('post_lead', 'active', 2)]);
  expect(before.count(green)).toBeGreaterThan(100);
  expect(before.count(orange)).toBeGreaterThan(1000);
  expect(before.count(red)).toBe(0);
  const hanging = await draw(file, [was('lead_requested', 'completed', 1), was('post_lead', 'incident', 2)]);
  expect(hanging.count(red)).toBeGreaterThan(1000);
  expect(hanging.count(orange)).toBe(0);
});

test('an incident in a collapsed sub-process is shown at the sub-process', async () => {
  const history = [was('handle', 'active', 1), was('answer', 'incident', 2, '1-handle')];
  expect((await draw(scenario('support-ticket'), history)).count(red)).toBeGreaterThan(1000);
});

test('an author’s own colours cannot be mistaken for the state of the process', async () => {
  const [authors] = [[0x83, 0x13, 0x11]];
  expect((await drawOnce('test/diagrams/everything.bpmn')).count(authors)).toBe(0);
});

test('texts are drawn in every alphabet, and markup in a name is text', async () => {
  const named = (name: string) => (xml: string) => xml.replaceAll(/name="[^"]*"/g, `name="${name}"`);
  const ink = async (name: string) => (await draw(shipped[0] ?? '', [], named(name))).count([0x1d, 0x1c, 0x1d]);
  const [none, latin, cyrillic, symbols, markup] = await Promise.all(
    ['', 'Call', 'Звонок', '☎ ✓', '&lt;script&gt;&amp;'].map(ink),
  );
  expect(none).toBe(0);
  for (const drawn of [latin, cyrillic, symbols, markup]) expect(drawn).toBeGreaterThan(50);
});

test('the watermark of bpmn.io is in every picture, as its licence asks', async () => {
  const { width, height, count } = await drawOnce(shipped[0] ?? '');
  expect(count([0x40, 0x40, 0x40], { x: width - 100, y: height - 50, width: 100, height: 50 })).toBeGreaterThan(200);
});

test('a file without a layout has no picture', async () => {
  const xml = `<?xml version="1.0"?><bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="t"><bpmn:process id="p"/></bpmn:definitions>`;
  expect(await drawPicture(xml, [])).toBeUndefined();
});

test('a file that cannot be drawn is an error, not a picture', async () => {
  await expect(drawPicture('<no bpmn', [])).rejects.toThrow('was not drawn');
});

test('pictures that are requested together are drawn two at a time', async () => {
  const xml = await readFile('processes/escalation/escalate.bpmn', 'utf8');
  const running = () => process.getActiveResourcesInfo().filter((name) => name === 'ProcessWrap').length;
  const pictures = Array.from({ length: 4 }, () => drawPicture(xml, []));
  await setImmediate();
  expect(running()).toBe(2);
  for (const png of await Promise.all(pictures)) expect(png).toBeDefined();
});
