import { cp, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';

/** Creates a DATA_DIR with a copy of an empty embedded database, because creating one from scratch takes ten seconds. */
export async function makeDataDirectory({ inSandbox = false } = {}): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'kickoff-data-'));
  const empty = inject('emptyDatabase');
  if (empty && 'directory' in empty) {
    await cp(empty.directory, join(directory, inSandbox ? 'sandbox/db' : 'db'), { recursive: true });
  }
  return directory;
}
