import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const run = promisify(execFile);
const folder = 'test/engines/zeebe/bridge';
const oldestJava = 21;

export interface RunningBridge {
  address: string;
  /** Stops the bridge; resolves when its process has ended. */
  stop(): Promise<void>;
}

/** Maven or the JDK to run it with is missing. */
export class MissingToolError extends Error {
  override readonly name = 'MissingToolError';
}

/** Builds the bridge and starts it on a free port. Throws {@link MissingToolError}. */
export async function startBridge(): Promise<RunningBridge> {
  const javaHome = await findJavaHome();
  await build(javaHome);
  const libraries = await readFile(join(folder, 'target/class-path.txt'), 'utf8');
  const classPath = [join(folder, 'target/classes'), libraries.trim()].join(delimiter);
  const options = ['-Xmx1g', '-XX:+UseSerialGC', '-cp', classPath];
  const child = spawn(join(javaHome, 'bin/java'), [...options, 'kickoff.zeebe.EngineBridge'], {
    env: { ...process.env, TZ: 'UTC' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit');
  const said: string[] = [];
  child.stderr.on('data', (data: Buffer) => said.push(data.toString()));
  const lines = createInterface({ input: child.stdout });
  const port = new Promise<string>((resolve, reject) => {
    lines.on('line', (line) => {
      said.push(line);
      const found = /^bridge on port (\d+)$/.exec(line)?.[1];
      if (found) resolve(found);
    });
    exited.then(() => reject(new Error(`the bridge to Zeebe has not started:\n${said.join('\n')}`)), reject);
  });
  return {
    address: `http://127.0.0.1:${await port}`,
    async stop() {
      // It ends when its standard input is closed, so it also ends when these tests are killed.
      child.stdin.end();
      await exited;
    },
  };
}

async function build(javaHome: string): Promise<void> {
  const goals = ['compile', 'dependency:build-classpath'];
  await run('mvn', ['-q', '-B', '-f', folder, ...goals], { env: { ...process.env, JAVA_HOME: javaHome } }).catch(
    (error: NodeJS.ErrnoException & { stdout?: string }) => {
      if (error.code === 'ENOENT') throw new MissingToolError('npm run test:zeebe needs Maven: there is no mvn');
      throw new Error(`the bridge to Zeebe cannot be built:\n${error.stdout}`, { cause: error });
    },
  );
}

/** JAVA_HOME, the JDK of the javac on the PATH, or one where Linux distributions install them. */
async function findJavaHome(): Promise<string> {
  const installed = '/usr/lib/jvm';
  const names = await readdir(installed).catch(() => []);
  const { JAVA_HOME, PATH = '' } = process.env;
  const homes = [...PATH.split(delimiter).map((bin) => join(bin, '..')), ...names.map((name) => join(installed, name))];
  for (const home of JAVA_HOME ? [JAVA_HOME, ...homes] : homes) {
    if ((await javaVersion(home)) >= oldestJava) return home;
  }
  throw new MissingToolError(`npm run test:zeebe needs a JDK ${oldestJava} or newer: set JAVA_HOME to it`);
}

/** Returns 0 if there is no JDK. */
async function javaVersion(home: string): Promise<number> {
  try {
    const { stdout } = await run(join(home, 'bin/javac'), ['-version']);
    return Number(/^javac (\d+)/.exec(stdout)?.[1] ?? 0);
  } catch {
    return 0;
  }
}
