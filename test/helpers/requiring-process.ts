import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Writes a folder with a process, *Call the client*, that requires a title and an e-mail address and then has a task for
 * operators.
 */
export async function writeRequiringProcess(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'kickoff-required-'));
  await writeFile(
    join(directory, 'call.form'),
    JSON.stringify({
      type: 'default',
      id: 'call',
      components: [
        { type: 'textfield', key: 'title', label: 'Title', validate: { required: true } },
        {
          type: 'textfield',
          key: 'clientEmail',
          label: 'E-mail',
          validate: { required: true, validationType: 'email' },
        },
      ],
    }),
  );
  await writeFile(
    join(directory, 'call.bpmn'),
    `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="t">
  <bpmn:process id="call" name="Call the client" isExecutable="true">
    <bpmn:startEvent id="start"><bpmn:extensionElements><zeebe:formDefinition formId="call" /></bpmn:extensionElements></bpmn:startEvent>
    <bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="task" />
    <bpmn:userTask id="task" name="Call"><bpmn:extensionElements><zeebe:ioMapping><zeebe:input source="=title" target="subject" /></zeebe:ioMapping></bpmn:extensionElements></bpmn:userTask>
    <bpmn:sequenceFlow id="f2" sourceRef="task" targetRef="end" />
    <bpmn:endEvent id="end" />
  </bpmn:process>
</bpmn:definitions>`,
  );
  return directory;
}
