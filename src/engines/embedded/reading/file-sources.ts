import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { createYield } from '../../../yield-to-event-loop.ts';
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

/** A file that was read, or could not be read. */
export interface FileSource {
  /** The path below the directory, or the label of an uploaded file. */
  file: string;
  /** The file name; its extension tells the kind of file. */
  name: string;
  /** The path below the directory. All uploaded files share one origin, since a new upload replaces an earlier one. */
  origin: string;
  /** Set for an uploaded file. */
  uploadId: number | undefined;
  /** Undefined: it could not be read. */
  text: string | undefined;
  /** The error of a file that could not be read. */
  fault?: unknown;
}

const uploads = 'uploads';

export function uploadLabel({ id, name }: Pick<UploadedFile, 'id' | 'name'>): string {
  return `${name} (upload ${id})`;
}

/**
 * The process files below a directory and the uploaded ones, read.
 *
 * @throws if the directory cannot be read
 */
export async function readSources(directory: string, uploaded: readonly UploadedFile[]): Promise<FileSource[]> {
  const yieldToEventLoop = createYield();
  const below: FileSource[] = [];
  for (const path of await processFilesBelow(directory)) {
    await yieldToEventLoop();
    below.push(readSource(directory, path));
  }
  return [
    ...below,
    ...uploaded.map(({ id, name, label, text }) => ({ file: label, name, origin: uploads, uploadId: id, text })),
  ];
}

function readSource(directory: string, path: string): FileSource {
  const source = { file: path, name: path, origin: path, uploadId: undefined };
  try {
    return { ...source, text: readBounded(join(directory, path)) };
  } catch (fault) {
    return { ...source, text: undefined, fault };
  }
}

/**
 * Paths of the process files below a directory, except hidden ones: Kubernetes mounts each file as a link into a hidden folder,
 * which contains them all again.
 */
export async function processFilesBelow(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  // Once for each folder: it takes as long as reading a file.
  const folders = new Map<string, string>();
  const pathBelow = ({ parentPath, name }: Dirent) => {
    const folder = folders.get(parentPath) ?? relative(directory, parentPath);
    folders.set(parentPath, folder);
    return folder === '' ? name : `${folder}${sep}${name}`;
  };
  return entries
    .filter((entry) => /\.(bpmn|form|dmn)$/.test(entry.name) && !entry.isDirectory())
    .map(pathBelow)
    .filter((path) => !path.split(sep).some((part) => part.startsWith('.')))
    .sort();
}
