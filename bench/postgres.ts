import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { appendFile, chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import postgres from 'postgres';
import { freePort } from './free-port.ts';

const run = promisify(execFile);

/** Where Debian's packages install the programs of each major version. */
const debianVersions = '/usr/lib/postgresql';

/** Sized for a small server. Durability has Postgres' defaults, because it is part of what is measured. */
const settings = `
listen_addresses = '127.0.0.1'
max_connections = 100
shared_buffers = 256MB
max_wal_size = 4GB
fsync = on
synchronous_commit = on
full_page_writes = on
`;

export interface PostgresServer {
  /** Its version, and the time of one durable commit. */
  description: string;
  /** Creates an empty database and returns its URL; it is deleted when the server stops. */
  createDatabase(): Promise<string>;
  stop(): Promise<void>;
}

/** Connects to the server at `url`, or starts one in a temporary directory. */
export async function openPostgres(url: string | undefined): Promise<PostgresServer> {
  const own = url === undefined ? await startOwn() : undefined;
  const serverUrl = url ?? own?.url ?? '';
  const admin = postgres(serverUrl, { max: 1, onnotice: () => {} });
  const names: string[] = [];
  const stop = async () => {
    for (const name of names) await admin.unsafe(`drop database if exists ${name} with (force)`).catch(() => {});
    await admin.end({ timeout: 5 });
    await own?.stop();
  };
  try {
    const [about] = await admin`select current_setting('server_version') as version, current_setting('fsync') as fsync`;
    if (about?.fsync !== 'on') throw new Error('The Postgres of BENCH_DATABASE_URL runs with fsync off.');
    const createDatabase = async () => {
      const name = `kickoff_bench_${randomUUID().replaceAll('-', '')}`;
      await admin.unsafe(`create database ${name}`);
      names.push(name);
      const database = new URL(serverUrl);
      database.pathname = `/${name}`;
      return database.href;
    };
    const commitMs = await measureCommit(await createDatabase());
    const description = `Postgres ${about.version}, fsync on, ${commitMs.toFixed(2)} ms a commit`;
    return { description, createDatabase, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Median time of a durable commit of one row on one connection, in milliseconds. */
async function measureCommit(url: string): Promise<number> {
  const client = postgres(url, { max: 1 });
  await client`create table commits (n integer)`;
  const times: number[] = [];
  for (let n = 0; n < 200; n += 1) {
    const begun = performance.now();
    await client`insert into commits values (${n})`;
    times.push(performance.now() - begun);
  }
  await client.end();
  return times.sort((a, b) => a - b)[100] ?? Number.NaN;
}

async function startOwn(): Promise<{ url: string; stop: () => Promise<void> }> {
  const bin = await findPrograms();
  const directory = await mkdtemp(join(tmpdir(), 'kickoff-bench-postgres-'));
  const remove = () => rm(directory, { recursive: true, force: true });
  try {
    const data = join(directory, 'data');
    if (isRoot()) await run('chown', ['postgres', directory]);
    await chmod(directory, 0o755);
    await asPostgres(join(bin, 'initdb'), ['-D', data, '-U', 'postgres', '--auth=trust', '--encoding=UTF8'], directory);
    const port = await freePort();
    await appendFile(
      join(data, 'postgresql.conf'),
      `${settings}port = ${port}\nunix_socket_directories = '${directory}'\n`,
    );
    await asPostgres(join(bin, 'pg_ctl'), ['-D', data, '-w', '-l', join(directory, 'log'), 'start'], directory);
    return {
      url: `postgres://postgres@127.0.0.1:${port}/postgres`,
      async stop() {
        await asPostgres(join(bin, 'pg_ctl'), ['-D', data, '-m', 'fast', '-w', 'stop'], directory);
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Finds the programs of the newest installed version. */
async function findPrograms(): Promise<string> {
  const versions = await readdir(debianVersions).catch(() => []);
  const newest = versions.filter((name) => /^\d+$/.test(name)).sort((a, b) => Number(b) - Number(a))[0];
  if (newest === undefined) {
    throw new Error(
      `There is no Postgres below ${debianVersions}. Install one (Debian: apt-get install postgresql), or set BENCH_DATABASE_URL to a superuser's URL of a server.`,
    );
  }
  return join(debianVersions, newest, 'bin');
}

/** Postgres refuses to run as root. The output is not awaited, because a started server keeps it open. */
async function asPostgres(program: string, args: string[], cwd: string): Promise<void> {
  const [file, all] = isRoot() ? ['runuser', ['-u', 'postgres', '--', program, ...args]] : [program, args];
  await run('/bin/sh', ['-c', 'exec "$@" >/dev/null 2>"$0/errors" </dev/null', cwd, file, ...all], { cwd });
}

const isRoot = () => process.getuid?.() === 0;
