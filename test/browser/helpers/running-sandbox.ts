import { rm } from 'node:fs/promises';
import { makeDataDirectory } from '../../helpers/data-directory.ts';
import { type KickoffProcess, ProcessLog, startKickoffProcess } from '../../helpers/process.ts';

export interface RunningSandbox {
  url: string;
  log: ProcessLog;
  process: KickoffProcess;
  stop(): Promise<void>;
}

/** Starts Kickoff like `npm start` without Slack credentials, in its own folder, on any free port. */
export async function startSandboxProcess(environment: Record<string, string> = {}): Promise<RunningSandbox> {
  const directory = await makeDataDirectory({ inSandbox: true });
  const log = new ProcessLog();
  const started = await startKickoffProcess({ PORT: '0', DATA_DIR: directory, ...environment }, log, {
    timeoutMs: 110_000,
  });
  return {
    url: `http://127.0.0.1:${started.port}`,
    log,
    process: started,
    async stop() {
      await started.terminate();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
