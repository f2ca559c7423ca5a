import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { systemReason } from '../errors.ts';

/**
 * Locks a directory for this process, creating it if necessary: two processes on the same embedded database would damage it,
 * and PGlite does not prevent that. A lock of a process that is gone (a crash) is taken over. Returns the function that
 * releases the lock. `remedy`: advice in the error message if the lock is taken.
 */
export async function lockDirectory(
  directory: string,
  remedy = 'Stop it, or set DATABASE_URL.',
): Promise<() => Promise<void>> {
  const path = join(directory, 'kickoff.lock');
  const refuse = (cause: unknown) => {
    throw new Error(`DATA_DIR ${directory} cannot be used: ${systemReason(cause)}`, { cause });
  };
  await mkdir(directory, { recursive: true }).catch(refuse);
  for (;;) {
    try {
      const file = await open(path, 'wx');
      await file.writeFile(String(process.pid));
      await file.close();
      return () => rm(path, { force: true });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) refuse(error);
    }
    const owner = Number((await readFile(path, 'utf8').catch(() => '')) || Number.NaN);
    if (owner !== process.pid && isRunning(owner)) {
      throw new Error(`DATA_DIR ${directory} is in use by another Kickoff (process ${owner}). ${remedy}`);
    }
    await rm(path, { force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
