import type { ElementModel } from '../interpreter/model.ts';
import type { DiagramElement } from './diagram.ts';
import { isCompensationBoundary } from './read-compensation.ts';
import { type Reading, report } from './reading.ts';

/** Checks an element's flows by the rules that Camunda 8 applies to a deployment. */
export function checkFlows(
  reading: Reading,
  node: DiagramElement,
  { behaviour, incoming, outgoing }: ElementModel,
): void {
  const isStart = node.$type === 'bpmn:StartEvent' || node.$type === 'bpmn:BoundaryEvent';
  if (isStart && incoming.length > 0) report(reading, node, 'a flow leads to it, which none may');
  if (node.$type === 'bpmn:EndEvent' && outgoing.length > 0)
    report(reading, node, 'a flow leads away from it, which none may');
  if (node.triggeredByEvent && incoming.length + outgoing.length > 0)
    report(reading, node, 'a flow leads to or from the event sub-process, which none may');
  if ((node.isForCompensation || isCompensationBoundary(node)) && incoming.length + outgoing.length > 0)
    report(reading, node, 'a flow leads to or from it, which none may in compensation');
  if (behaviour.kind === 'exclusiveGateway' || behaviour.kind === 'inclusiveGateway') {
    checkConditions(reading, node, behaviour.defaultFlowId, outgoing);
    return;
  }
  if (node.default) report(reading, node, 'a default flow is supported on exclusive and inclusive gateways only');
  if (outgoing.some(({ condition }) => condition)) {
    report(reading, node, 'a flow with a condition is supported on exclusive and inclusive gateways only');
  }
}

function checkConditions(
  reading: Reading,
  node: DiagramElement,
  defaultFlowId: string | undefined,
  outgoing: ElementModel['outgoing'],
): void {
  const otherwise = outgoing.find(({ id }) => id === defaultFlowId);
  if (defaultFlowId !== undefined && !otherwise) report(reading, node, 'its default flow does not lead away from it');
  if (outgoing.length < 2) return;
  for (const { id, condition } of outgoing) {
    if (!condition && id !== defaultFlowId)
      report(reading, node, `its flow ${id} has no condition and is not the default`);
  }
}
