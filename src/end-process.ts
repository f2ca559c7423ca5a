import type { Logger } from './logger.ts';

/** A supervisor that stopped the process is promised its end within 10 seconds; this is how long an orderly end may take. */
const patienceMs = 8000;

/** Stops what runs, then ends the process: with `exitCode` if all of it stopped in time, else with 1. */
export type EndProcess = (reason: string, exitCode: number) => void;

/** @param stop resolves when everything is released; there may be nothing to stop yet */
export function createEndProcess(logger: Logger, stop: () => Promise<void>): EndProcess {
  let isEnding = false;
  return (reason, exitCode) => {
    // Asked twice, whoever asks is in a hurry.
    if (isEnding) process.exit(1);
    isEnding = true;
    logger.info({ reason }, 'stopping');
    setTimeout(() => {
      logger.error(`Kickoff did not stop within ${patienceMs / 1000} s and is ended as it is`);
      process.exit(1);
    }, patienceMs);
    stop().then(
      () => process.exit(exitCode),
      (err) => {
        logger.error({ err }, 'Kickoff did not stop in order');
        process.exit(1);
      },
    );
  };
}
