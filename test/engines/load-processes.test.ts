import { rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type LoadOptions, loadProcesses } from '../../src/engines/embedded/reading/load-processes.ts';
import * as b from './diagram-builder.ts';
import { writeFolder } from './embedded-world.ts';

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

async function load(files: Record<string, string>, options: Partial<LoadOptions> = {}) {
  const folder = await writeFolder(files);
  folders.push(folder);
  return loadProcesses(folder, { jobTypes: ['work'], ...options });
}

const form = (id: string) => JSON.stringify({ type: 'default', id, components: [] });
const good = b.process([b.start(), b.userTask('ask'), b.flow('start -> ask')], { id: 'good' });

/** start → x → end, with this x. */
const around = (x: string) => b.process([b.start(), x, b.end(), b.flow('start -> x -> end')]);
const taskDefinition = '<zeebe:taskDefinition type="work"/>';

const documentation = (html: string) => `<bpmn:documentation><p>${html}</p></bpmn:documentation>`;

describe('loading', () => {
  it('accepts everything that is only drawn or only a note', async () => {
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

  it('loads files that are links, and does not load those in hidden folders again', async () => {
    const folder = await writeFolder({ '..2026_01_01/good.bpmn': good, 'no-process.txt': '' });
    folders.push(folder);
    await symlink('..2026_01_01', join(folder, '..data'));
    await symlink('..data/good.bpmn', join(folder, 'good.bpmn'));
    const { processes, problems } = await loadProcesses(folder, { jobTypes: [] });
    expect(problems).toEqual([]);
    expect(processes.map(({ model }) => model.id)).toEqual(['good']);
  });

  it('loads several processes of one file', async () => {
    const two = b.file(
      b.processElement([b.start('s1')], { id: 'one' }) + b.processElement([b.start('s2')], { id: 'two', name: 'Two' }),
    );
    const { processes, problems } = await load({ 'a.bpmn': two });
    expect(problems).toEqual([]);
    expect(processes.map(({ definition }) => definition.name)).toEqual(['one', 'Two']);
  });

  describe('accepts what Camunda 8 accepts', () => {
    const quiet: Record<string, string> = {
      'an input without a source': around(
        b.element('serviceTask', 'x', {
          extensions: `${taskDefinition}<zeebe:ioMapping><zeebe:input target="a"/></zeebe:ioMapping>`,
        }),
      ),
      'no retries': around(b.job('x', { retries: '0' })),
      'a job type that is an expression': around(b.job('x', { type: '=kind' })),
      'an incoming and an outgoing flow that the diagram does not have': around(
        b.element('task', 'x', {}, '<bpmn:incoming>gone</bpmn:incoming><bpmn:outgoing>gone</bpmn:outgoing>'),
      ),
      'an association with what is gone': b.process([
        b.start(),
        '<bpmn:association id="a" sourceRef="start" targetRef="gone"/>',
      ]),
      'markup in documentation and annotations': around(
        `${b.element('task', 'x', {}, documentation('Ask <b>twice</b>,<br/>&amp; <!-- then --> go'))}
        <bpmn:textAnnotation id="n"><bpmn:text>a <i>b</i></bpmn:text></bpmn:textAnnotation>`,
      ),
      'a priority of jobs': around(
        b.element('serviceTask', 'x', { extensions: `${taskDefinition}<zeebe:priorityDefinition priority="70"/>` }),
      ),
      'colours on what is not drawn': around(
        b.element('task', 'x', {}, '', ' xmlns:bioc="http://bpmn.io/schema/bpmn/biocolor/1.0" bioc:stroke="#fff"'),
      ),
      'attributes and elements of other vendors': around(
        b.element(
          'task',
          'x',
          { extensions: '<v:meta xmlns:v="http://vendor" a="1"><v:inner/></v:meta>' },
          '',
          ' xmlns:v="http://vendor" v:color="red"',
        ),
      ),
    };
    it.each(Object.entries(quiet))('%s', async (_, xml) => {
      const { processes, problems, warnings } = await load({ 'a.bpmn': xml });
      expect(problems).toEqual([]);
      expect(warnings).toEqual([]);
      expect(processes).toHaveLength(1);
    });

    const told: Record<string, [xml: string, warning: RegExp]> = {
      'an attribute of Camunda 7': [
        around(
          b.element(
            'task',
            'x',
            {},
            '',
            ' xmlns:camunda="http://camunda.org/schema/1.0/bpmn" camunda:asyncBefore="true"',
          ),
        ),
        /^camunda:asyncBefore is of Camunda 7; it is ignored$/,
      ],
      'a diagram made for Camunda 7': [
        good.replace('Camunda Cloud', 'Camunda Platform'),
        /^the diagram is made for Camunda Platform/,
      ],
      'input mappings where there are none': [
        b.process([b.start('x', { inputs: { a: '=1' } }), b.end(), b.flow('x -> end')]),
        /^input mappings on a start event are ignored/,
      ],
      'an extension where it means nothing': [
        around(
          b.element('task', 'x', {
            extensions: '<zeebe:taskHeaders><zeebe:header key="a" value="b"/></zeebe:taskHeaders>',
          }),
        ),
        /^zeebe:taskHeaders on a task means nothing; it is ignored$/,
      ],
      'an extension of a later version': [
        around(
          b.element('serviceTask', 'x', {
            extensions: `${taskDefinition}<zeebe:teleport to="moon"><zeebe:inner/></zeebe:teleport>`,
          }),
        ),
        /zeebe:teleport.*; it is ignored$/,
      ],
      'an attribute of a later version': [
        around(b.element('serviceTask', 'x', { extensions: '<zeebe:taskDefinition type="work" speed="9"/>' })),
        /^unknown attribute <speed>; it is ignored$/,
      ],
    };
    it.each(Object.entries(told))('with a warning: %s', async (_, [xml, warning]) => {
      const { processes, problems, warnings } = await load({ 'a.bpmn': xml });
      expect(problems).toEqual([]);
      expect(processes).toHaveLength(1);
      expect(warnings.map(({ file, reason }) => [file, reason])).toEqual([['a.bpmn', expect.stringMatching(warning)]]);
    });

    const alternatives = (...flows: string[]) =>
      b.process([
        b.start(),
        b.xor('choose', 'choose-c'),
        b.task('a'),
        b.task('c'),
        b.and('x'),
        b.end(),
        b.flow('start -> choose'),
        b.flow('choose -> a', '=true'),
        b.flow('choose -> c'),
        b.flow('x -> end'),
        ...flows,
      ]);
    const caught = (definition: string) => around(b.catchEvent('x', definition));
    const doubtful: Record<string, [xml: string, warning: RegExp | undefined]> = {
      'a parallel join of alternatives': [
        alternatives(b.flow('a -> x'), b.flow('c -> x')),
        /^it waits forever: only one of its flows can get a token from Exclusive gateway \(choose\)$/,
      ],
      'a parallel join of both ways of a fork': [
        b.process([
          b.start(),
          b.and('fork'),
          b.and('x'),
          b.end(),
          b.task('a'),
          b.task('c'),
          b.flow('start -> fork -> a -> x -> end'),
          b.flow('fork -> c -> x'),
        ]),
        undefined,
      ],
      'alternatives that come together before the join': [
        b.process([
          b.start(),
          b.and('fork'),
          b.xor('choose', 'choose-c'),
          b.task('a'),
          b.task('c'),
          b.xor('merge'),
          b.task('d'),
          b.and('x'),
          b.end(),
          b.flow('start -> fork -> choose'),
          b.flow('choose -> a', '=true'),
          b.flow('choose -> c'),
          b.flow('a -> merge -> x -> end'),
          b.flow('c -> merge'),
          b.flow('fork -> d -> x'),
        ]),
        undefined,
      ],
      'a message of Kickoff': [caught(b.messageDefinition('live-chat:message-received', '=sessionId')), undefined],
      'a message that nothing sends': [
        caught(b.messageDefinition('paid', '=order')),
        /^nothing here sends the message “paid” that it waits for$/,
      ],
      'a signal that nothing throws': [
        caught(b.signalDefinition('alarm')),
        /^no process throws the signal “alarm” that it waits for$/,
      ],
      'a user task of the old kind': [around(b.element('userTask', 'x')), /^on Camunda 8 it is a job of the old kind/],
      'a secret that is not set': [
        around(b.job('x', { type: 'io.camunda:http-json:1', inputs: { url: '{{secrets.CRM_URL}}/{{secrets.SET}}' } })),
        /^the secret CRM_URL is not set/,
      ],
    };
    it.each(Object.entries(doubtful))('with a warning if it will hang: %s', async (_, [xml, warning]) => {
      const options = { jobTypes: ['io.camunda:http-json:1'], secrets: new Set(['SET']) };
      const { problems, warnings } = await load({ 'a.bpmn': xml }, options);
      expect(problems).toEqual([]);
      const expected = warning && { elementId: 'x', reason: expect.stringMatching(warning), line: expect.any(Number) };
      expect(warnings).toEqual(expected ? [expect.objectContaining(expected)] : []);
    });

    it('without a warning about a signal that a process in another file throws', async () => {
      const throwing = b.process([b.start(), b.throwEvent('t', b.signalDefinition('alarm')), b.flow('start -> t')], {
        id: 'other',
      });
      const { warnings } = await load({ 'a.bpmn': caught(b.signalDefinition('alarm')), 'b.bpmn': throwing });
      expect(warnings).toEqual([]);
    });

    it('reports the right lines in a file that has markup in its documentation', async () => {
      const documented = b.element('task', 'y', {}, documentation('\n\n'));
      const { warnings } = await load({
        'a.bpmn': around(`${documented}${b.element('task', 'x', { extensions: '<zeebe:taskHeaders/>' })}`),
      });
      expect(warnings).toMatchObject([{ elementId: 'x', line: 8 }]);
    });
  });

  it('loads the forms embedded in a file, for its start event and its tasks', async () => {
    const json = '{ "type": "default", "components": [{ "type": "textfield", "key": "a", "label": "A &amp; B" }] }';
    const key = '<zeebe:formDefinition formKey="camunda-forms:bpmn:mine"/>';
    const { processes, problems } = await load({
      'a.bpmn': b.process(
        [b.start('start', { extensions: key }), b.userTask('x', { extensions: key }), b.flow('start -> x')],
        {
          extensions: `<zeebe:userTaskForm id="mine">${json}</zeebe:userTaskForm><zeebe:userTaskForm id="unused">no JSON</zeebe:userTaskForm>`,
        },
      ),
    });
    expect(problems).toEqual([]);
    expect(processes[0]?.definition.parameters).toEqual([{ key: 'a', label: 'A & B', type: 'text', required: false }]);
    expect(Object.keys(processes[0]?.forms ?? {})).toEqual(['camunda-forms:bpmn:mine']);
  });

  it('names every error in a file, with its line', async () => {
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

  describe('for several files with one id', () => {
    const files = {
      'a.bpmn': good,
      'c.bpmn': good.replace('id="ask"', 'id="ask" name="Ask"'),
      'x.form': form('f'),
      'y.form': `${form('f')} `,
    };

    it('takes the first by path, and names it', async () => {
      const { processes, problems } = await load(files);
      expect(processes.map(({ xml }) => xml)).toEqual([files['a.bpmn']]);
      expect(problems).toMatchObject([
        { file: 'y.form', reason: 'the form f is in x.form already, and the one there is taken' },
        { file: 'c.bpmn', reason: 'the process good is in a.bpmn already, and the one there is taken' },
      ]);
    });

    it('takes the one that is already loaded', async () => {
      const isInPlace = async ({ file }: { file: string }) => file === 'c.bpmn' || file === 'y.form';
      const { processes, problems } = await load(files, { isInPlace });
      expect(processes.map(({ xml }) => xml)).toEqual([files['c.bpmn']]);
      expect(problems.map(({ file }) => file)).toEqual(['x.form', 'a.bpmn']);
    });
  });

  it('refuses only the processes that use an invalid form', async () => {
    const { processes, problems } = await load({
      'a.form': '{ "id": "f", ',
      'a.bpmn': around(b.userTask('x', { form: 'f' })),
      'good.bpmn': good,
    });
    expect(processes.map(({ model }) => model.id)).toEqual(['good']);
    expect(problems.map(({ file }) => file)).toEqual(['a.form', 'a.bpmn']);
  });

  it('treats a changed form as a change of its processes', async () => {
    const files = { 'a.bpmn': around(b.userTask('x', { form: 'f' })), 'a.form': form('f'), 'other.form': form('g') };
    const hash = async (changed: Record<string, string>) =>
      (await load({ ...files, ...changed })).processes[0]?.contentHash;
    const before = await hash({});
    expect(await hash({ 'other.form': `${form('g')} ` })).toBe(before);
    expect(await hash({ 'a.form': `${form('f')} ` })).not.toBe(before);
  });
});
