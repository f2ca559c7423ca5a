import { z } from 'zod';
import { type Message, message } from '../words/message.ts';
import type { FormField } from './form.ts';
import type { FileValue, Json } from './value-types.ts';

const filesSchema = z.array(
  z.looseObject({ name: z.string(), type: z.string(), size: z.number().nonnegative(), link: z.string() }),
);

/** Checks a list of files: its shape, how many, and which kinds; returns what is wrong with it. */
export function checkFiles(field: FormField, value: Json): Message | undefined {
  const files = filesSchema.safeParse(value);
  if (!files.success) return message('mistake.files');
  if (field.maxFiles !== undefined && files.data.length > field.maxFiles) {
    return message('mistake.tooManyFiles', { count: field.maxFiles });
  }
  const { accept } = field;
  const refused = accept && files.data.find((file) => !isAccepted(file, accept));
  return refused ? message('mistake.fileKind', { file: refused.name, kinds: accept.join(', ') }) : undefined;
}

/** As HTML's `accept`: `.pdf` looks at the name, `image/png` and `image/*` at the type. */
function isAccepted(file: Pick<FileValue, 'name' | 'type'>, accept: string[]): boolean {
  return accept.some((kind) => {
    if (kind.startsWith('.')) return file.name.toLowerCase().endsWith(kind);
    return kind.endsWith('/*') ? file.type.startsWith(kind.slice(0, -1)) : file.type === kind || kind === '*';
  });
}
