import { z } from 'zod';
import { type Message, message } from '../words/message.ts';
import type { FormField } from './form.ts';
import type { FileValue, Json } from './value-types.ts';

const filesSchema = z.array(
  z.looseObject({ name: z.string(), type: z.string(), size: z.number().nonnegative(), link: z.string() }),
);

/** Checks a list of files: its shape, their number and types; returns the mistake, if there is one. */
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

/**
 * The files of a list that the field accepts, and why each other one is left out. A value that is not a list of files has none.
 */
export function fitFiles(field: FormField, value: Json | undefined): { fitting: Json[]; leftOut: Message[] } {
  const { type, accept, maxFiles: count = Number.POSITIVE_INFINITY } = field;
  const fitting: Json[] = [];
  const leftOut: Message[] = [];
  if (type !== 'files' || !Array.isArray(value)) return { fitting, leftOut };
  for (const [index, { name: file, ...rest }] of (filesSchema.safeParse(value).data ?? []).entries()) {
    if (accept && !isAccepted({ name: file, type: rest.type }, accept)) {
      leftOut.push(message('file.otherKind', { file, kinds: accept.join(', ') }));
    } else if (fitting.length >= count) leftOut.push(message('file.surplus', { file, count }));
    else fitting.push(value[index] ?? null);
  }
  return { fitting, leftOut };
}

/** Like HTML's `accept`: `.pdf` matches the name, `image/png` and `image/*` match the type. */
function isAccepted(file: Pick<FileValue, 'name' | 'type'>, accept: string[]): boolean {
  return accept.some((kind) => {
    if (kind.startsWith('.')) return file.name.toLowerCase().endsWith(kind);
    return kind.endsWith('/*') ? file.type.startsWith(kind.slice(0, -1)) : file.type === kind || kind === '*';
  });
}
