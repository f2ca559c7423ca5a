import { stringifyJson } from '../../../json.ts';
import { readJson } from '../../../processes/read-json.ts';
import type { DiagramElement } from './diagram.ts';

/** A form key of this kind is that of a form whose JSON the diagram has, in an extension element of the process. */
export const embeddedFormPrefix = 'camunda-forms:bpmn:';

/** Key → JSON, of the forms that a process has in its own file. */
export function readEmbeddedForms(process: DiagramElement): Map<string, string> {
  const forms = (process.extensionElements?.values ?? []).filter(({ $type }) => $type === 'zeebe:UserTaskForm');
  return new Map(
    forms.flatMap(({ id, body }) =>
      id ? [[embeddedFormPrefix + id, withId(body ?? '', embeddedFormPrefix + id)]] : [],
    ),
  );
}

/** Modeler leaves the id out of forms that only one diagram has. What is no JSON is told by who reads the form. */
function withId(text: string, id: string): string {
  let form: unknown;
  try {
    form = readJson(text);
  } catch {
    return text;
  }
  return typeof form === 'object' && form !== null && !('id' in form) ? stringifyJson({ ...form, id }) : text;
}
