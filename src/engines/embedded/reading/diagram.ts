import { createRequire } from 'node:module';
import { BpmnModdle } from 'bpmn-moddle';
import { withoutProseMarkup } from './prose-markup.ts';

/**
 * An element as read by bpmn-moddle: `bpmn:` and `zeebe:` names are properties. Only the properties that Kickoff reads are
 * listed; those that the file lacks are undefined.
 */
export interface DiagramElement {
  $type: string;
  $attrs: Record<string, unknown>;
  $parent?: DiagramElement;
  id?: string;
  name?: string;
  extensionElements?: { values?: DiagramElement[] };
  // A process or sub-process
  isExecutable?: boolean;
  triggeredByEvent?: boolean;
  flowElements?: DiagramElement[];
  /** Associations and others. */
  artifacts?: DiagramElement[];
  // A collaboration
  participants?: DiagramElement[];
  // A sequence flow
  sourceRef?: DiagramElement;
  targetRef?: DiagramElement;
  conditionExpression?: { body?: string };
  // A flow node
  default?: DiagramElement;
  loopCharacteristics?: DiagramElement;
  isSequential?: boolean;
  loopCardinality?: { body?: string };
  completionCondition?: { body?: string };
  isForCompensation?: boolean;
  attachedToRef?: DiagramElement;
  cancelActivity?: boolean;
  isInterrupting?: boolean;
  // An event
  eventDefinitions?: DiagramElement[];
  eventDefinitionRef?: DiagramElement[];
  messageRef?: DiagramElement;
  signalRef?: DiagramElement;
  errorRef?: DiagramElement;
  errorCode?: string;
  activityRef?: DiagramElement;
  waitForCompletion?: boolean;
  escalationRef?: DiagramElement;
  escalationCode?: string;
  timeDuration?: { body?: string };
  timeDate?: { body?: string };
  timeCycle?: { body?: string };
  // zeebe:
  inputParameters?: { source?: string; target?: string }[];
  outputParameters?: { source?: string; target?: string }[];
  /** Entries of `zeebe:executionListeners` and `zeebe:taskListeners`. */
  listeners?: DiagramElement[];
  eventType?: string;
  headers?: DiagramElement;
  type?: string;
  retries?: string;
  values?: { key?: string; value?: string }[];
  properties?: { name?: string; value?: string }[];
  formId?: string;
  formKey?: string;
  /** For an embedded form: its JSON. */
  body?: string;
  externalReference?: string;
  expression?: string;
  inputCollection?: string;
  inputElement?: string;
  outputCollection?: string;
  outputElement?: string;
  resultVariable?: string;
  bindingType?: string;
  versionTag?: string;
  processId?: string;
  decisionId?: string;
  propagateAllParentVariables?: boolean;
  propagateAllChildVariables?: boolean;
  value?: string;
  assignee?: string;
  candidateUsers?: string;
  candidateGroups?: string;
  dueDate?: string;
  followUpDate?: string;
  priority?: string;
  correlationKey?: string;
}

export interface Diagram {
  /** `rootElements`: processes, collaborations, errors, messages … */
  definitions: DiagramElement & { rootElements?: DiagramElement[] };
  /** Parts of the file that Camunda 8 ignores as well. */
  ignored: { element: DiagramElement | undefined; line: number | undefined; reason: string }[];
}

/** The file is not readable BPMN. */
export class DiagramError extends Error {
  override readonly name = 'DiagramError';
  readonly line: number | undefined;
  /** The element in the diagram, if known. */
  readonly element: DiagramElement | undefined;
  constructor(message: string, line: number | undefined, options: ErrorOptions & { element?: DiagramElement } = {}) {
    super(message, options);
    this.line = line;
    this.element = options.element;
  }
}

interface Warning {
  message: string;
  element?: DiagramElement;
  /** The name of an attribute, or of an unresolved reference. */
  property?: string;
}

// Node 20 prints a warning when JSON is imported.
const zeebe: unknown = createRequire(import.meta.url)('zeebe-bpmn-moddle/resources/zeebe.json');
const moddle = new BpmnModdle({ zeebe });

/** @throws DiagramError on XML errors, on content unknown to BPMN, and on unresolved references */
export async function readDiagram(xml: string): Promise<Diagram> {
  let read: { rootElement: DiagramElement; warnings: Warning[] };
  try {
    read = (await moddle.fromXML(withoutProseMarkup(xml))) as typeof read;
  } catch (cause) {
    throw faultOf(cause instanceof Error ? cause.message : String(cause), cause);
  }
  const ignored: Diagram['ignored'] = [];
  for (const warning of read.warnings) {
    if (isMeaningless(warning)) continue;
    const { message, line } = faultOf(warning.message);
    const { element } = warning;
    if (!isIgnored(warning)) {
      throw new DiagramError(message, line ?? lineOf(xml, element?.id ?? ''), element && { element });
    }
    ignored.push({ element, line, reason: `${message}; it is ignored` });
  }
  return { definitions: read.rootElement, ignored };
}

/**
 * References that affect execution. The references of elements to their flows are left out: a flow is defined by its own two
 * ends.
 */
const decisiveReferences = new Set([
  'bpmn:default',
  'bpmn:attachedToRef',
  'bpmn:messageRef',
  'bpmn:signalRef',
  'bpmn:errorRef',
  'bpmn:escalationRef',
  'bpmn:activityRef',
  'bpmn:eventDefinitionRef',
]);

/** Whether a warning does not affect execution: it concerns the drawing, or a reference that is not decisive. */
function isMeaningless({ message, element, property }: Warning): boolean {
  const type = element?.$type ?? '';
  if (/^(bpmndi|di|dc):/.test(type)) return true;
  // moddle knows colours only for shapes.
  if (/^unknown attribute <(bioc|color):/.test(message)) return true;
  if (!message.startsWith('unresolved reference') || decisiveReferences.has(property ?? '')) return false;
  return type !== 'bpmn:SequenceFlow';
}

/** Whether a warning concerns an unknown Zeebe extension, which Camunda 8 ignores too: new versions add some. */
function isIgnored({ message, element }: Warning): boolean {
  if (message.startsWith('unknown attribute')) return element?.$type.startsWith('zeebe:') ?? false;
  return /^unparsable content <zeebe:/.test(message);
}

/** Parses moddle's message, which has `line: 3`, counted from 0, and other details on separate lines. */
function faultOf(message: string, cause?: unknown): DiagramError {
  const line = /line: (\d+)/.exec(message)?.[1];
  const nested = /nested error: (.+)/.exec(message)?.[1];
  const reason = [message.split('\n')[0]?.trim(), nested].filter(Boolean).join(': ');
  return new DiagramError(reason, line === undefined ? undefined : Number(line) + 1, { cause });
}

/** The line of the element with this id, from 1. */
export function lineOf(xml: string, id: string): number | undefined {
  const escaped = id.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const at = xml.search(new RegExp(`\\sid\\s*=\\s*["']${escaped}["']`));
  return at < 0 ? undefined : xml.slice(0, at + 1).split('\n').length;
}
