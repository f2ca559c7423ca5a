import { stringifyJson } from '../../../json.ts';
import { readJson } from '../../../processes/read-json.ts';
import type { DiagramElement } from './diagram.ts';

/** Prefix of the key of an embedded form, whose JSON is in an extension element of the process. */
export const embeddedFormPrefix = 'camunda-forms:bpmn:';

/** The embedded forms of a process: key → JSON. */
export function readEmbeddedForms(process: DiagramElement): Map<string, string> {
  const forms = (process.extensionElements?.values ?? []).filter(({ $type }) => $type === 'zeebe:UserTaskForm');
  return new Map(
    forms.flatMap(({ id, body }) =>
      id ? [[embeddedFormPrefix + id, withId(body ?? '', embeddedFormPrefix + id)]] : [],
    ),
  );
}

/** Adds the id, which Modeler leaves out of embedded forms. Invalid JSON is reported later, when the form is read. */
function withId(text: string, id: string): string {
  let form: unknown;
  try {
    form = readJson(text);
  } catch {
    return text;
  }
  return typeof form === 'object' && form !== null && !('id' in form) ? stringifyJson({ ...form, id }) : text;
}
