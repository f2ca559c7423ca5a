import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ValueType } from '../../src/processes/value-types.ts';
import { properties, propertyName } from '../../src/sessions/properties.ts';
import { english } from '../../src/words/words.ts';

/**
 * Processes that report their start variables: **Note created**, **Note message** and **Note closed** each have a parameter for
 * every property of a session, and post all variables to the CRM's `/created`, `/message` and `/closed`.
 */
export async function writeNoteProcesses(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'kickoff-processes-'));
  const keys = properties.map(({ code }) => camelCase(code));
  await writeFile(
    join(directory, 'everything.form'),
    JSON.stringify({
      type: 'default',
      id: 'everything',
      schemaVersion: 18,
      components: properties.map(({ code, type }) => component(camelCase(code), english(propertyName({ code })), type)),
    }),
  );
  for (const kind of ['created', 'message', 'closed']) {
    await writeFile(join(directory, `note-${kind}.bpmn`), noteProcess(kind, keys));
  }
  return directory;
}

const camelCase = (code: string) => code.replace(/\.(.)/, (_, letter: string) => letter.toUpperCase());

function component(key: string, label: string, type: ValueType): object {
  const component = { id: `Field_${key}`, key, label };
  switch (type) {
    case 'number':
      return { ...component, type: 'number' };
    case 'boolean':
      return { ...component, type: 'checkbox' };
    case 'date':
    case 'datetime':
      return { id: `Field_${key}`, key, type: 'datetime', subtype: type, dateLabel: label };
    case 'choice':
    case 'choices':
      return {
        ...component,
        type: type === 'choice' ? 'select' : 'taglist',
        values: ['open', 'closed', 'spam'].map((value) => ({ label: value, value })),
      };
    case 'files':
      return { ...component, type: 'filepicker' };
    case 'email':
    case 'phone':
      return { ...component, type: 'textfield', validate: { validationType: type } };
    case 'link':
    case 'user':
      return { ...component, type: 'textfield', properties: { type } };
    case 'text':
      return { ...component, type: 'textarea' };
  }
}

function noteProcess(kind: string, keys: string[]): string {
  const body = `={${keys.map((key) => `${key}: ${key}`).join(', ')}}`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="definitions" targetNamespace="http://bpmn.io/schema/bpmn">
  <bpmn:process id="note-${kind}" name="Note ${kind}" isExecutable="true">
    <bpmn:startEvent id="start">
      <bpmn:extensionElements><zeebe:formDefinition formId="everything" /></bpmn:extensionElements>
    </bpmn:startEvent>
    <bpmn:sequenceFlow id="to_note" sourceRef="start" targetRef="note" />
    <bpmn:serviceTask id="note" name="Note">
      <bpmn:extensionElements>
        <zeebe:taskDefinition type="io.camunda:http-json:1" />
        <zeebe:ioMapping>
          <zeebe:input source="POST" target="method" />
          <zeebe:input source="{{secrets.CRM_URL}}/${kind}" target="url" />
          <zeebe:input source="${body}" target="body" />
          <zeebe:input source="=true" target="ignoreNullValues" />
        </zeebe:ioMapping>
        <zeebe:taskHeaders><zeebe:header key="retryBackoff" value="PT1S" /></zeebe:taskHeaders>
      </bpmn:extensionElements>
    </bpmn:serviceTask>
    <bpmn:sequenceFlow id="to_end" sourceRef="note" targetRef="end" />
    <bpmn:endEvent id="end" />
  </bpmn:process>
</bpmn:definitions>
`;
}
