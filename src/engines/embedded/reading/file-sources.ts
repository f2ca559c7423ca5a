import { type Dirent, type Stats, statSync } from 'node:fs';
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
 * @returns also the stamp of the directory with the files as they were read, see {@link stampOf}
 * @throws if the directory cannot be read
 */
export async function readSources(
  directory: string,
  uploaded: readonly UploadedFile[],
): Promise<{ sources: FileSource[]; stamp: string }> {
  const sources: FileSource[] = [];
  // The stamp is of the time before the file is read, so that a change meanwhile is noticed later.
  const stamp = await stampOf(directory, (path, found) => sources.push(readSource(directory, path, found)));
  for (const { id, name, label, text } of uploaded) {
    sources.push({ file: label, name, origin: uploads, uploadId: id, text });
  }
  return { sources, stamp };
}

function readSource(directory: string, path: string, found: Found): FileSource {
  const source = { file: path, name: path, origin: path, uploadId: undefined };
  try {
    if ('fault' in found) throw found.fault;
    return { ...source, text: readBounded(join(directory, path), found.stats) };
  } catch (fault) {
    return { ...source, text: undefined, fault };
  }
}

type Found = { stats: Stats } | { fault: unknown };

/**
 * A text of every file with its size and modification time; folders with the same stamp have the same files.
 *
 * @param visit called with each path below the directory
 */
export async function stampOf(
  directory: string,
  visit: (path: string, found: Found) => void = () => {},
): Promise<string> {
  const yieldToEventLoop = createYield();
  const stamps: string[] = [];
  for (const path of await processFilesBelow(directory)) {
    await yieldToEventLoop();
    const found = look(join(directory, path));
    stamps.push('fault' in found ? `${path} unreadable` : `${path} ${stampOfFile(found.stats)}`);
    visit(path, found);
  }
  return stamps.join('\n');
}

const stampOfFile = ({ size, mtimeMs, ino }: Stats) => `${size} ${mtimeMs} ${ino}`;

/** Synchronous, which takes an eighth of the time. */
function look(path: string): Found {
  try {
    return { stats: statSync(path) };
  } catch (fault) {
    return { fault };
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
