import { type DiagramElement, readDiagram } from '../../src/engines/embedded/reading/diagram.ts';

/** Distinguishes kinds of elements: features such as `boundaryEvent`, `timer`, `cycle` and `interrupting`. */
export type Features = ReadonlySet<string>;

/** The features of each element of a diagram, by id. */
export async function featuresOf(xml: string): Promise<Map<string, Features>> {
  const { definitions } = await readDiagram(xml);
  const features = new Map<string, Features>();
  const visit = (scope: DiagramElement) => {
    for (const element of scope.flowElements ?? []) {
      if (element.id) features.set(element.id, new Set(describe(element, scope)));
      visit(element);
    }
  };
  for (const root of definitions.rootElements ?? []) visit(root);
  return features;
}

/** Whether an element has all wanted features. */
export const has = (features: Features, wanted: Features): boolean => [...wanted].every((one) => features.has(one));

function describe(element: DiagramElement, scope: DiagramElement): string[] {
  const { $type, eventDefinitions = [], extensionElements, loopCharacteristics, isForCompensation } = element;
  const extensions = (extensionElements?.values ?? []).flatMap((one) => [short(one.$type), ...variantOf(one)]);
  const isEvent = $type === 'bpmn:BoundaryEvent' || (scope.triggeredByEvent && $type === 'bpmn:StartEvent');
  const isInterrupting = element.cancelActivity !== false && element.isInterrupting !== false;
  return [
    short($type),
    ...eventDefinitions.flatMap((definition) => [short(definition.$type), ...variantOf(definition)]),
    ...extensions,
    ...(isEvent ? [isInterrupting ? 'interrupting' : 'beside'] : []),
    ...(scope.triggeredByEvent ? ['inEventSubProcess'] : []),
    ...(element.triggeredByEvent ? ['triggeredByEvent'] : []),
    ...(loopCharacteristics
      ? [short(loopCharacteristics.$type), loopCharacteristics.isSequential ? 'sequential' : 'parallel']
      : []),
    ...(isForCompensation ? ['isForCompensation'] : []),
  ];
}

/** Attributes of an event definition or an extension that distinguish variants. */
function variantOf(one: DiagramElement): string[] {
  const cycle = one.timeCycle?.body;
  return [
    ...(one.timeDuration ? ['duration'] : []),
    ...(one.timeDate ? ['date'] : []),
    ...(cycle ? [cycle.startsWith('R') ? 'cycle' : 'cron'] : []),
    ...(one.$type === 'bpmn:ErrorEventDefinition' ? [one.errorRef ? 'withCode' : 'withoutCode'] : []),
    ...(one.$type === 'bpmn:EscalationEventDefinition' ? [one.escalationRef ? 'withCode' : 'withoutCode'] : []),
    ...(one.$type === 'bpmn:CompensateEventDefinition' ? [one.activityRef ? 'ofOne' : 'ofAll'] : []),
    ...(one.$type === 'zeebe:CalledElement' ? [`bound to ${one.bindingType ?? 'latest'}`] : []),
    ...(one.inputParameters ? ['inputs'] : []),
    ...(one.outputParameters ? ['outputs'] : []),
  ];
}

const short = (type: string) => type.replace(/^\w+:/, '').replace(/EventDefinition$/, '');
