import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const run = promisify(execFile);
const folder = 'test/engines/operaton/server';

/** Two vendors with the same REST API. */
export const vendors = ['operaton', 'camunda'] as const;
export type Vendor = (typeof vendors)[number];

export interface RunningServer {
  address: string;
  /** Stops the server; resolves when its process has ended. */
  stop(): Promise<void>;
}

/** The server's administrator (application.properties). */
export const credentials = { username: 'kickoff', password: 'secret' };

/** Starts a vendor's server, which `buildServer` has built, on a free port of this machine. */
export async function startServer(vendor: Vendor): Promise<RunningServer> {
  const target = join(folder, 'target', vendor);
  const libraries = await readFile(join(target, 'class-path.txt'), 'utf8');
  const classPath = [join(target, 'classes'), libraries.trim()].join(delimiter);
  // For a fast start: throughput matters less, because everything shares two cores.
  const quickStart = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
  const options = ['-Xmx512m', ...quickStart, '-cp', classPath];
  const { JAVA_HOME } = process.env;
  const java = JAVA_HOME ? join(JAVA_HOME, 'bin/java') : 'java';
  const child = spawn(java, [...options, 'kickoff.EngineServer'], {
    env: { ...process.env, TZ: 'UTC' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit');
  const said: string[] = [];
  child.stderr.on('data', (data: Buffer) => said.push(data.toString()));
  const port = new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      said.push(line);
      const found = /^server on port (\d+)$/.exec(line)?.[1];
      if (found) resolve(found);
    });
    exited.then(() => reject(new Error(`the server of ${vendor} has not started:\n${said.join('\n')}`)), reject);
  });
  return {
    address: `http://127.0.0.1:${await port}`,
    async stop() {
      child.stdin.end();
      await exited;
    },
  };
}

/** Builds a vendor's server, if it is older than its sources. Needs Maven and a JDK 17. */
export async function buildServer(vendor: Vendor): Promise<void> {
  await run('sh', [join(folder, 'build.sh'), vendor]).catch((error: Error & { stdout?: string; stderr?: string }) => {
    throw new Error(
      `the server of ${vendor} cannot be built (it needs Maven and a JDK 17):\n${error.stdout}${error.stderr}`,
      { cause: error },
    );
  });
}
