import type { Logger } from './logger.ts';

/** How long an orderly stop may take, in milliseconds: supervisors usually kill the process after 10 seconds. */
const patienceMs = 8000;

/** Stops everything, then ends the process: with `exitCode` if all stopped in time, else with 1. */
export type EndProcess = (reason: string, exitCode: number) => void;

/** @param stop resolves when everything is released; may be called before anything has started */
export function createEndProcess(logger: Logger, stop: () => Promise<void>): EndProcess {
  let isEnding = false;
  return (reason, exitCode) => {
    // A second request ends the process at once.
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
        logger.error({ err }, 'Kickoff did not stop cleanly');
        process.exit(1);
      },
    );
  };
}
