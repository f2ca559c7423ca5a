import type { Form } from '../../../src/processes/form.ts';
import { parseForm } from '../../../src/processes/parse-form.ts';

/** Data of deployed files that the port has and Zeebe's records do not. */
export function createDeployedFiles() {
  const names = new Map<string, string>();
  const forms = new Map<string, Form>();
  return {
    /** Adds diagrams with one process each, and forms. They replace earlier ones with the same ids. */
    add(files: Record<string, string>): void {
      for (const [path, content] of Object.entries(files)) {
        if (path.endsWith('.form')) {
          const form = parseForm(content);
          forms.set(form.id, form);
          continue;
        }
        const processId = /<bpmn:process id="([^"]+)"/.exec(content)?.[1];
        for (const [, id, name = ''] of content.matchAll(/<bpmn:\w+ id="([^"]+)" name="([^"]*)"/g)) {
          names.set(`${processId}/${id}`, name);
        }
      }
    },
    /** The name of an element or of the process itself; its id if it has none. */
    name: (processId: string, elementId: string): string => names.get(`${processId}/${elementId}`) ?? elementId,
    form: (id: string): Form | undefined => forms.get(id),
  };
}
