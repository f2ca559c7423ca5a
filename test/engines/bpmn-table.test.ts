import { readFile as readText } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { readFile } from '../../src/engines/embedded/reading/read-file.ts';
import * as b from './diagram-builder.ts';
import { type Features, featuresOf, has } from './element-features.ts';
import { readScenarios } from './scenarios/read-scenarios.ts';

/** start → x → end, with this x. */
const around = (x: string) => b.process([b.start(), x, b.end(), b.flow('start -> x -> end')]);
const bare = (type: string, content = '', extensions = '') => around(b.element(type, 'x', { extensions }, content));
const startedBy = (definition: string) => b.process([b.startOn('x', definition), b.end(), b.flow('x -> end')]);
const endedBy = (definition: string) =>
  b.process([b.start(), b.element('endEvent', 'x', {}, definition), b.flow('start -> x')]);
const onBorder = (definition: string, interrupting = true) =>
  b.process([
    b.start(),
    b.userTask('task'),
    b.boundary('x', 'task', definition, { interrupting }),
    b.end(),
    b.flow('start -> task'),
    b.flow('x -> end'),
  ]);
const inEventSubProcess = (definition: string, interrupting = true) =>
  b.process([
    b.start(),
    b.eventSub('sub', [b.eventStart('x', definition, { interrupting }), b.userTask('ask'), b.flow('x -> ask')]),
  ]);
const both = (definition: string, draw: (definition: string, interrupting: boolean) => string) => [
  draw(definition, true),
  draw(definition, false),
];
const race = (...events: string[]) =>
  b.process([
    b.start(),
    b.eventGateway('x'),
    ...events.map((definition, index) => b.catchEvent(`e${index}`, definition)),
    b.flow('start -> x'),
    ...events.map((_, index) => b.flow(`x -> e${index}`)),
  ]);
const fork = (type: string) =>
  b.process([
    b.start(),
    b.element(type, 'x'),
    b.end('a'),
    b.end('c'),
    b.flow('start -> x'),
    b.flow('x -> a', type === 'parallelGateway' ? undefined : '=true'),
    b.flow('x -> c', type === 'parallelGateway' ? undefined : '=false'),
  ]);
const undoing = (last: string) =>
  b.process([
    b.start(),
    b.job('book'),
    b.boundaryCompensation('undo', 'book', 'cancel'),
    b.handler('cancel'),
    last,
    b.flow('start -> book -> x'),
  ]);

const timer = b.timerDefinition({ duration: 'PT1H' });
const message = b.messageDefinition('paid', '=order');
const signal = b.signalDefinition('alarm');
const conditional =
  '<bpmn:conditionalEventDefinition><bpmn:condition>=true</bpmn:condition></bpmn:conditionalEventDefinition>';
const cancel = '<bpmn:cancelEventDefinition/>';
const compensate = '<bpmn:compensateEventDefinition/>';
const taskDefinition = '<zeebe:taskDefinition type="work"/>';
const notErrors = [b.escalationDefinition('E'), message, signal, timer];
const each = (options: b.LoopOptions) => around(b.userTask('x', { loop: { inputCollection: '=items', ...options } }));
const jobEvent = (type: string) => (definition: string) =>
  b.process([b.start(), b.element(type, 'x', { extensions: taskDefinition }, definition), b.flow('start -> x')]);

/** A diagram (or several) with the element of each row. */
const samples: Record<string, string | string[]> = {
  'User task': around(b.userTask('x')),
  'Service task': around(b.job('x')),
  'Send task': bare('sendTask', '', taskDefinition),
  'Business rule task with a job type': bare('businessRuleTask', '', taskDefinition),
  'Business rule task with a decision (DMN)': around(b.decide('x', 'd', 'r')),
  'Script task with a FEEL expression': around(b.script('x', '=1', 'a')),
  'Script task with a job type': bare('scriptTask', '', taskDefinition),
  'Receive task': around(b.receive('x', 'paid', '=order')),
  'Manual task': bare('manualTask'),
  'Undefined task': bare('task'),
  'Embedded sub-process': around(b.sub('x', [b.start('s2')])),
  'Event sub-process': [
    inEventSubProcess(b.errorDefinition('E')),
    inEventSubProcess(b.errorDefinition()),
    ...notErrors.flatMap((definition) => both(definition, inEventSubProcess)),
  ],
  'Compensation event sub-process': inEventSubProcess(compensate),
  'Call activity': ['latest', 'deployment', 'versionTag'].map((bindingType) =>
    around(b.call('x', 'p', { called: { bindingType, versionTag: 'v1' } })),
  ),
  'Ad-hoc sub-process': bare('adHocSubProcess'),
  Transaction: bare('transaction', b.start('s2')),
  'Multi-instance, parallel': each({}),
  'Multi-instance, sequential': each({ sequential: true }),
  'Multi-instance by loop cardinality': bare(
    'userTask',
    '<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>3</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>',
  ),
  'Standard loop': bare('userTask', '<bpmn:standardLoopCharacteristics/>'),
  'Compensation handler': undoing(b.end('x')),
  'Exclusive gateway': fork('exclusiveGateway'),
  'Parallel gateway': fork('parallelGateway'),
  'Inclusive gateway': fork('inclusiveGateway'),
  'Event-based gateway': race(timer, message, signal),
  'Complex gateway': bare('complexGateway'),
  'None start event': b.process([b.start('x')]),
  'Message start event': startedBy(b.messageDefinition('paid')),
  'Signal start event': startedBy(signal),
  'Timer start event': [{ date: '2030-01-01T00:00:00Z' }, { cycle: 'R/PT1H' }, { cycle: '0 0 9 * * *' }].map(
    (options) => startedBy(b.timerDefinition(options)),
  ),
  'Conditional start event': startedBy(conditional),
  'Message catch event': around(b.catchEvent('x', message)),
  'Signal catch event': around(b.catchEvent('x', signal)),
  'Timer catch event': [timer, b.timerDefinition({ date: '2030-01-01T00:00:00Z' })].map((definition) =>
    around(b.catchEvent('x', definition)),
  ),
  'Link catch event': b.process([b.start(), b.linkThrow('t', 'L'), b.linkCatch('x', 'L'), b.flow('start -> t')]),
  'Conditional catch event': bare('intermediateCatchEvent', conditional),
  'Error boundary event': [onBorder(b.errorDefinition('E')), onBorder(b.errorDefinition())],
  'Escalation boundary event': [
    ...both(b.escalationDefinition('E'), onBorder),
    ...both(b.escalationDefinition(), onBorder),
  ],
  'Message boundary event': both(message, onBorder),
  'Signal boundary event': both(signal, onBorder),
  'Timer boundary event': [...both(timer, onBorder), onBorder(b.timerDefinition({ cycle: 'R2/PT1H' }), false)],
  'Compensation boundary event': undoing(b.end('x')),
  'Conditional boundary event': onBorder(conditional),
  'Cancel boundary event': onBorder(cancel),
  'None throw event': bare('intermediateThrowEvent'),
  'Message throw event': jobEvent('intermediateThrowEvent')(message),
  'Signal throw event': around(b.throwEvent('x', signal)),
  'Escalation throw event': around(b.escalationThrow('x', 'E')),
  'Compensation throw event': [undoing(b.compensationThrow('x')), undoing(b.compensationThrow('x', 'book'))],
  'Link throw event': b.process([b.start(), b.linkThrow('x', 'L'), b.linkCatch('c', 'L'), b.flow('start -> x')]),
  'None end event': b.process([b.start(), b.end('x'), b.flow('start -> x')]),
  'Error end event': endedBy(b.errorDefinition('E')),
  'Escalation end event': endedBy(b.escalationDefinition('E')),
  'Message end event': jobEvent('endEvent')(message),
  'Signal end event': endedBy(signal),
  'Compensation end event': undoing(b.compensationEnd('x')),
  'Terminate end event': endedBy('<bpmn:terminateEventDefinition/>'),
  'Cancel end event': endedBy(cancel),
  'Input and output mappings': around(b.job('x', { inputs: { a: '=1' }, outputs: { c: '=a' } })),
  'Execution listeners': around(b.job('x', { extensions: b.executionListeners({ event: 'start', type: 'work' }) })),
  'User task listeners': around(b.userTask('x', { extensions: b.taskListeners({ event: 'creating', type: 'work' }) })),
  'Listeners of a task’s cancellation': around(
    b.userTask('x', { extensions: b.taskListeners({ event: 'canceling', type: 'work' }) }),
  ),
  'Linked resources': bare('serviceTask', '', `${taskDefinition}<zeebe:linkedResources/>`),
  'Embedded forms': b.process(
    [b.start(), b.userTask('x', { extensions: '<zeebe:formDefinition formKey="camunda-forms:bpmn:f"/>' })],
    { extensions: '<zeebe:userTaskForm id="f">{}</zeebe:userTaskForm>' },
  ),
  'Custom forms and external references': [
    bare('userTask', '', '<zeebe:formDefinition formKey="mine"/>'),
    bare('userTask', '', '<zeebe:formDefinition externalReference="mine"/>'),
  ],
};

const document = await readText(new URL('../../docs/bpmn.md', import.meta.url), 'utf8');
/** The table of elements is before the first section. */
const [table = ''] = document.split(/^## /m);
const rows = [...table.matchAll(/^\| (?!\*\*|element|---)(.+?) \| (.+?) \|.*\|$/gm)].map(
  ([, name = '', since = '']): [name: string, runs: boolean] => [name, since !== '–'],
);

describe('the table of elements in docs/bpmn.md', () => {
  it('has a row for each sample, and a sample for each row', () => {
    expect(rows.map(([name]) => name)).toEqual(Object.keys(samples));
  });

  it.each(rows)('is right: %s runs: %s', async (name, runs) => {
    for (const xml of [samples[name] ?? []].flat()) {
      const { problems } = await readFile(xml);
      if (runs) expect(problems).toEqual([]);
      else expect(problems.length).toBeGreaterThan(0);
    }
  });

  /** Ids of elements that are not called `x`. */
  const ids: Record<string, string> = { 'Compensation handler': 'cancel', 'Compensation boundary event': 'undo' };
  const wanted = async (name: string): Promise<Features[]> => {
    const samplesOfRow = [samples[name] ?? []].flat();
    const found = await Promise.all(samplesOfRow.map(async (xml) => (await featuresOf(xml)).get(ids[name] ?? 'x')));
    return found.map((features) => features ?? new Set(['nothing']));
  };

  it('has scenarios of each row that runs, in each of its variants', async () => {
    const diagrams = (await readScenarios()).flatMap(({ files, deployments }) =>
      [files, ...Object.values(deployments)]
        .flatMap(Object.entries)
        .flatMap(([path, xml]) => (path.endsWith('.bpmn') ? [xml] : [])),
    );
    const known = (await Promise.all([...new Set(diagrams)].map(featuresOf))).flatMap((one) => [...one.values()]);
    const missing: string[] = [];
    for (const [name, runs] of rows) {
      if (!runs) continue;
      for (const features of await wanted(name)) {
        if (!known.some((one) => has(one, features))) missing.push(`${name}: ${[...features].join(' ')}`);
      }
    }
    expect(missing).toEqual([]);
  });
});
