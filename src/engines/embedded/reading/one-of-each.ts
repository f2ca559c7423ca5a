import type { FileSource } from './file-sources.ts';
import type { FileProblem } from './read-file.ts';

/** A process, form or decision found in a file, with the file's text. */
export interface FoundInFile extends Pick<FileSource, 'file' | 'origin' | 'uploadId'> {
  kind: 'process' | 'form' | 'decision';
  id: string;
  text: string;
}

export function inFile(source: FileSource, kind: FoundInFile['kind'], id: string, text: string): FoundInFile {
  const { file, origin, uploadId } = source;
  return { kind, id, file, origin, uploadId, text };
}

/**
 * Chooses among definitions with the same id: the one in effect stays, or else the first by file path. Of uploaded ones only
 * the newest counts.
 */
export async function oneOfEach<T extends FoundInFile>(
  found: readonly T[],
  isInPlace: (found: FoundInFile) => Promise<boolean>,
  problems: (FileProblem & { file: string })[],
): Promise<T[]> {
  const byId = new Map<string, T[]>();
  for (const one of found) byId.set(one.id, [...(byId.get(one.id) ?? []), one]);
  const taken: T[] = [];
  for (const [id, all] of byId) {
    const newest = Math.max(...all.map(({ uploadId = 0 }) => uploadId));
    const rivals = all.filter(({ uploadId }) => uploadId === undefined || uploadId === newest);
    let [winner] = rivals;
    if (!winner) continue;
    if (rivals.length > 1) winner = (await firstThat(rivals, isInPlace)) ?? winner;
    taken.push(winner);
    for (const { kind, file } of rivals) {
      if (file === winner.file) continue;
      const reason = `the ${kind} ${id} is in ${winner.file} already, and the one there is taken`;
      problems.push({ file, reason, mend: 'taken' });
    }
  }
  return taken;
}

async function firstThat<T>(items: readonly T[], matches: (item: T) => Promise<boolean>): Promise<T | undefined> {
  for (const item of items) if (await matches(item)) return item;
  return undefined;
}
