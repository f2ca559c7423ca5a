/** The process bound to the clients' messages: start → user task → end. */
export const benchProcess = { id: 'answer-client', name: 'Answer client' };

interface ProcessFile {
  name: string;
  text: string;
}

/** A file with one process: start → user task → end. With `taskShare`, only that share of its instances has the task. */
export function processFile(process: {
  id: string;
  name: string;
  workspace?: string | undefined;
  app?: string | undefined;
  description?: string | undefined;
  /** Slack ids of assignees, chosen at random; absent: tasks are unassigned. */
  assignees?: readonly string[];
  /** 0…1 */
  taskShare?: number;
}): ProcessFile {
  const { id, name, workspace, app, description, assignees, taskShare } = process;
  const properties = Object.entries({ workspace, app, description })
    .map(([key, value]) => (value === undefined ? '' : `<zeebe:property name="${key}" value="${value}" />`))
    .join('');
  const assigned = assignees
    ? `<zeebe:assignmentDefinition assignee='=${JSON.stringify(assignees)}[floor(random number() * ${assignees.length}) + 1]' />`
    : '';
  const choice =
    taskShare === undefined
      ? '<bpmn:sequenceFlow id="to_task" sourceRef="start" targetRef="task" />'
      : `<bpmn:exclusiveGateway id="which" default="past_task" />
    <bpmn:sequenceFlow id="to_which" sourceRef="start" targetRef="which" />
    <bpmn:sequenceFlow id="to_task" sourceRef="which" targetRef="task">
      <bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">=random number() &lt; ${taskShare}</bpmn:conditionExpression>
    </bpmn:sequenceFlow>
    <bpmn:sequenceFlow id="past_task" sourceRef="which" targetRef="end" />`;
  const text = `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
    xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="definitions" targetNamespace="http://bpmn.io/schema/bpmn">
  <bpmn:process id="${id}" name="${name}" isExecutable="true">
    <bpmn:extensionElements><zeebe:properties>${properties}</zeebe:properties></bpmn:extensionElements>
    <bpmn:startEvent id="start" />
    <bpmn:userTask id="task" name="Answer">
      <bpmn:extensionElements><zeebe:userTask />${assigned}</bpmn:extensionElements>
    </bpmn:userTask>
    <bpmn:endEvent id="end" />
    ${choice}
    <bpmn:sequenceFlow id="to_end" sourceRef="task" targetRef="end" />
  </bpmn:process>
</bpmn:definitions>
`;
  return { name: `${id}.bpmn`, text };
}
