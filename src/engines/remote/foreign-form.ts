import type { Form } from '../../processes/form.ts';
import { message } from '../../words/message.ts';
import { english } from '../../words/words.ts';

const foreignFormId = 'kickoff:foreign';

/** Stands where a task's own form cannot be shown. */
export function foreignForm(engineName: string, reason: string): Form {
  const text = `${english(message('engine.formElsewhere', { engine: engineName }))} (${reason})`;
  return { id: foreignFormId, items: [{ kind: 'text', text: text.replaceAll('{{', '{ {') }] };
}

export const isForeignForm = ({ id }: Form): boolean => id === foreignFormId;
