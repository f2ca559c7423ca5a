import { reasonOf } from '../../../errors.ts';
import type { Logger } from '../../../logger.ts';
import { stampOf } from './file-sources.ts';

export interface FolderWatchOptions {
  directory: string;
  /** The folder's stamp when its files were last read, see {@link stampOf}. */
  stamp: string;
  /** How long to wait between checks, in milliseconds; longer in a folder of thousands of files, see {@link pauseAfter}. */
  intervalMs: number;
  /**
   * Reads the files. `isLast`: the last attempt, so that an incomplete set of files is accepted.
   *
   * @returns whether the result was accepted; otherwise the files are read again
   */
  load(isLast: boolean): Promise<boolean>;
}

/** Number of checks of an unchanged folder with faulty files, which may still be being written. */
const patientLooks = 3;

/**
 * Returns a function to be called at intervals, which checks the folder once. Changed files are read once nothing has changed
 * between two checks, so that a diagram and its forms come into effect together.
 */
export function createFolderLook({ directory, stamp, load }: Omit<FolderWatchOptions, 'intervalMs'>) {
  let taken = stamp;
  let seen = stamp;
  let quietLooks = 0;
  return async (): Promise<void> => {
    const found = await stampOf(directory);
    quietLooks = found === seen ? quietLooks + 1 : 0;
    seen = found;
    if (found === taken || quietLooks === 0) return;
    if (await load(quietLooks >= patientLooks)) taken = found;
  };
}

/** Milliseconds to the next check after one that took `tookMs`, so that checks take at most a tenth of the time. */
export function pauseAfter(tookMs: number, intervalMs: number): number {
  return Math.max(intervalMs, 9 * tookMs);
}

/** Checks the folder at intervals until stopped. */
export function startFolderWatch({ intervalMs, ...options }: FolderWatchOptions, logger: Logger) {
  const look = createFolderLook(options);
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> = Promise.resolve();
  let isStopped = false;
  let told: string | undefined;
  /** Logs each reason once, since every check repeats it. */
  const tell = (err: unknown) => {
    if (reasonOf(err) !== told) logger.warn({ err }, 'process files could not be checked for changes');
    told = reasonOf(err);
  };
  const next = (pauseMs: number) => {
    timer = setTimeout(() => {
      const begun = performance.now();
      looking = look()
        .then(() => {
          told = undefined;
        }, tell)
        .finally(() => {
          if (!isStopped) next(pauseAfter(performance.now() - begun, intervalMs));
        });
    }, pauseMs);
    timer.unref();
  };
  next(intervalMs);
  return {
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await looking;
    },
  };
}
