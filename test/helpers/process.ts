import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { createInterface } from 'node:readline';
import { waitUntil } from '../../sandbox/traffic.ts';

/** Kickoff as a separate process (`npm run build`): as in production, or without a token, as with `npm start`. */
export interface KickoffProcess {
  pid: number;
  port: number;
  /** `kill -9`; resolves when the process is gone. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with the exit code. */
  terminate(): Promise<number | null>;
  /** Resolves when the process has ended, with its exit code or the signal that ended it. */
  ended: Promise<number | NodeJS.Signals>;
}

export interface LogLine {
  level: number;
  msg: string;
  /** The unparsed line. */
  text: string;
}

/** The output of several processes, one after the other. */
export class ProcessLog {
  readonly lines: LogLine[] = [];
  readonly onChange = new EventEmitter().setMaxListeners(0);

  add(text: string): void {
    this.lines.push({ level: 0, msg: '', ...(text.startsWith('{') ? JSON.parse(text) : {}), text });
    this.onChange.emit('change');
  }

  get text(): string {
    return this.lines.map((line) => line.text).join('\n');
  }

  /** Waits for a line whose message contains this. */
  async says(message: string, { timeoutMs = 20_000, from = 0 } = {}): Promise<LogLine> {
    const found = () => this.lines.slice(from).find(({ msg }) => msg.includes(message));
    const line = await waitUntil(this.onChange, found, {
      timeoutMs,
      describe: () =>
        `the log says "${message}":\n${this.lines
          .slice(-30)
          .map(({ text }) => text)
          .join('\n')}`,
    });
    if (!line) throw new Error(message);
    return line;
  }
}

const running = new Set<ChildProcess>();
// Ends every Kickoff when the tests end early, also when Vitest ends its worker by a signal.
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => process.exit(1));

/** Kills every process that was started here and is still running. */
export async function killProcesses(): Promise<void> {
  await Promise.all([...running].map(killed));
}

/**
 * V8's options for a process that lives for seconds: the embedded database's WebAssembly is compiled once, quickly, and not
 * again for speed.
 */
export const shortLived = ['--liftoff-only'];

/** Starts Kickoff; resolves when it serves its port or, with `untilReady`, when it is ready. */
export async function startKickoffProcess(
  environment: Record<string, string | undefined>,
  log: ProcessLog,
  {
    untilReady = true,
    timeoutMs = 90_000,
    nodeOptions = shortLived,
    cwd = '.',
    entry = environment.SLACK_BOT_TOKEN ? 'dist/src/main.js' : 'dist/demo/main.js',
    stdin = 'ignore' as 'ignore' | 'pipe',
  } = {},
): Promise<KickoffProcess> {
  const from = log.lines.length;
  const child = spawn(process.execPath, [...nodeOptions, entry], {
    cwd,
    env: { PATH: process.env.PATH, ...environment },
    stdio: [stdin, 'pipe', 'pipe'],
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  for (const stream of [child.stdout, child.stderr]) {
    if (stream) createInterface(stream).on('line', (line) => log.add(line));
  }
  const ended = once(child, 'exit').then(([code, signal]) => signal ?? code);
  const exited = ended.then((how) => {
    throw new Error(`Kickoff ended (${how}):\n${log.text}`);
  });
  exited.catch(() => {});
  if (untilReady) await Promise.race([log.says('Kickoff is ready', { timeoutMs, from }), exited]);
  const { pid } = child;
  if (pid === undefined) throw new Error('Kickoff was not started');
  const ready = log.lines.slice(from).find(({ msg }) => msg.includes('Kickoff is ready'));
  return {
    pid,
    port: ready ? Number(JSON.parse(ready.text).port) : Number(environment.PORT),
    ended,
    kill: () => killed(child),
    async terminate() {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
      child.kill('SIGTERM');
      const [code] = await once(child, 'exit');
      return code;
    },
  };
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
