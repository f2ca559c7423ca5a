import { rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { loadProcesses } from '../../src/engines/embedded/reading/load-processes.ts';
import * as b from './diagram-builder.ts';
import { writeFolder } from './embedded-world.ts';

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

async function load(files: Record<string, string>) {
  const folder = await writeFolder(files);
  folders.push(folder);
  return loadProcesses(folder, ['work']);
}

const form = (id: string) => JSON.stringify({ type: 'default', id, components: [] });
const good = b.process([b.start(), b.userTask('ask'), b.flow('start -> ask')], { id: 'good' });

/** start → x → end, with x as given. */
const around = (x: string) => b.process([b.start(), x, b.end(), b.flow('start -> x -> end')]);
const taskDefinition = '<zeebe:taskDefinition type="work"/>';

describe('loading', () => {
  it('takes everything that is only drawn or only noted', async () => {
    const decorated = b.file(`<bpmn:collaboration id="c"><bpmn:participant id="p1" processRef="process"/>
      <bpmn:participant id="p2" name="Client"/><bpmn:messageFlow id="m" sourceRef="p2" targetRef="p1"/></bpmn:collaboration>
      ${b.processElement(
        [
          '<bpmn:laneSet id="lanes"><bpmn:lane id="lane"><bpmn:flowNodeRef>ask</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>',
          b.start(),
          b.userTask('ask', {
            extensions: '<zeebe:taskSchedule dueDate="=now()"/><zeebe:priorityDefinition priority="70"/>',
          }),
          b.task('look'),
          b.element('manualTask', 'walk'),
          b.element('intermediateThrowEvent', 'milestone'),
          b.element('sendTask', 'send', { extensions: taskDefinition }),
          b.end(),
          b.flow('start -> ask -> look -> walk -> milestone -> send -> end'),
          '<bpmn:dataObjectReference id="d1" dataObjectRef="d2"/><bpmn:dataObject id="d2"/>',
          '<bpmn:textAnnotation id="note"><bpmn:text>Note</bpmn:text></bpmn:textAnnotation>',
          '<bpmn:association id="a" sourceRef="ask" targetRef="note"/>',
          '<bpmn:group id="g"/>',
        ],
        { extensions: '<zeebe:versionTag value="1.2"/>', properties: { workspace: 'CRM', note: 'x' } },
      )}
      ${b.processElement([b.start('s9')], { id: 'drawn', isExecutable: false })}`);
    const { processes, problems } = await load({ 'a.bpmn': decorated });
    expect(problems).toEqual([]);
    expect(processes.map(({ definition }) => definition)).toEqual([
      { id: 'process', name: 'process', workspace: 'CRM', parameters: [] },
    ]);
  });

  it('takes files that are links, and those in hidden folders not once more', async () => {
    const folder = await writeFolder({ '..2026_01_01/good.bpmn': good, 'no-process.txt': '' });
    folders.push(folder);
    await symlink('..2026_01_01', join(folder, '..data'));
    await symlink('..data/good.bpmn', join(folder, 'good.bpmn'));
    const { processes, problems } = await loadProcesses(folder, []);
    expect(problems).toEqual([]);
    expect(processes.map(({ model }) => model.id)).toEqual(['good']);
  });

  it('takes several processes of one file', async () => {
    const two = b.file(
      b.processElement([b.start('s1')], { id: 'one' }) + b.processElement([b.start('s2')], { id: 'two', name: 'Two' }),
    );
    const { processes, problems } = await load({ 'a.bpmn': two });
    expect(problems).toEqual([]);
    expect(processes.map(({ definition }) => definition.name)).toEqual(['one', 'Two']);
  });

  it('names every mistake of a file, with its line', async () => {
    const bad = b.process([
      b.start(),
      b.element('callActivity', 'a'),
      b.element('receiveTask', 'c'),
      b.flow('start -> a -> c'),
    ]);
    const { problems } = await load({ 'a.bpmn': bad });
    expect(problems.map(({ elementId, line }) => [elementId, line])).toEqual([
      ['a', 6],
      ['c', 7],
    ]);
  });

  it('takes neither of two with the same id', async () => {
    const { processes, problems } = await load({
      'a.bpmn': good,
      'c.bpmn': good,
      'x.form': form('f'),
      'y.form': form('f'),
    });
    expect(processes).toEqual([]);
    expect(problems).toEqual([
      { file: 'x.form', reason: 'the form f is in y.form too' },
      { file: 'y.form', reason: 'the form f is in x.form too' },
      { file: 'a.bpmn', reason: 'the process good is in c.bpmn too' },
      { file: 'c.bpmn', reason: 'the process good is in a.bpmn too' },
    ]);
  });

  it('refuses the processes of a broken form, and no others', async () => {
    const { processes, problems } = await load({
      'a.form': '{ "id": "f", ',
      'a.bpmn': around(b.userTask('x', { form: 'f' })),
      'good.bpmn': good,
    });
    expect(processes.map(({ model }) => model.id)).toEqual(['good']);
    expect(problems.map(({ file }) => file)).toEqual(['a.form', 'a.bpmn']);
  });

  it('knows a changed form for a change of its processes', async () => {
    const files = { 'a.bpmn': around(b.userTask('x', { form: 'f' })), 'a.form': form('f'), 'other.form': form('g') };
    const hash = async (changed: Record<string, string>) =>
      (await load({ ...files, ...changed })).processes[0]?.contentHash;
    const before = await hash({});
    expect(await hash({ 'other.form': `${form('g')} ` })).toBe(before);
    expect(await hash({ 'a.form': `${form('f')} ` })).not.toBe(before);
  });
});
