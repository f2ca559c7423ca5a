import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Writes a file for ENGINE_PEOPLE and returns its path. */
export async function writePeople(content: unknown): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), 'kickoff-people-')), 'people.json');
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}
