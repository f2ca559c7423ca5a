/** Builds small Camunda 8 diagrams, so that a scenario in a test is as short as its picture. */

interface Mappings {
  /** Target → source. */
  inputs?: Record<string, string>;
  outputs?: Record<string, string>;
}

interface Common extends Mappings {
  name?: string;
  /** More extension elements, as XML. */
  extensions?: string;
  /** Makes an activity multi-instance. */
  loop?: LoopOptions;
}

export interface LoopOptions {
  inputCollection?: string;
  inputElement?: string;
  outputCollection?: string;
  outputElement?: string;
  completionCondition?: string;
  sequential?: boolean;
}

export interface UserTaskOptions extends Common {
  form?: string;
  assignee?: string;
  candidateUsers?: string;
  candidateGroups?: string;
}

export interface JobOptions extends Common {
  type?: string;
  retries?: string;
  headers?: Record<string, string>;
}

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

function attributes(values: Record<string, string | undefined>): string {
  return Object.entries(values)
    .map(([name, value]) => (value === undefined ? '' : ` ${name}="${escaped(value)}"`))
    .join('');
}

function extensions(content: string, { inputs = {}, outputs = {}, extensions: further = '' }: Common): string {
  const map = (kind: string, mappings: Record<string, string>) =>
    Object.entries(mappings)
      .map(([target, source]) => `<zeebe:${kind}${attributes({ source, target })}/>`)
      .join('');
  const mappings = map('input', inputs) + map('output', outputs);
  const all = content + (mappings && `<zeebe:ioMapping>${mappings}</zeebe:ioMapping>`) + further;
  return all && `<bpmn:extensionElements>${all}</bpmn:extensionElements>`;
}

export function element(type: string, id: string, options: Common = {}, content = '', further = ''): string {
  const inside = extensions('', options) + (options.loop ? loopCharacteristics(options.loop) : '') + content;
  return `<bpmn:${type}${attributes({ id, name: options.name })}${further}>${inside}</bpmn:${type}>`;
}

function loopCharacteristics({ sequential, completionCondition, ...collections }: LoopOptions): string {
  const isSequential = sequential ? 'true' : undefined;
  const own = extensions(`<zeebe:loopCharacteristics${attributes({ ...collections })}/>`, {});
  const condition = completionCondition
    ? `<bpmn:completionCondition xsi:type="bpmn:tFormalExpression">${escaped(completionCondition)}</bpmn:completionCondition>`
    : '';
  return `<bpmn:multiInstanceLoopCharacteristics${attributes({ isSequential })}>${own}${condition}</bpmn:multiInstanceLoopCharacteristics>`;
}

export function start(id = 'start', { form, ...options }: Common & { form?: string } = {}): string {
  const definition = form ? `<zeebe:formDefinition${attributes({ formId: form })}/>` : '';
  return element('startEvent', id, { ...options, extensions: definition + (options.extensions ?? '') });
}

export const end = (id = 'end', options: Common = {}) => element('endEvent', id, options);
export const terminate = (id = 'terminate', options: Common = {}) =>
  element('endEvent', id, options, '<bpmn:terminateEventDefinition/>');
export const errorEnd = (id: string, code: string) => element('endEvent', id, {}, errorDefinition(code));
export const task = (id: string) => element('task', id);
export const escalationEnd = (id: string, code: string) => element('endEvent', id, {}, escalationDefinition(code));
export const escalationThrow = (id: string, code: string) =>
  element('intermediateThrowEvent', id, {}, escalationDefinition(code));
export const linkThrow = (id: string, name: string, options: Common = {}) =>
  element('intermediateThrowEvent', id, options, linkDefinition(name));
export const linkCatch = (id: string, name: string) => element('intermediateCatchEvent', id, {}, linkDefinition(name));

export function script(id: string, expression: string, resultVariable: string, options: Common = {}): string {
  const own = `<zeebe:script${attributes({ expression, resultVariable })}/>`;
  return element('scriptTask', id, { ...options, extensions: own + (options.extensions ?? '') });
}

export const decide = (id: string, decisionId: string, resultVariable: string, options: Common = {}) =>
  element('businessRuleTask', id, {
    ...options,
    extensions: `<zeebe:calledDecision${attributes({ decisionId, resultVariable })}/>${options.extensions ?? ''}`,
  });

export function userTask(id: string, options: UserTaskOptions = {}): string {
  const { form, assignee, candidateUsers, candidateGroups } = options;
  const assignment = attributes({ assignee, candidateUsers, candidateGroups });
  const own =
    '<zeebe:userTask/>' +
    (form ? `<zeebe:formDefinition${attributes({ formId: form })}/>` : '') +
    (assignment && `<zeebe:assignmentDefinition${assignment}/>`);
  return element('userTask', id, { ...options, extensions: own + (options.extensions ?? '') });
}

export function job(id: string, options: JobOptions = {}): string {
  const { type = 'work', retries, headers = {} } = options;
  const values = Object.entries(headers).map(([key, value]) => `<zeebe:header${attributes({ key, value })}/>`);
  const own =
    `<zeebe:taskDefinition${attributes({ type, retries })}/>` +
    (values.length > 0 ? `<zeebe:taskHeaders>${values.join('')}</zeebe:taskHeaders>` : '');
  return element('serviceTask', id, { ...options, extensions: own + (options.extensions ?? '') });
}

export interface ListenerOptions {
  event: string;
  type: string;
  retries?: string;
}

export const executionListeners = (...listeners: ListenerOptions[]) => listenersOf('execution', listeners);
export const taskListeners = (...listeners: ListenerOptions[]) => listenersOf('task', listeners);

function listenersOf(kind: string, listeners: ListenerOptions[]): string {
  const each = listeners.map(
    ({ event, type, retries }) => `<zeebe:${kind}Listener${attributes({ eventType: event, type, retries })}/>`,
  );
  return `<zeebe:${kind}Listeners>${each.join('')}</zeebe:${kind}Listeners>`;
}

export const xor = (id: string, defaultFlow?: string) =>
  element('exclusiveGateway', id, {}, '', attributes({ default: defaultFlow }));
export const or = (id: string, defaultFlow?: string) =>
  element('inclusiveGateway', id, {}, '', attributes({ default: defaultFlow }));
export const and = (id: string) => element('parallelGateway', id);
export const eventGateway = (id: string) => element('eventBasedGateway', id);

export function sub(id: string, content: string[], options: Common = {}): string {
  return element('subProcess', id, options, inOrder(content));
}

/** Moves associations to the end of their scope, as BPMN's schema requires; a sub-process is its own scope. */
function inOrder(content: string[]): string {
  const associations: string[] = [];
  const rest = content.map((one) =>
    one.startsWith('<bpmn:subProcess')
      ? one
      : one.replaceAll(/<bpmn:association [^>]*>/g, (association) => {
          associations.push(association);
          return '';
        }),
  );
  return [...rest, ...associations].join('\n');
}

/** Gives every event definition an id, which Camunda 8 requires for some of them. */
function withIds(content: string, processId: string): string {
  let count = 0;
  return content.replaceAll(/<bpmn:\w+EventDefinition/g, (head) => {
    count += 1;
    return `${head} id="${processId}-definition-${count}"`;
  });
}

/** Adds to every element its incoming and outgoing flows, like Camunda Modeler. */
function withFlows(content: string): string {
  const flows = new Map<string, string>();
  for (const kind of ['incoming', 'outgoing']) {
    const end = kind === 'incoming' ? 'targetRef' : 'sourceRef';
    const ends = new RegExp(`<bpmn:sequenceFlow id="([^"]*)"[^>]* ${end}="([^"]*)"`, 'g');
    for (const [, flow = '', id = ''] of content.matchAll(ends)) {
      flows.set(id, `${flows.get(id) ?? ''}<bpmn:${kind}>${flow}</bpmn:${kind}>`);
    }
  }
  const heads = /<bpmn:\w+ id="([^"]*)"[^>]*>(<bpmn:extensionElements>.*?<\/bpmn:extensionElements>)?/gs;
  return content.replaceAll(heads, (head, id) => head + (flows.get(id) ?? ''));
}

/** Options of the start event of an event sub-process: its definition is one of those below. */
export interface EventStartOptions extends Common {
  interrupting?: boolean;
}

/** An event sub-process; its start event is the first of `content`. */
export function eventSub(id: string, content: string[], options: Common = {}): string {
  return element('subProcess', id, options, inOrder(content), attributes({ triggeredByEvent: 'true' }));
}

export function eventStart(id: string, definition: string, options: EventStartOptions = {}): string {
  const isInterrupting = options.interrupting === false ? 'false' : undefined;
  return element('startEvent', id, options, definition, attributes({ isInterrupting }));
}

export interface CallOptions extends Common {
  /** More attributes of `zeebe:calledElement`. */
  called?: Record<string, string>;
}

export function call(id: string, processId: string, options: CallOptions = {}): string {
  const own = `<zeebe:calledElement${attributes({ processId, ...options.called })}/>`;
  return element('callActivity', id, { ...options, extensions: own + (options.extensions ?? '') });
}

/** A compensation event on an activity, which `handler` undoes. */
export function boundaryCompensation(id: string, on: string, handler: string): string {
  const event = element(
    'boundaryEvent',
    id,
    {},
    '<bpmn:compensateEventDefinition/>',
    attributes({ attachedToRef: on }),
  );
  const refs = attributes({ id: `${id}-${handler}`, associationDirection: 'One', sourceRef: id, targetRef: handler });
  return `${event}<bpmn:association${refs}/>`;
}

/** A job that compensates an activity. */
export const handler = (id: string, options: Common = {}) =>
  job(id, options).replace(` id="${id}"`, ` id="${id}" isForCompensation="true"`);

const compensateDefinition = (activityRef?: string) =>
  `<bpmn:compensateEventDefinition${attributes({ activityRef })}/>`;
export const compensationThrow = (id: string, activity?: string) =>
  element('intermediateThrowEvent', id, {}, compensateDefinition(activity));
export const compensationEnd = (id: string, activity?: string) =>
  element('endEvent', id, {}, compensateDefinition(activity));

export interface TimerOptions extends Common {
  duration?: string;
  date?: string;
  cycle?: string;
}

export const timer = (id: string, options: TimerOptions) =>
  element('intermediateCatchEvent', id, options, timerDefinition(options));

export function boundaryTimer(id: string, on: string, options: TimerOptions & { interrupting?: boolean }): string {
  const further = attributes({
    attachedToRef: on,
    cancelActivity: options.interrupting === false ? 'false' : undefined,
  });
  return element('boundaryEvent', id, options, timerDefinition(options), further);
}

export function boundaryError(id: string, on: string, code?: string, options: Common = {}): string {
  return element('boundaryEvent', id, options, errorDefinition(code), attributes({ attachedToRef: on }));
}

export function boundaryEscalation(id: string, on: string, code?: string, options: EventStartOptions = {}): string {
  const cancelActivity = options.interrupting === false ? 'false' : undefined;
  const further = attributes({ attachedToRef: on, cancelActivity });
  return element('boundaryEvent', id, options, escalationDefinition(code), further);
}

export function timerDefinition({ duration, date, cycle }: TimerOptions): string {
  const [kind, text] = duration ? ['timeDuration', duration] : cycle ? ['timeCycle', cycle] : ['timeDate', date ?? ''];
  return `<bpmn:timerEventDefinition><bpmn:${kind}>${escaped(text)}</bpmn:${kind}></bpmn:timerEventDefinition>`;
}

const hex = (text: string) => Buffer.from(text).toString('hex');

/** `correlationKey`: absent for start events. */
export const messageDefinition = (name: string, correlationKey?: string) =>
  `<bpmn:messageEventDefinition${attributes({ messageRef: messageId(name, correlationKey) })}/>`;
const messageId = (name: string, correlationKey: string | undefined) =>
  `message-${hex(JSON.stringify([name, correlationKey]))}`;
export const signalDefinition = (name: string) =>
  `<bpmn:signalEventDefinition${attributes({ signalRef: `signal-${hex(name)}` })}/>`;

export const startOn = (id: string, definition: string, options: Common = {}) =>
  element('startEvent', id, options, definition);
export const catchEvent = (id: string, definition: string, options: Common = {}) =>
  element('intermediateCatchEvent', id, options, definition);
export const throwEvent = (id: string, definition: string, options: Common = {}) =>
  element('intermediateThrowEvent', id, options, definition);
export const endWith = (id: string, definition: string, options: Common = {}) =>
  element('endEvent', id, options, definition);
export const receive = (id: string, message: string, correlationKey: string, options: Common = {}) =>
  element('receiveTask', id, options, '', attributes({ messageRef: messageId(message, correlationKey) }));

export function boundary(id: string, on: string, definition: string, options: EventStartOptions = {}): string {
  const cancelActivity = options.interrupting === false ? 'false' : undefined;
  return element('boundaryEvent', id, options, definition, attributes({ attachedToRef: on, cancelActivity }));
}

const reference = (kind: string, code: string | undefined) => code && `${kind}-${Buffer.from(code).toString('hex')}`;
export const errorDefinition = (code?: string) =>
  `<bpmn:errorEventDefinition${attributes({ errorRef: reference('error', code) })}/>`;
export const escalationDefinition = (code?: string) =>
  `<bpmn:escalationEventDefinition${attributes({ escalationRef: reference('escalation', code) })}/>`;
const linkDefinition = (name: string) => `<bpmn:linkEventDefinition${attributes({ name })}/>`;

/** `flow('a -> b -> c')`; the flow from a to b has the id `a-b`. The condition applies to the last flow. */
export function flow(path: string, condition?: string): string {
  const ids = path.split('->').map((id) => id.trim());
  return ids
    .slice(1)
    .map((target, index) => {
      const source = ids[index] ?? '';
      const isLast = index === ids.length - 2;
      const content =
        condition !== undefined && isLast
          ? `<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">${escaped(condition)}</bpmn:conditionExpression>`
          : '';
      const id = `${source}-${target}`;
      return `<bpmn:sequenceFlow${attributes({ id, sourceRef: source, targetRef: target })}>${content}</bpmn:sequenceFlow>`;
    })
    .join('');
}

export interface ProcessOptions {
  id?: string;
  name?: string;
  properties?: Record<string, string>;
  isExecutable?: boolean;
  extensions?: string;
}

/** A file with one process. */
export function process(content: string[], options: ProcessOptions = {}): string {
  return file(processElement(content, options));
}

export function processElement(content: string[], options: ProcessOptions = {}): string {
  const { id = 'process', name, properties = {}, isExecutable = true } = options;
  const entries = Object.entries(properties).map(
    ([key, value]) => `<zeebe:property${attributes({ name: key, value })}/>`,
  );
  const own =
    (entries.length > 0 ? `<zeebe:properties>${entries.join('')}</zeebe:properties>` : '') + (options.extensions ?? '');
  return `<bpmn:process${attributes({ id, name, isExecutable: String(isExecutable) })}>${extensions(own, {})}${withIds(withFlows(inOrder(content)), id)}</bpmn:process>`;
}

/** A file with this content; declares the errors, messages … that it refers to. */
export function file(content: string): string {
  const declarations = ['error', 'escalation'].flatMap((kind) => {
    const codes = new Set([...content.matchAll(new RegExp(`"${kind}-([0-9a-f]+)"`, 'g'))].map(([, hex = '']) => hex));
    return [...codes].map((hex) => {
      const code = Buffer.from(hex, 'hex').toString();
      return `<bpmn:${kind}${attributes({ id: `${kind}-${hex}`, [`${kind}Code`]: code })}/>`;
    });
  });
  for (const id of new Set([...content.matchAll(/"(signal-[0-9a-f]+)"/g)].map(([, found = '']) => found))) {
    const name = Buffer.from(id.slice('signal-'.length), 'hex').toString();
    declarations.push(`<bpmn:signal${attributes({ id, name })}/>`);
  }
  for (const id of new Set([...content.matchAll(/"(message-[0-9a-f]+)"/g)].map(([, found = '']) => found))) {
    const [name, correlationKey] = JSON.parse(Buffer.from(id.slice('message-'.length), 'hex').toString());
    const subscription = correlationKey ? `<zeebe:subscription${attributes({ correlationKey })}/>` : '';
    declarations.push(
      `<bpmn:message${attributes({ id, name })}>${extensions('', { extensions: subscription })}</bpmn:message>`,
    );
  }
  return `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:modeler="http://camunda.org/schema/modeler/1.0"
  id="definitions" targetNamespace="http://bpmn.io/schema/bpmn" modeler:executionPlatform="Camunda Cloud">
${content}
${declarations.join('\n')}
</bpmn:definitions>`;
}
