import { ConfigError, readConfig } from './config.ts';
import { loadEnvFile } from './env-file.ts';
import { reasonOf } from './errors.ts';
import { startKickoff } from './kickoff.ts';
import { openLogDestination } from './log-destination.ts';
import { createLogger } from './logger.ts';
import { startInSandbox } from './start-in-sandbox.ts';

try {
  await main();
} catch (error) {
  // One readable line per mistake; a stack would bury it.
  process.stderr.write(
    error instanceof ConfigError ? `${error.message}\n` : `Kickoff cannot start: ${reasonOf(error)}\n`,
  );
  process.exitCode = 1;
}

async function main(): Promise<void> {
  loadEnvFile();
  const config = readConfig(process.env);
  const logger = createLogger(config.logLevel, await openLogDestination(process.stdout));
  const kickoff = await (config.slack ? startKickoff(config, logger) : startInSandbox(config, logger));
  const stop = async (signal: string) => {
    logger.info({ signal }, 'stopping');
    // A second signal, or a step that hangs, must not keep the process for ever.
    setTimeout(() => process.exit(1), 15_000).unref();
    await kickoff.stop();
    process.exit(process.exitCode ?? 0);
  };
  // A promise that nobody waits for failed, such as Socket Mode's reconnecting with a token that was revoked meanwhile. What
  // state that leaves is unknown: end in order, and let whoever supervises the process start it anew.
  process.once('unhandledRejection', (err) => {
    logger.fatal({ err }, 'an unexpected failure');
    process.exitCode = 1;
    void stop('unhandledRejection');
  });
  process.once('SIGTERM', () => void stop('SIGTERM'));
  process.once('SIGINT', () => void stop('SIGINT'));
  try {
    await kickoff.ready;
  } catch (error) {
    await kickoff.stop();
    throw error;
  }
}
