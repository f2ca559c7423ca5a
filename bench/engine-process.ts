/** Expressions of the measured process, and the texts that replace them without FEEL. */
const withFeel = { assignee: '=owner', greeting: '="Dear " + client.name', large: '=amount &gt; 1000' };
const without = { assignee: 'U1', greeting: 'Dear client', large: '' };

/**
 * An ordinary process: start → task with an assignee and an input → decision → second task → end. Without FEEL the decision is
 * a plain step.
 */
export function engineProcess(id: string, hasFeel: boolean): { name: string; text: string } {
  const { assignee, greeting, large } = hasFeel ? withFeel : without;
  const userTask = (task: string, name: string) => `<bpmn:userTask id="${task}" name="${name}">
      <bpmn:extensionElements><zeebe:userTask /><zeebe:assignmentDefinition assignee="${assignee}" />
        <zeebe:ioMapping><zeebe:input source='${greeting}' target="greeting" /></zeebe:ioMapping>
      </bpmn:extensionElements></bpmn:userTask>`;
  const decision = hasFeel
    ? `<bpmn:exclusiveGateway id="which" default="to_second" /><bpmn:endEvent id="refused" />
      <bpmn:sequenceFlow id="to_refused" sourceRef="which" targetRef="refused">
        <bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">${large}</bpmn:conditionExpression>
      </bpmn:sequenceFlow>`
    : '<bpmn:task id="which" />';
  const text = `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
    id="definitions" targetNamespace="http://bpmn.io/schema/bpmn">
  <bpmn:process id="${id}" isExecutable="true">
    <bpmn:startEvent id="start" />${userTask('first', 'Check')}${decision}${userTask('second', 'Answer')}
    <bpmn:endEvent id="end" />
    <bpmn:sequenceFlow id="to_first" sourceRef="start" targetRef="first" />
    <bpmn:sequenceFlow id="to_which" sourceRef="first" targetRef="which" />
    <bpmn:sequenceFlow id="to_second" sourceRef="which" targetRef="second" />
    <bpmn:sequenceFlow id="to_end" sourceRef="second" targetRef="end" />
  </bpmn:process>
</bpmn:definitions>
`;
  return { name: `${id}.bpmn`, text };
}

/** A process with a timer of one hour. */
export function timerProcess(id: string): { name: string; text: string } {
  const text = `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="definitions"
    targetNamespace="http://bpmn.io/schema/bpmn">
  <bpmn:process id="${id}" isExecutable="true">
    <bpmn:startEvent id="start" />
    <bpmn:intermediateCatchEvent id="pause"><bpmn:timerEventDefinition>
      <bpmn:timeDuration>PT1H</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>
    <bpmn:endEvent id="end" />
    <bpmn:sequenceFlow id="to_pause" sourceRef="start" targetRef="pause" />
    <bpmn:sequenceFlow id="to_end" sourceRef="pause" targetRef="end" />
  </bpmn:process>
</bpmn:definitions>
`;
  return { name: `${id}.bpmn`, text };
}

/** Start variables of the measured instances, like those of a lead. */
export const engineVariables = {
  owner: 'U012ABCDEF',
  client: { name: 'Ann Example', email: 'ann@example.com', company: 'Example' },
  amount: 250,
  message: 'Hello, I would like to know more about your offer. Could somebody call me back tomorrow?',
  sessionId: '6f1c2a4e-3b7d-4a52-9c55-0f1f5d7a9b10',
};
