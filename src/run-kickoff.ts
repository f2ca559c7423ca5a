import { collectDefaultMetrics } from 'prom-client';
import { type Config, ConfigError, readConfig } from './config.ts';
import { createEndProcess, type EndProcess } from './end-process.ts';
import { loadEnvFile } from './env-file.ts';
import { reasonOf } from './errors.ts';
import { type Kickoff, StoppedError } from './kickoff.ts';
import { openLogDestination } from './log-destination.ts';
import { createLogger, type Logger } from './logger.ts';
import { reportFaults } from './report-faults.ts';
import { startTracing } from './tracing.ts';
import { startWatchdog } from './watchdog/watchdog.ts';

/** Runs Kickoff as this process: configuration, log, signals and exit code. */
export async function runKickoff(
  start: (config: Config, logger: Logger, end: EndProcess) => Promise<Kickoff>,
): Promise<void> {
  let kickoff: Kickoff | undefined;
  try {
    loadEnvFile();
    const config = readConfig(process.env);
    const logger = createLogger(config.logLevel, await openLogDestination(process.stdout));
    const stopTracing = config.isTraced ? await startTracing(logger) : undefined;
    const end = createEndProcess(logger, async () => {
      await kickoff?.stop();
      await stopTracing?.();
    });
    reportFaults(logger, end);
    process.on('SIGTERM', () => end('SIGTERM', 0));
    process.on('SIGINT', () => end('SIGINT', 0));
    startWatchdog(logger);
    collectDefaultMetrics();
    kickoff = await start(config, logger, end);
    await kickoff.ready;
  } catch (error) {
    // Stopped during start-up: not an error.
    if (error instanceof StoppedError) return;
    // One line per mistake; a stack trace would hide them.
    process.stderr.write(
      error instanceof ConfigError ? `${error.message}\n` : `Kickoff cannot start: ${reasonOf(error)}\n`,
    );
    process.exitCode = 1;
    await kickoff?.stop();
  }
}
