import { readFile } from 'node:fs/promises';
import type { Config } from './config.ts';
import { type Kickoff, type KickoffParts, startKickoff } from './kickoff.ts';
import type { Logger } from './logger.ts';

/** Runs Kickoff with the sandbox workspace in Slack's place, over the real wire, both served on the one port. */
export async function startInSandbox(config: Config, logger: Logger): Promise<Kickoff> {
  // Loaded only here: the sandbox is no part of a production install, which always has a Slack token.
  const { createSandbox } = await import('../sandbox/sandbox.ts');
  const manifest = await readFile('manifest.yml', 'utf8');
  const locateSlack: KickoffParts['locateSlack'] = async (server) => {
    const url = `http://127.0.0.1:${server.port}`;
    const sandbox = createSandbox({ manifest, url });
    server.route('/', sandbox.handleRequest);
    server.onUpgrade('upgrade', sandbox.handleUpgrade);
    logger.info({ url }, 'no SLACK_BOT_TOKEN: running with the sandbox workspace in place of Slack');
    return {
      botToken: sandbox.botToken,
      apiUrl: sandbox.apiUrl,
      delivery: { mode: 'socket', appToken: sandbox.appToken },
    };
  };
  return startKickoff(config, logger, { locateSlack });
}
