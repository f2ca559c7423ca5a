import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { startWorld, type World } from '../helpers/kickoff.ts';
import { bindProcess, setUpByClicking } from '../helpers/set-up-by-clicking.ts';

let world: World;
afterEach(() => world.close({ tolerate: true }));

const process = (id: string, inside: string) => `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="t">
  <bpmn:process id="${id}" name="${id}" isExecutable="true">
    <bpmn:startEvent id="start" />
    <bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="step" />
    ${inside}
    <bpmn:sequenceFlow id="f2" sourceRef="step" targetRef="end" />
    <bpmn:endEvent id="end" />
  </bpmn:process>
</bpmn:definitions>`;
const userTask = (form: string) =>
  `<bpmn:userTask id="step" name="Ask"><bpmn:extensionElements><zeebe:userTask /><zeebe:formDefinition formId="${form}" /></bpmn:extensionElements></bpmn:userTask>`;

test('each broken file is named with its element and reason, and the others work', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'kickoff-broken-'));
  await mkdir(join(directory, 'sales'));
  const good = process('good', '<bpmn:task id="step" name="Ask" />');
  const files: Record<string, string> = {
    'good.bpmn': good,
    'sales/cut-off.bpmn': good.slice(0, 400),
    'broken.form': '{ "id": "broken", "components": [ }',
    'iframe.form': JSON.stringify({
      id: 'map',
      type: 'default',
      components: [{ type: 'iframe', label: 'Map', url: 'https://maps.example' }],
    }),
    'missing-form.bpmn': process('missing-form', userTask('nowhere')),
    'refused-form.bpmn': process('refused-form', userTask('map')),
    'unsupported.bpmn': process('unsupported', '<bpmn:transaction id="step" name="Wait for it" />'),
    'feel.bpmn': process(
      'feel',
      '<bpmn:userTask id="step" name="Ask"><bpmn:extensionElements><zeebe:userTask /><zeebe:ioMapping><zeebe:input source="=1 +" target="x" /></zeebe:ioMapping></bpmn:extensionElements></bpmn:userTask>',
    ),
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
  world = await startWorld({ environment: { PROCESSES_DIR: directory } });
  const lines = world.log.filter(({ level }) => level >= 40).map(({ msg }) => msg);
  for (const line of [
    /^not loaded: sales\/cut-off\.bpmn(:\d+)?: /,
    /^not loaded: broken\.form: .*line 1/,
    /^not loaded: iframe\.form: iframe "Map"/,
    /^not loaded: refused-form\.bpmn:\d+: Ask \(step\): its form map was refused because in iframe\.form iframe "Map": this type/,
    /^not loaded: missing-form\.bpmn:\d+: Ask \(step\): no \.form file has the form nowhere/,
    /^not loaded: unsupported\.bpmn:\d+: Wait for it \(step\): transaction is not supported/,
    /^not loaded: feel\.bpmn:\d+: Ask \(step\): .*=1 \+/,
  ]) {
    expect(lines).toContainEqual(expect.stringMatching(line));
  }
  expect(lines).toHaveLength(7);
  await setUpByClicking(world);
  await world.sandbox.people.anna.command('/livechat-config', { in: 'general' });
  await world.sandbox.people.anna.modalShown('Live chats');
  await bindProcess(world, 'Support', 'Session created', 'good');
});

test('a process added to the folder while Kickoff runs can be bound without a restart', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'kickoff-added-'));
  world = await startWorld({ environment: { PROCESSES_DIR: directory } });
  await setUpByClicking(world);
  await writeFile(join(directory, 'added.bpmn'), process('added', '<bpmn:userTask id="step" name="Ask" />'));
  await vi.waitFor(
    () => expect(world.log).toContainEqual(expect.objectContaining({ msg: 'processes changed', changed: ['added'] })),
    { timeout: 10_000 },
  );
  await world.sandbox.people.anna.command('/livechat-config', { in: 'general' });
  await world.sandbox.people.anna.modalShown('Live chats');
  await bindProcess(world, 'Support', 'Session created', 'added');
});

test('all shipped processes are valid', async () => {
  world = await startWorld();
  expect(world.log.find(({ msg }) => msg === 'processes loaded')).toMatchObject({ processes: 5, problems: 0 });
});
