import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../src/config.ts';
import type { Kickoff } from '../src/kickoff.ts';
import type { Logger } from '../src/logger.ts';
import { openSandbox, workspaceDirectory } from './open-sandbox.ts';

/**
 * Runs Kickoff with the sandbox workspace in place of Slack, over the real wire, both served on one port. All its data is
 * stored below `DATA_DIR/sandbox`, apart from Kickoff's data of a real workspace.
 *
 * @param onLost called with the reason if Kickoff did not come back after its workspace was reset
 */
export async function startInSandbox(
  config: Config,
  logger: Logger,
  onLost: (reason: unknown) => void,
): Promise<Kickoff> {
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
    // After the answer to this request was sent.
    restarting = new Promise(setImmediate).then(restart);
    restarting.catch(onLost);
  }

  async function restart(): Promise<void> {
    logger.info('the sandbox workspace starts over');
    await current.stop();
    if (root) await rm(workspaceDirectory(root), { recursive: true, force: true });
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
