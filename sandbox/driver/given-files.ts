import type { BlockElement, StateValue } from '../block-kit/types.ts';
import type { Core } from '../core.ts';
import { isObject, type JsonObject } from '../json.ts';
import { fileObject } from '../wire/files.ts';
import { addFile, type Upload } from '../workspace/messages.ts';

/** The value of a file field with these files: `kept` are ids of files that it already has; then the new ones. */
export function givenFiles(
  core: Core,
  userId: string,
  element: BlockElement,
  { before, kept = [], uploads }: { before?: StateValue | undefined; kept?: string[]; uploads: Upload[] },
): StateValue {
  const { max_files: max = 10, filetypes } = element;
  if (kept.length + uploads.length > max) throw new Error(`This field takes at most ${max} files`);
  const extension = (name: string) => (name.split('.').at(-1) ?? '').toLowerCase();
  const refused = uploads.find((file) => filetypes && !filetypes.includes(extension(file.name)));
  if (refused) throw new Error(`This field takes only ${filetypes?.join(', ')}, not ${refused.name}`);
  const known = Array.isArray(before?.files) ? before.files.filter(isObject) : [];
  const stays = kept.map((id) => {
    const file = known.find((candidate) => candidate.id === id);
    if (!file) throw new Error('A file that is not in this field cannot stay in it');
    return file;
  });
  const added: JsonObject[] = uploads.flatMap((file) => {
    const record = core.state.files[addFile(core, userId, file)];
    return record ? [fileObject(core, record)] : [];
  });
  return { type: 'file_input', files: [...stays, ...added] };
}
