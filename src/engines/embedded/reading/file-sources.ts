import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { readBounded } from './file-bounds.ts';

/** A file that somebody uploaded. */
export interface UploadedFile {
  /** The later it was uploaded, the higher. */
  id: number;
  name: string;
  /** The unique name of the file in messages. */
  label: string;
  text: string;
}

/** A file to be read. */
export interface FileSource {
  /** The path below the directory, or how an uploaded file is called. */
  file: string;
  /** Tells the kind of file by its ending. */
  name: string;
  /** The path below the directory; all uploaded files have one origin, for a new one takes the place of an earlier one. */
  origin: string;
  /** Set for an uploaded file. */
  uploadId: number | undefined;
  read(): Promise<string>;
}

const uploads = 'uploads';

export function uploadLabel({ id, name }: Pick<UploadedFile, 'id' | 'name'>): string {
  return `${name} (upload ${id})`;
}

/**
 * The files below a directory and those that were uploaded.
 *
 * @throws if the directory cannot be read
 */
export async function sourcesOf(directory: string, uploaded: readonly UploadedFile[]): Promise<FileSource[]> {
  const paths = await pathsBelow(directory);
  return [
    ...paths.map((path) => ({
      file: path,
      name: path,
      origin: path,
      uploadId: undefined,
      read: () => readBounded(join(directory, path)),
    })),
    ...uploaded.map((upload) => ({
      file: upload.label,
      name: upload.name,
      origin: uploads,
      uploadId: upload.id,
      read: async () => upload.text,
    })),
  ];
}

/** Hidden ones are left out: Kubernetes mounts each file as a link into a hidden folder, which has them all once more. */
export async function pathsBelow(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)))
    .filter((path) => !path.split(sep).some((part) => part.startsWith('.')))
    .sort();
}
