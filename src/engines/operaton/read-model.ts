import { createRequire } from 'node:module';
import { BpmnModdle } from 'bpmn-moddle';
import { elementLabel } from '../remote/element-label.ts';
import type { FormData } from './generated-form.ts';

/** The parts of a process that Kickoff reads from a file for Operaton or Camunda 7. */
export interface ProcessModel {
  name: string | undefined;
  documentation: string | undefined;
  /** `camunda:properties` of the process. */
  properties: Map<string, string>;
  /** Start event or user task → its form. */
  forms: Map<string, ElementForm>;
  /** The start event without a trigger. */
  startElementId: string | undefined;
  /** Element → its label in reasons: `Service task “Post lead” (post_lead)`. */
  labels: Map<string, string>;
  names: Map<string, string>;
  /** External task → its `camunda:properties`. */
  headers: Map<string, Record<string, string>>;
  /** Names of the messages that its instances wait for; `*` for a name given by an expression. */
  receives: Set<string>;
  /** Whether it calls other processes. */
  calls: boolean;
}

export type ElementForm =
  /** A Camunda Form that is deployed separately. */
  | { kind: 'deployed'; isLatest: boolean }
  | { kind: 'generated'; data: FormData }
  /** HTML, or a form that another application shows. */
  | { kind: 'foreign' };

interface Element {
  $type: string;
  id?: string;
  name?: string;
  text?: string;
  documentation?: Element[];
  rootElements?: Element[];
  flowElements?: Element[];
  extensionElements?: { values?: Element[] };
  values?: Element[];
  fields?: FormData['fields'];
  value?: string;
  eventDefinitions?: Element[];
  messageRef?: Element;
  formKey?: string;
  formRef?: string;
  formRefBinding?: string;
  triggeredByEvent?: boolean;
}

// Node 20 prints a warning when JSON is imported.
const camunda: unknown = createRequire(import.meta.url)('camunda-bpmn-moddle/resources/camunda.json');
const moddle = new BpmnModdle({ camunda });

/** Operaton's own namespace, with the same names as Camunda 7's. */
const operatonNamespace = 'http://operaton.org/schema/1.0/bpmn';
const camundaNamespace = 'http://camunda.org/schema/1.0/bpmn';

/** Process key → its model. */
export async function readModels(xml: string): Promise<Map<string, ProcessModel>> {
  const { rootElement } = await moddle.fromXML(xml.replaceAll(operatonNamespace, camundaNamespace));
  const { rootElements = [] } = rootElement as Element;
  return new Map(
    rootElements.flatMap((process) =>
      process.$type === 'bpmn:Process' && process.id !== undefined ? [[process.id, readProcess(process)] as const] : [],
    ),
  );
}

function readProcess(process: Element): ProcessModel {
  const model: ProcessModel = {
    name: process.name,
    documentation: process.documentation?.[0]?.text?.trim() || undefined,
    properties: propertiesOf(process),
    forms: new Map(),
    startElementId: process.flowElements?.find(isPlainStart)?.id,
    labels: new Map(),
    names: new Map(),
    headers: new Map(),
    receives: new Set(),
    calls: false,
  };
  for (const element of elementsIn(process)) readElement(model, element);
  return model;
}

const isPlainStart = ({ $type, eventDefinitions = [] }: Element) =>
  $type === 'bpmn:StartEvent' && eventDefinitions.length === 0;

function* elementsIn({ flowElements = [] }: Element): Generator<Element> {
  for (const element of flowElements) {
    yield element;
    yield* elementsIn(element);
  }
}

function readElement(model: ProcessModel, element: Element): void {
  const { id, name, $type, messageRef, eventDefinitions = [] } = element;
  if (id === undefined) return;
  model.names.set(id, name || id);
  model.labels.set(id, elementLabel($type, id, name));
  const form = formOf(element);
  if (form) model.forms.set(id, form);
  const properties = propertiesOf(element);
  if (properties.size > 0) model.headers.set(id, Object.fromEntries(properties));
  if ($type === 'bpmn:CallActivity') model.calls = true;
  const isThrown = /Throw|EndEvent|SendTask/.test($type);
  const messages = isThrown
    ? []
    : [
        ...($type === 'bpmn:ReceiveTask' ? [messageRef] : []),
        ...eventDefinitions.flatMap((one) => (one.$type === 'bpmn:MessageEventDefinition' ? [one.messageRef] : [])),
      ];
  for (const message of messages) {
    if (message?.name) model.receives.add(/[$#]\{/.test(message.name) ? '*' : message.name);
  }
}

function formOf({ formRef, formRefBinding, formKey, extensionElements }: Element): ElementForm | undefined {
  if (formRef) return { kind: 'deployed', isLatest: formRefBinding === 'latest' };
  if (formKey?.startsWith('camunda-forms:')) return { kind: 'deployed', isLatest: false };
  if (formKey) return { kind: 'foreign' };
  const data = extensionElements?.values?.find(({ $type }) => $type === 'camunda:FormData');
  return data?.fields ? { kind: 'generated', data: { fields: data.fields } } : undefined;
}

function propertiesOf({ extensionElements }: Element): Map<string, string> {
  const all = extensionElements?.values?.filter(({ $type }) => $type === 'camunda:Properties') ?? [];
  return new Map(
    all.flatMap(({ values = [] }) =>
      values.flatMap(({ name, value }) => (name && value !== undefined ? [[name, value] as const] : [])),
    ),
  );
}
