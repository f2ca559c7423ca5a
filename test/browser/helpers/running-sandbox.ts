import { rm } from 'node:fs/promises';
import { makeDataDirectory } from '../../helpers/data-directory.ts';
import { type KickoffProcess, ProcessLog, startKickoffProcess } from '../../helpers/process.ts';
import { PageClient } from '../../sandbox/page-client.ts';

export interface RunningSandbox {
  url: string;
  log: ProcessLog;
  process: KickoffProcess;
  /** Resets the workspace as the page's button does. */
  reset(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts Kickoff like `npm start` without Slack credentials, in its own folder, on any free port. */
export async function startSandboxProcess(environment: Record<string, string> = {}): Promise<RunningSandbox> {
  const directory = await makeDataDirectory({ inSandbox: true });
  const log = new ProcessLog();
  const started = await startKickoffProcess({ PORT: '0', DATA_DIR: directory, ...environment }, log, {
    timeoutMs: 110_000,
    entry: 'test/helpers/sandbox-program.mjs',
    stdin: 'pipe',
  });
  const url = `http://127.0.0.1:${started.port}`;
  /** Waits for the end of the start that began last; until then, a reset is refused. */
  const open = () => {
    const from = log.lines.findLastIndex(({ msg }) => msg.includes('the sandbox workspace starts over'));
    return log.says('the sandbox workspace is ready', { from: Math.max(from, 0), timeoutMs: 60_000 });
  };
  return {
    url,
    log,
    process: started,
    async reset() {
      await open();
      const from = log.lines.length;
      const page = await PageClient.open(url);
      await page.request('reset', {});
      page.close();
      await log.says('the sandbox workspace starts over', { from });
      await open();
    },
    async stop() {
      await started.terminate();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
