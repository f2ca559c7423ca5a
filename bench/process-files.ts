/** What is bound to the clients' messages: start → user task → end. */
export const benchProcess = { id: 'answer-client', name: 'Answer client' };

interface ProcessFile {
  name: string;
  text: string;
}

/** A file with one process: start → user task → end. */
export function processFile(process: {
  id: string;
  name: string;
  workspace?: string | undefined;
  app?: string | undefined;
  description?: string | undefined;
  /** Slack ids of those whom tasks are assigned to, by chance; absent: tasks are nobody's. */
  assignees?: readonly string[];
}): ProcessFile {
  const { id, name, workspace, app, description, assignees } = process;
  const properties = Object.entries({ workspace, app, description })
    .map(([key, value]) => (value === undefined ? '' : `<zeebe:property name="${key}" value="${value}" />`))
    .join('');
  const assigned = assignees
    ? `<zeebe:assignmentDefinition assignee='=${JSON.stringify(assignees)}[floor(random number() * ${assignees.length}) + 1]' />`
    : '';
  const text = `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="definitions" targetNamespace="http://bpmn.io/schema/bpmn">
  <bpmn:process id="${id}" name="${name}" isExecutable="true">
    <bpmn:extensionElements><zeebe:properties>${properties}</zeebe:properties></bpmn:extensionElements>
    <bpmn:startEvent id="start"><bpmn:outgoing>to_task</bpmn:outgoing></bpmn:startEvent>
    <bpmn:userTask id="task" name="Answer">
      <bpmn:extensionElements><zeebe:userTask />${assigned}</bpmn:extensionElements>
      <bpmn:incoming>to_task</bpmn:incoming><bpmn:outgoing>to_end</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:endEvent id="end"><bpmn:incoming>to_end</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="to_task" sourceRef="start" targetRef="task" />
    <bpmn:sequenceFlow id="to_end" sourceRef="task" targetRef="end" />
  </bpmn:process>
</bpmn:definitions>
`;
  return { name: `${id}.bpmn`, text };
}
