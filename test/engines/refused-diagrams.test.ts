import { rm } from 'node:fs/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { type LoadProblem, loadProcesses } from '../../src/engines/embedded/reading/load-processes.ts';
import * as b from './diagram-builder.ts';
import { writeFolder } from './embedded-world.ts';

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

async function load(files: Record<string, string>) {
  const folder = await writeFolder(files);
  folders.push(folder);
  return loadProcesses(folder, { jobTypes: ['work', 'io.camunda:http-json:1'] });
}

const good = b.process([b.start(), b.userTask('ask'), b.flow('start -> ask')], { id: 'good' });

/** start → x → end, with this x. */
const around = (x: string, further: string[] = []) =>
  b.process([b.start(), x, b.end(), b.flow('start -> x -> end'), ...further]);
const extended = (type: string, extensions: string) => around(b.element(type, 'x', { name: 'Mine', extensions }));
const event = (type: string, definition: string, further = '') =>
  b.element(type, 'x', { name: 'Mine' }, `<bpmn:${definition}EventDefinition/>`, further);
const startWith = (definition: string) => b.process([event('startEvent', definition), b.end(), b.flow('x -> end')]);
const endWith = (definition: string) => b.process([b.start(), event('endEvent', definition), b.flow('start -> x')]);
const boundary = (definition: string, further = '') =>
  b.process([
    b.start(),
    b.userTask('task'),
    event('boundaryEvent', definition, ` attachedToRef="task"${further}`),
    b.end(),
    b.flow('start -> task'),
    b.flow('x -> end'),
  ]);
const mine = { elementId: 'x', elementName: 'Mine' };
const taskDefinition = '<zeebe:taskDefinition type="work"/>';

type Refused = [what: string, xml: string, where: Partial<LoadProblem> | undefined, reason: RegExp];

describe('a diagram is refused, with element and reason, for', () => {
  const refused: Refused[] = [
    // Elements
    ['receive task', around(b.element('receiveTask', 'x', { name: 'Mine' })), mine, /^it has no message with a name/],
    [
      'script that is no expression',
      around(b.script('x', 'a + 1', 'a', { name: 'Mine' })),
      mine,
      /^the script “a \+ 1” is not an expression/,
    ],
    [
      'script without a result',
      around(b.script('x', '=1', '', { name: 'Mine' })),
      mine,
      /^the script's result variable/,
    ],
    [
      'script task of neither kind',
      around(b.element('scriptTask', 'x', { name: 'Mine' })),
      mine,
      /^the script task has/,
    ],
    [
      'business rule task whose decision is missing',
      around(b.decide('x', 'gone', 'a', { name: 'Mine' })),
      mine,
      /^no \.dmn file has the decision gone/,
    ],
    [
      'business rule task whose decision an expression names',
      around(b.decide('x', '=kind', 'a', { name: 'Mine' })),
      mine,
      /^a decision that an expression names is not supported/,
    ],
    [
      'business rule task whose result has no name',
      around(b.decide('x', 'gone', 'a-b', { name: 'Mine' })),
      mine,
      /^the decision's result variable “a-b” is not a variable's name/,
    ],
    [
      'call activity that calls nothing',
      around(b.element('callActivity', 'x', { name: 'Mine' })),
      mine,
      /^the call activity names no process/,
    ],
    [
      'call activity bound by no version tag',
      around(b.call('x', 'p', { name: 'Mine', called: { bindingType: 'versionTag' } })),
      mine,
      /^the process is bound by a version tag, but there is none/,
    ],
    ['complex gateway', around(b.element('complexGateway', 'x', { name: 'Mine' })), mine, /^complex gateway/],
    [
      'event-based gateway with one flow',
      b.process([b.start(), b.eventGateway('x'), b.timer('t', { duration: 'PT1H' }), b.flow('start -> x -> t')]),
      { elementId: 'x' },
      /^an event-based gateway needs at least two flows/,
    ],
    [
      'event-based gateway that leads to a task',
      b.process([
        b.start(),
        b.eventGateway('x'),
        b.timer('t', { duration: 'PT1H' }),
        b.userTask('y'),
        b.flow('start -> x -> t'),
        b.flow('x -> y'),
      ]),
      { elementId: 'x' },
      /leads to what is no event to wait for: User task \(y\)/,
    ],
    [
      'event-based gateway whose event another flow leads to',
      b.process([
        b.start(),
        b.eventGateway('x'),
        b.timer('t', { duration: 'PT1H' }),
        b.timer('u', { duration: 'PT2H' }),
        b.flow('start -> x -> t'),
        b.flow('x -> u -> t'),
      ]),
      { elementId: 'x' },
      /another flow leads to an event that it waits for/,
    ],
    ['transaction', around(b.element('transaction', 'x', { name: 'Mine' })), mine, /^transaction/],
    [
      'ad-hoc sub-process',
      around(b.element('adHocSubProcess', 'x', { name: 'Mine' })),
      mine,
      /^ad-hoc sub-process is not supported$/,
    ],
    [
      'event sub-process that nothing starts',
      b.process([b.start(), b.eventSub('sub', [b.start('x', { name: 'Mine' })])]),
      mine,
      /^none start event is not supported/,
    ],
    [
      'event sub-process that compensates',
      b.process([b.start(), b.eventSub('sub', [event('startEvent', 'compensate')])]),
      mine,
      /^compensate start event is not supported/,
    ],
    [
      'event sub-process with a flow',
      b.process([b.start(), b.eventSub('x', [b.eventStart('s2', b.errorDefinition())]), b.flow('start -> x')]),
      { elementId: 'x' },
      /leads to or from the event sub-process/,
    ],
    [
      'event sub-process for errors that does not interrupt',
      b.process([b.start(), b.eventSub('e', [b.eventStart('x', b.errorDefinition(), { interrupting: false })])]),
      { elementId: 'x' },
      /always interrupting/,
    ],
    [
      'two event sub-processes for one error',
      b.process([
        b.start(),
        b.eventSub('e1', [b.eventStart('s1', b.errorDefinition('E'))]),
        b.eventSub('x', [b.eventStart('s2', b.errorDefinition('E'))], { name: 'Mine' }),
      ]),
      mine,
      /two event sub-processes for the same error/,
    ],
    [
      'multi-instance without a list',
      around(b.element('userTask', 'x', { name: 'Mine' }, '<bpmn:multiInstanceLoopCharacteristics/>')),
      mine,
      /^the multi-instance activity has no input collection/,
    ],
    [
      'multi-instance by a number',
      around(
        b.element(
          'userTask',
          'x',
          { name: 'Mine' },
          '<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>3</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>',
        ),
      ),
      mine,
      /loopCardinality\) is not supported/,
    ],
    ...(
      [
        [{ inputCollection: 'items' }, /^the input collection “items” is not an expression/],
        [{ inputElement: 'an item' }, /^the input element “an item” is not a variable's name/],
        [{ outputCollection: 'results' }, /^an output collection needs an output element/],
        [{ outputCollection: 'the results', outputElement: '=a' }, /^the output collection “the results” is not/],
        [{ outputCollection: 'results', outputElement: 'a' }, /^the output element “a” is not an expression/],
        [{ completionCondition: 'enough' }, /^the completion condition “enough” is not an expression/],
      ] satisfies [b.LoopOptions, RegExp][]
    ).map(
      ([loop, reason]): Refused => [
        `multi-instance with ${JSON.stringify(loop)}`,
        around(b.userTask('x', { name: 'Mine', loop: { inputCollection: '=items', ...loop } })),
        mine,
        reason,
      ],
    ),
    [
      'loop',
      around(b.element('userTask', 'x', { name: 'Mine' }, '<bpmn:standardLoopCharacteristics/>')),
      mine,
      /^standard loop characteristics/,
    ],
    [
      'compensation handler of nothing',
      b.process([b.start(), b.handler('x', { name: 'Mine' })]),
      mine,
      /^it is for compensation, but no compensation boundary event/,
    ],
    [
      'compensation handler with a flow',
      b.process([
        b.start(),
        b.userTask('y'),
        b.boundaryCompensation('c', 'y', 'x'),
        b.handler('x', { name: 'Mine' }),
        b.flow('start -> y -> x'),
      ]),
      mine,
      /^a flow leads to or from it, which none may in compensation/,
    ],
    [
      'compensation of what is elsewhere',
      b.process([
        b.start(),
        b.sub('sub', [b.start('s2'), b.userTask('y'), b.flow('s2 -> y')]),
        b.compensationThrow('x', 'y'),
        b.flow('start -> sub -> x'),
      ]),
      { elementId: 'x' },
      /^the activity that it compensates, y, is not in its scope/,
    ],
    [
      'compensation that nobody waits for',
      b.process([
        b.start(),
        b.element('endEvent', 'x', { name: 'Mine' }, '<bpmn:compensateEventDefinition waitForCompletion="false"/>'),
        b.flow('start -> x'),
      ]),
      mine,
      /does not wait for its handlers/,
    ],
    ['compensation boundary event without a handler', boundary('compensate'), mine, /^a flow leads/],
    // Events
    ...['conditional', 'escalation'].map(
      (kind): Refused => [`${kind} start event`, startWith(kind), mine, new RegExp(`^${kind} start event`)],
    ),
    ...['cancel'].map((kind): Refused => [`${kind} end event`, endWith(kind), mine, new RegExp(`^${kind} end event`)]),
    ...['conditional'].map(
      (kind): Refused => [
        `${kind} catch event`,
        around(event('intermediateCatchEvent', kind)),
        mine,
        new RegExp(`^${kind} intermediate catch event`),
      ],
    ),
    ...['cancel'].map(
      (kind): Refused => [
        `${kind} throw event`,
        around(event('intermediateThrowEvent', kind)),
        mine,
        new RegExp(`^${kind} intermediate throw event`),
      ],
    ),
    ['message catch event without a message', around(event('intermediateCatchEvent', 'message')), mine, /no message/],
    ['signal throw event without a signal', around(event('intermediateThrowEvent', 'signal')), mine, /no signal/],
    ['message end event without a job type', endWith('message'), mine, /no job type/],
    [
      'message without a correlation key',
      around(b.catchEvent('x', b.messageDefinition('paid'), { name: 'Mine' })),
      mine,
      /no correlation key/,
    ],
    [
      'start event with a message name of variables',
      b.process([b.startOn('x', b.messageDefinition('=name'), { name: 'Mine' })]),
      mine,
      /=name should be a text/,
    ],
    [
      'two start events for one message',
      b.process([b.startOn('a', b.messageDefinition('paid')), b.startOn('c', b.messageDefinition('paid'))], {
        id: 'x',
      }),
      { elementId: 'x' },
      /two start events wait for the message paid/,
    ],
    [
      'two start events without a trigger',
      b.process([b.start('a'), b.start('c')], { id: 'x' }),
      { elementId: 'x' },
      /2 start events without a trigger/,
    ],
    [
      'timer start event with a duration',
      b.process([b.startOn('x', b.timerDefinition({ duration: 'PT1H' }), { name: 'Mine' })]),
      mine,
      /a date or a cycle, not a duration/,
    ],
    [
      'cron with five fields',
      b.process([b.startOn('x', b.timerDefinition({ cycle: '0 9 * * *' }), { name: 'Mine' })]),
      mine,
      /six fields/,
    ],
    [
      'timer cycle that interrupts',
      b.process([b.start(), b.userTask('t'), b.boundaryTimer('x', 't', { name: 'Mine', cycle: 'R/PT1H' })]),
      mine,
      /fires once at most/,
    ],
    ...['conditional'].map(
      (kind): Refused => [`${kind} boundary event`, boundary(kind), mine, new RegExp(`^${kind} boundary event`)],
    ),
    [
      'catch event that waits for nothing',
      around(b.element('intermediateCatchEvent', 'x', { name: 'Mine' })),
      mine,
      /intermediate catch event/,
    ],
    [
      'error boundary event that does not interrupt',
      boundary('error', ' cancelActivity="false"'),
      mine,
      /always interrupting/,
    ],
    [
      'timer cycle',
      around(
        b.element(
          'intermediateCatchEvent',
          'x',
          { name: 'Mine' },
          '<bpmn:timerEventDefinition><bpmn:timeCycle>R/PT1H</bpmn:timeCycle></bpmn:timerEventDefinition>',
        ),
      ),
      mine,
      /fires once at most/,
    ],
    [
      'broken due date',
      extended('userTask', '<zeebe:userTask/><zeebe:taskSchedule dueDate="=now("/>'),
      mine,
      /^due date =now\(/,
    ],
    [
      'due date that is none',
      extended('userTask', '<zeebe:userTask/><zeebe:taskSchedule dueDate="tomorrow"/>'),
      mine,
      /^due date should be an ISO 8601 date and time with offset, but is “tomorrow”$/,
    ],
    [
      'FEEL fault in a follow-up date',
      extended('userTask', '<zeebe:userTask/><zeebe:taskSchedule followUpDate="=soon("/>'),
      mine,
      /^follow-up date .*is not complete at character 6/,
    ],
    [
      'broken priority',
      extended('userTask', '<zeebe:userTask/><zeebe:priorityDefinition priority="high"/>'),
      mine,
      /^priority should be/,
    ],
    ...['storeResponse', 'skipEncoding', 'groupSetCookieHeaders'].map(
      (name): Refused => [
        `${name} of the REST connector`,
        around(b.job('x', { name: 'Mine', type: 'io.camunda:http-json:1', inputs: { [name]: '=true' } })),
        mine,
        new RegExp(`^the input ${name} is not usable: .*not supported`),
      ],
    ),
    [
      'timeout of the REST connector that nobody waits for',
      around(b.job('x', { name: 'Mine', type: 'io.camunda:http-json:1', inputs: { readTimeoutInSeconds: '86400' } })),
      mine,
      /^the input readTimeoutInSeconds is not usable/,
    ],
    [
      'timer without a time',
      around(event('intermediateCatchEvent', 'timer')),
      mine,
      /neither duration, date nor cycle/,
    ],
    [
      'timer of no duration',
      around(b.timer('x', { name: 'Mine', duration: 'soon' })),
      mine,
      /soon should be an ISO 8601 duration/,
    ],
    ['timer of no date', around(b.timer('x', { name: 'Mine', date: '2026-01-01' })), mine, /ISO 8601 date/],
    ['escalation end event without a code', endWith('escalation'), mine, /no escalation with a code/],
    [
      'link throw event without a catch event',
      b.process([b.start(), b.linkThrow('x', 'A'), b.flow('start -> x')]),
      { elementId: 'x' },
      /^no link catch event has the name “A”/,
    ],
    [
      'link throw event whose catch event is in another scope',
      b.process([
        b.start(),
        b.linkThrow('x', 'A'),
        b.flow('start -> x'),
        b.sub('sub', [b.start('s2'), b.linkThrow('t2', 'A'), b.linkCatch('c2', 'A'), b.flow('s2 -> t2')]),
      ]),
      { elementId: 'x' },
      /^no link catch event has the name “A”/,
    ],
    [
      'link catch event without a throw event',
      b.process([b.start(), b.linkCatch('x', 'A')]),
      { elementId: 'x' },
      /^no link throw event has the name “A”/,
    ],
    [
      'two link catch events of one name',
      b.process([b.start(), b.linkThrow('t', 'A'), b.linkCatch('x', 'A'), b.linkCatch('y', 'A'), b.flow('start -> t')]),
      { elementId: 'x' },
      /^two link catch events have the name “A”/,
    ],
    ['error end event without a code', endWith('error'), mine, /no error with a code/],
    [
      'two events for one error',
      b.process([
        b.start(),
        b.job('j'),
        b.boundaryError('x', 'j', 'E', { name: 'Mine' }),
        b.boundaryError('y', 'j', 'E'),
        b.end('e1'),
        b.end('e2'),
        b.flow('start -> j'),
        b.flow('x -> e1'),
        b.flow('y -> e2'),
      ]),
      { elementId: 'y' },
      /same error/,
    ],
    // Extensions
    [
      'a start listener of a start event',
      b.process([b.start('x', { name: 'Mine', extensions: b.executionListeners({ event: 'start', type: 'work' }) })]),
      mine,
      /^start listeners are not supported on start events$/,
    ],
    [
      'an end listener of a gateway',
      extended('exclusiveGateway', b.executionListeners({ event: 'end', type: 'work' })),
      mine,
      /^end listeners are not supported on exclusive gateways$/,
    ],
    [
      'two listeners of one event and type',
      extended('task', b.executionListeners({ event: 'end', type: 'work' }, { event: 'end', type: 'work' })),
      mine,
      /^it has two end listeners work$/,
    ],
    [
      'a listener without a job type',
      extended('task', b.executionListeners({ event: 'end', type: '' })),
      mine,
      /^its end listener has no job type$/,
    ],
    [
      'a listener that nobody does',
      extended('task', b.executionListeners({ event: 'end', type: 'nobody' })),
      mine,
      /^nothing here does jobs of its listener’s type nobody$/,
    ],
    [
      'a listener of a list as a whole',
      extended('task', b.executionListeners({ event: 'beforeAll', type: 'work' })),
      mine,
      /^an execution listener of the event beforeAll is not supported$/,
    ],
    [
      'a listener of an event that there is not',
      extended('userTask', `<zeebe:userTask/>${b.taskListeners({ event: 'failing', type: 'work' })}`),
      mine,
      /^a task listener of the event failing is not supported$/,
    ],
    [
      'linked resource',
      extended('serviceTask', `${taskDefinition}<zeebe:linkedResources/>`),
      mine,
      /^zeebe:linkedResources/,
    ],
    ['custom form', extended('userTask', '<zeebe:formDefinition formKey="my-form"/>'), mine, /my-form is custom/],
    [
      'embedded form that the file does not have',
      extended('userTask', '<zeebe:formDefinition formKey="camunda-forms:bpmn:mine"/>'),
      mine,
      /^the file has no form camunda-forms:bpmn:mine/,
    ],
    [
      'embedded form that is no JSON',
      b.process(
        [b.start(), b.userTask('x', { extensions: '<zeebe:formDefinition formKey="camunda-forms:bpmn:f"/>' })],
        {
          extensions: '<zeebe:userTaskForm id="f">{ "components": </zeebe:userTaskForm>',
        },
      ),
      { elementId: 'f' },
      /^not JSON: line 1/,
    ],
    [
      'external form',
      extended('userTask', '<zeebe:formDefinition externalReference="my-form"/>'),
      mine,
      /my-form is external/,
    ],
    [
      'form that is missing',
      around(b.userTask('x', { name: 'Mine', form: 'gone' })),
      mine,
      /^no \.form file has the form gone/,
    ],
    [
      'start form that is missing',
      b.process([b.start('x', { form: 'gone' }), b.end(), b.flow('x -> end')]),
      { elementId: 'x' },
      /gone/,
    ],
    ['job without a type', around(b.element('serviceTask', 'x', { name: 'Mine' })), mine, /no job type/],
    [
      'job type without a handler',
      around(b.job('x', { name: 'Mine', type: 'fax' })),
      mine,
      /nothing here does jobs of the type fax/,
    ],
    [
      'FEEL fault in a job type',
      around(b.job('x', { name: 'Mine', type: '=kind +' })),
      mine,
      /^job type =kind \+: is not complete/,
    ],
    ['an output without a value', around(b.job('x', { name: 'Mine', outputs: { a: '' } })), mine, /“a” has no value/],
    [
      'an error that is not declared',
      endWith('error').replace('<bpmn:errorEventDefinition', '<bpmn:errorEventDefinition errorRef="gone"'),
      undefined,
      /gone/,
    ],
    [
      'an attribute that BPMN does not know',
      around('<bpmn:task id="x" name="Mine" speed="1"/>'),
      mine,
      /unknown attribute <speed>/,
    ],
    ['text where there is none', around('<bpmn:task id="x">now</bpmn:task>'), undefined, /unparsable content/],
    ['retries that are none', around(b.job('x', { name: 'Mine', retries: 'many' })), mine, /retries/],
    [
      'mapping to no variable',
      around(b.job('x', { name: 'Mine', outputs: { 'a-b': '=1' } })),
      mine,
      /“a-b”, which is not a variable/,
    ],
    // Expressions
    [
      'FEEL fault in a mapping',
      around(b.job('x', { name: 'Mine', inputs: { a: '=1 +' } })),
      mine,
      /input “a”: =1 \+: is not complete at character 4/,
    ],
    [
      'FEEL fault in a connector’s expression',
      around(b.job('x', { name: 'Mine', headers: { resultExpression: '={id: response.body' } })),
      mine,
      /resultExpression/,
    ],
    ['FEEL fault in an assignee', around(b.userTask('x', { name: 'Mine', assignee: '=(' })), mine, /assignee =\(/],
    [
      'condition that is no expression',
      b.process([
        b.start(),
        b.xor('x', 'x-b'),
        b.end('a'),
        b.end('b'),
        b.flow('start -> x'),
        b.flow('x -> a', 'yes'),
        b.flow('x -> b'),
      ]),
      { elementId: 'x-a' },
      /“yes” is not an expression/,
    ],
    // Structure
    [
      'no start event',
      b.process([b.userTask('x'), b.end(), b.flow('x -> end')]),
      { elementId: 'process' },
      /no start event/,
    ],
    [
      'two start events',
      b.process([b.start(), b.start('s2'), b.end(), b.flow('start -> end'), b.flow('s2 -> end')]),
      { elementId: 'process' },
      /2 start events/,
    ],
    [
      'sub-process without a start event',
      around(b.sub('x', [b.userTask('y')], { name: 'Mine' })),
      mine,
      /sub process has no start event/,
    ],
    [
      'exclusive flow without a condition',
      b.process([
        b.start(),
        b.xor('x'),
        b.end('a'),
        b.end('b'),
        b.flow('start -> x'),
        b.flow('x -> a', '=true'),
        b.flow('x -> b'),
      ]),
      { elementId: 'x' },
      /flow x-b has no condition/,
    ],
    [
      'condition elsewhere',
      b.process([b.start(), b.userTask('x'), b.end('a'), b.flow('start -> x'), b.flow('x -> a', '=true')]),
      { elementId: 'x' },
      /exclusive and inclusive gateways only/,
    ],
    [
      'flow to a start event',
      b.process([b.start('x'), b.userTask('y'), b.flow('x -> y -> x')]),
      { elementId: 'x' },
      /flow leads to it/,
    ],
    [
      'flow from an end event',
      b.process([b.start(), b.end('x'), b.userTask('y'), b.flow('start -> x -> y')]),
      { elementId: 'x' },
      /flow leads away/,
    ],
    ['flow to nothing', b.process([b.start(), b.flow('start -> gone')]), undefined, /gone/],
    [
      'flow into a sub-process',
      around(b.sub('x', [b.start('s2'), b.userTask('y'), b.flow('s2 -> y')]), [b.flow('start -> y')]),
      { elementId: 'start-y' },
      /border of a sub-process/,
    ],
    [
      'boundary event on nothing',
      b.process([b.start(), event('boundaryEvent', 'error'), b.end(), b.flow('start -> end')]),
      mine,
      /attached to nothing/,
    ],
    // Files
    [
      'not executable',
      b.process([b.start(), b.end(), b.flow('start -> end')], { isExecutable: false }),
      { elementId: 'process' },
      /not executable/,
    ],
    ['no process', b.file(''), undefined, /no process/],
    [
      'app without a workspace',
      b.process([b.start()], { properties: { app: 'Leads' } }),
      { elementId: 'process' },
      /no workspace/,
    ],
    ['XML that does not close', good.replace('</bpmn:process>', ''), { line: 9 }, /./],
    ['an element that BPMN does not know', around('<bpmn:coffeeBreak id="x"/>'), undefined, /coffeeBreak/],
    ['no XML', 'hello', undefined, /./],
  ];

  it.each(refused)('%s', async (_, xml, where, reason) => {
    const { processes, problems } = await load({ 'bad/x.bpmn': xml, 'good.bpmn': good });
    expect(processes.map(({ model }) => model.id)).toEqual(['good']);
    expect(problems[0]).toMatchObject({ file: 'bad/x.bpmn', ...where });
    expect(problems.map((problem) => problem.reason).join('\n')).toMatch(reason);
    if (where?.elementId) expect(problems[0]?.line).toBeGreaterThan(4);
  });
});
