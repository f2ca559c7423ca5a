import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { readBounded } from './file-bounds.ts';

/** An uploaded file. */
export interface UploadedFile {
  /** Increases with each upload. */
  id: number;
  name: string;
  /** Unique name of the file for messages. */
  label: string;
  text: string;
}

/** A file to read. */
export interface FileSource {
  /** The path below the directory, or the label of an uploaded file. */
  file: string;
  /** The file name; its extension tells the kind of file. */
  name: string;
  /** The path below the directory. All uploaded files share one origin, since a new upload replaces an earlier one. */
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
 * The files below a directory and the uploaded files.
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

/**
 * Paths of the files below a directory, except hidden ones: Kubernetes mounts each file as a link into a hidden folder, which
 * contains them all again.
 */
export async function pathsBelow(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)))
    .filter((path) => !path.split(sep).some((part) => part.startsWith('.')))
    .sort();
}
