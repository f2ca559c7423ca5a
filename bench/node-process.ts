import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

export interface NodeProcess {
  /** Its port on 127.0.0.1. */
  readonly port: number;
  /** Its resident memory, in MB. */
  residentMb(): Promise<number>;
  /** Processor time used so far, in milliseconds; undefined if the system does not report it. */
  cpuMs(): Promise<number | undefined>;
  /** Asks it to end and waits until it has ended. */
  stop(): Promise<void>;
}

export interface NodeProcessOptions {
  script: URL;
  port: number;
  environment: Record<string, string>;
  /** The file for its output. */
  logFile: string;
  nodeArgs?: string[];
  /** The path that answers 200 once it is ready. */
  readyPath: string;
}

/** Timeout for a process to start or stop, in milliseconds. */
const patienceMs = 90_000;
/** Linux counts processor time in hundredths of a second (USER_HZ). */
const tickMs = 10;

/** Starts a server as a separate process and waits until it answers. Passes on nothing of our environment but PATH. */
export async function startNodeProcess(options: NodeProcessOptions): Promise<NodeProcess> {
  const { script, port, environment, logFile, nodeArgs = [], readyPath } = options;
  const log = openSync(logFile, 'a');
  const child = spawn(process.execPath, [...nodeArgs, script.pathname], {
    stdio: ['ignore', log, log],
    env: { PATH: process.env.PATH, PORT: String(port), ...environment },
  });
  closeSync(log);
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => {
      process.off('exit', kill);
      resolve();
    });
  });
  await untilReady(child, `http://127.0.0.1:${port}${readyPath}`, logFile);
  const pid = child.pid ?? 0;
  return {
    port,
    residentMb: () => residentMb(pid),
    cpuMs: () => cpuMs(pid),
    async stop() {
      child.kill('SIGTERM');
      const timer = setTimeout(kill, 20_000);
      await ended;
      clearTimeout(timer);
    },
  };
}

async function untilReady(child: ChildProcess, url: string, logFile: string): Promise<void> {
  const deadline = Date.now() + patienceMs;
  while (Date.now() < deadline && child.exitCode === null) {
    const isReady = await fetch(url).then(
      (response) => response.ok,
      () => false,
    );
    if (isReady) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  child.kill('SIGKILL');
  const output = await readFile(logFile, 'utf8').catch(() => '');
  throw new Error(`${url} did not become ready:\n${output.slice(-2000)}`);
}

async function residentMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(status)?.[1];
  if (kilobytes === undefined) throw new Error(`process ${pid} is gone`);
  return Number(kilobytes) / 1024;
}

async function cpuMs(pid: number): Promise<number | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  // The fields after the command, which may contain anything in its parentheses. utime and stime are fields 14 and 15 of all.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields && (Number(fields[11]) + Number(fields[12])) * tickMs;
}
