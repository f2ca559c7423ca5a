import type { Form } from '../../processes/form.ts';
import { message } from '../../words/message.ts';
import { english } from '../../words/words.ts';

const foreignFormId = 'kickoff:foreign';

/** A replacement for a task's form that cannot be shown. `url`: the task in the engine's own application. */
export function foreignForm(engineName: string, reason: string, url: string | undefined): Form {
  const text = `${english(message('engine.formElsewhere', { engine: engineName }))} (${reason})`;
  const link = url === undefined ? '' : `\n\n[${english(message('engine.open', { engine: engineName }))}](${url})`;
  return { id: foreignFormId, items: [{ kind: 'text', text: text.replaceAll('{{', '{ {') + link }] };
}

export const isForeignForm = ({ id }: Form): boolean => id === foreignFormId;
