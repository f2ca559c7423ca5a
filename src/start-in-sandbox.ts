import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Config, ConfigError } from './config.ts';
import type { Kickoff } from './kickoff.ts';
import type { Logger } from './logger.ts';

/**
 * Runs Kickoff with the sandbox workspace in Slack's place, over the real wire, both served on the one port. Everything
 * of it is kept below `DATA_DIR/sandbox`, apart from what Kickoff keeps of a real workspace.
 *
 * @param onLost is told why Kickoff did not come back after its workspace was reset
 */
export async function startInSandbox(
  config: Config,
  logger: Logger,
  onLost: (reason: unknown) => void,
): Promise<Kickoff> {
  const { openSandbox } = await loadSandbox();
  const root = config.dataDir === ':memory:' ? undefined : join(config.dataDir, 'sandbox');
  let current = await openSandbox(config, root, logger, reset);
  const { port } = current;
  let restarting: Promise<void> | undefined;
  let isStarting = true;
  current.ready.then(
    () => {
      isStarting = false;
    },
    () => {},
  );

  async function reset(): Promise<void> {
    if (config.databaseUrl) {
      throw new Error('With DATABASE_URL there may be more in the database than this workspace: empty it yourself');
    }
    if (isStarting) throw new Error('Kickoff is still starting: try again in a moment');
    if (restarting) throw new Error('The workspace is being reset already');
    // After the answer to whoever asked.
    restarting = new Promise(setImmediate).then(restart);
    restarting.catch(onLost);
  }

  async function restart(): Promise<void> {
    logger.info('the sandbox workspace begins anew');
    await current.stop();
    if (root) await rm(root, { recursive: true, force: true });
    current = await openSandbox({ ...config, port }, root, logger, reset);
    await current.ready;
    restarting = undefined;
  }

  return {
    port,
    ready: current.ready,
    async stop() {
      await restarting?.catch(() => {});
      await current.stop();
    },
  };
}

/** Loaded only here: the sandbox is no part of a production install, which always has a Slack token. */
async function loadSandbox() {
  try {
    return await import('./open-sandbox.ts');
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'ERR_MODULE_NOT_FOUND')) throw cause;
    const message = 'SLACK_BOT_TOKEN is not set, and this install leaves out the sandbox workspace (npm ci brings it)';
    throw new ConfigError(message, { cause });
  }
}
