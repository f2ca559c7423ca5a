import { cp, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';

/** A new DATA_DIR, in which Kickoff finds its embedded database, still empty: making that takes ten seconds. */
export async function makeDataDirectory({ inSandbox = false } = {}): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'kickoff-data-'));
  const empty = inject('emptyDatabase');
  if (empty && 'directory' in empty) {
    await cp(empty.directory, join(directory, inSandbox ? 'sandbox/db' : 'db'), { recursive: true });
  }
  return directory;
}
