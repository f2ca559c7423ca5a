import { ConfigError, readConfig } from './config.ts';
import { createEndProcess } from './end-process.ts';
import { loadEnvFile } from './env-file.ts';
import { reasonOf } from './errors.ts';
import { type Kickoff, StoppedError, startKickoff } from './kickoff.ts';
import { openLogDestination } from './log-destination.ts';
import { createLogger } from './logger.ts';
import { reportFaults } from './report-faults.ts';
import { startInSandbox } from './start-in-sandbox.ts';
import { startWatchdog } from './watchdog/watchdog.ts';

let kickoff: Kickoff | undefined;
try {
  await main();
} catch (error) {
  // Stopped while it started: there is nothing to complain about.
  if (!(error instanceof StoppedError)) {
    // One readable line per mistake; a stack would bury it.
    process.stderr.write(
      error instanceof ConfigError ? `${error.message}\n` : `Kickoff cannot start: ${reasonOf(error)}\n`,
    );
    process.exitCode = 1;
    await kickoff?.stop();
  }
}

async function main(): Promise<void> {
  loadEnvFile();
  const config = readConfig(process.env);
  const logger = createLogger(config.logLevel, await openLogDestination(process.stdout));
  const end = createEndProcess(logger, async () => kickoff?.stop());
  reportFaults(logger, end);
  process.on('SIGTERM', () => end('SIGTERM', 0));
  process.on('SIGINT', () => end('SIGINT', 0));
  startWatchdog(logger);
  const onLost = (err: unknown) => {
    logger.fatal({ err }, 'the sandbox workspace did not come back');
    end('reset', 1);
  };
  kickoff = await (config.slack ? startKickoff(config, logger) : startInSandbox(config, logger, onLost));
  await kickoff.ready;
}
