import { createRequire } from 'node:module';
import { BpmnModdle } from 'bpmn-moddle';
import { elementLabel } from '../remote/element-label.ts';

/** The parts of a process that Kickoff reads from a file for Camunda 8. */
export interface ProcessModel {
  name: string | undefined;
  documentation: string | undefined;
  /** `zeebe:properties` of the process. */
  properties: Map<string, string>;
  /** Start event or user task → its form. */
  forms: Map<string, ElementForm>;
  /** The start event without a trigger. */
  startElementId: string | undefined;
  /** Element → its label in reasons: `Service task “Post lead” (post_lead)`. */
  labels: Map<string, string>;
  /** Element → its name, else its id. */
  names: Map<string, string>;
  /** Element → the sub-process or process that contains it. */
  parents: Map<string, string>;
  /** User tasks that the cluster manages, as opposed to those that are jobs for a worker. */
  userTasks: Set<string>;
  /** Names of the messages that its instances wait for; `*` for a name given by an expression. */
  receives: Set<string>;
  /** Names of the messages that start it. */
  startsBy: Set<string>;
  /** Whether it calls other processes. */
  calls: boolean;
}

export type ElementForm =
  /** A Camunda Form that is deployed separately. */
  | { kind: 'linked'; isLatest: boolean }
  /** A form embedded in the file, as JSON. */
  | { kind: 'embedded'; json: string }
  /** A form that another application shows. */
  | { kind: 'foreign' };

interface Element {
  $type: string;
  id?: string;
  name?: string;
  text?: string;
  body?: string;
  documentation?: Element[];
  rootElements?: Element[];
  flowElements?: Element[];
  extensionElements?: { values?: Element[] };
  properties?: { name?: string; value?: string }[];
  eventDefinitions?: Element[];
  messageRef?: Element;
  formId?: string;
  formKey?: string;
  externalReference?: string;
  bindingType?: string;
}

// Node 20 prints a warning when JSON is imported.
const zeebe: unknown = createRequire(import.meta.url)('zeebe-bpmn-moddle/resources/zeebe.json');
const moddle = new BpmnModdle({ zeebe });

/** Process id → its model. */
export async function readModels(xml: string): Promise<Map<string, ProcessModel>> {
  const { rootElement } = await moddle.fromXML(xml);
  const { rootElements = [] } = rootElement as Element;
  return new Map(
    rootElements.flatMap((process) =>
      process.$type === 'bpmn:Process' && process.id !== undefined
        ? [[process.id, readProcess(process, process.id)] as const]
        : [],
    ),
  );
}

function readProcess(process: Element, processId: string): ProcessModel {
  const model: ProcessModel = {
    name: process.name,
    documentation: process.documentation?.[0]?.text?.trim() || undefined,
    properties: propertiesOf(process),
    forms: new Map(),
    startElementId: process.flowElements?.find(isPlainStart)?.id,
    labels: new Map(),
    names: new Map(),
    parents: new Map(),
    userTasks: new Set(),
    receives: new Set(),
    startsBy: new Set(),
    calls: false,
  };
  readElements(model, process, processId, embeddedForms(process));
  for (const element of process.flowElements ?? []) {
    if (element.$type !== 'bpmn:StartEvent') continue;
    for (const name of messageNames(element)) {
      model.receives.delete(name);
      model.startsBy.add(name);
    }
  }
  return model;
}

const isPlainStart = ({ $type, eventDefinitions = [] }: Element) =>
  $type === 'bpmn:StartEvent' && eventDefinitions.length === 0;

function readElements(model: ProcessModel, container: Element, parentId: string, forms: Map<string, string>): void {
  for (const element of container.flowElements ?? []) {
    const { id, name, $type } = element;
    if (id === undefined) continue;
    model.names.set(id, name || id);
    model.labels.set(id, elementLabel($type, id, name));
    model.parents.set(id, parentId);
    const form = formOf(element, forms);
    if (form) model.forms.set(id, form);
    if ($type === 'bpmn:UserTask' && extension(element, 'zeebe:UserTask')) model.userTasks.add(id);
    if ($type === 'bpmn:CallActivity') model.calls = true;
    if (!/Throw|EndEvent|SendTask/.test($type)) {
      for (const message of messageNames(element)) model.receives.add(message);
    }
    readElements(model, element, id, forms);
  }
}

/** Names of the messages that an element waits for; `*` for a name given by an expression. */
function messageNames({ $type, messageRef, eventDefinitions = [] }: Element): string[] {
  const references = [
    ...($type === 'bpmn:ReceiveTask' ? [messageRef] : []),
    ...eventDefinitions.flatMap((one) => (one.$type === 'bpmn:MessageEventDefinition' ? [one.messageRef] : [])),
  ];
  return references.flatMap((message) => (message?.name ? [message.name.startsWith('=') ? '*' : message.name] : []));
}

const extension = ({ extensionElements }: Element, type: string): Element | undefined =>
  extensionElements?.values?.find(({ $type }) => $type === type);

const embeddedPrefix = 'camunda-forms:bpmn:';

/** The embedded forms: key → JSON. */
function embeddedForms({ extensionElements }: Element): Map<string, string> {
  const forms = extensionElements?.values?.filter(({ $type }) => $type === 'zeebe:UserTaskForm') ?? [];
  return new Map(forms.flatMap(({ id, body }) => (id ? [[embeddedPrefix + id, body ?? '']] : [])));
}

function formOf(element: Element, forms: Map<string, string>): ElementForm | undefined {
  const definition = extension(element, 'zeebe:FormDefinition');
  if (!definition) return undefined;
  const { formId, formKey, externalReference, bindingType = 'latest' } = definition;
  if (formId) return { kind: 'linked', isLatest: bindingType === 'latest' };
  const json = formKey && forms.get(formKey);
  if (json) return { kind: 'embedded', json };
  return formKey || externalReference ? { kind: 'foreign' } : undefined;
}

function propertiesOf(process: Element): Map<string, string> {
  const entries = extension(process, 'zeebe:Properties')?.properties ?? [];
  return new Map(entries.flatMap(({ name, value }) => (name && value !== undefined ? [[name, value] as const] : [])));
}
