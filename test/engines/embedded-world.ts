import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pino } from 'pino';
import { createEmbeddedEngine, type EmbeddedEngineOptions } from '../../src/engines/embedded/embedded-engine.ts';
import type { Job, JobHandler, ProcessEngine } from '../../src/engines/engine.ts';
import type { Variables } from '../../src/processes/value-types.ts';
import { openClockedDatabase, type TestDatabase } from '../helpers/database.ts';
import { contractJobTypes, type EngineUnderTest } from './contract/engine-under-test.ts';

export interface EmbeddedWorld extends EngineUnderTest {
  database: TestDatabase;
  now(): Date;
  /** Like `make`, with options for the embedded engine. */
  makeWith(
    files: Record<string, string>,
    handle: (job: Job, signal: AbortSignal) => Promise<Variables>,
    options: Partial<EmbeddedEngineOptions>,
    jobTypes?: readonly string[],
  ): Promise<ProcessEngine>;
}

/** A database with a clock that can be moved, shared by any number of engines. */
export async function openEmbeddedWorld(): Promise<EmbeddedWorld> {
  const database = await openClockedDatabase();
  const folders: string[] = [];
  let offset = 0;
  const now = () => new Date(Date.now() + offset);
  const makeWith: EmbeddedWorld['makeWith'] = async (files, handle, options, jobTypes = contractJobTypes) => {
    const processesDir = await writeFolder(files);
    folders.push(processesDir);
    const jobHandlers: Record<string, JobHandler> = Object.fromEntries(jobTypes.map((type) => [type, handle]));
    const logger = pino({ level: 'silent' });
    return createEmbeddedEngine({ database, processesDir, jobHandlers, logger, now, ...options });
  };
  return {
    database,
    now,
    makeWith,
    make: (files, handle, jobTypes) => makeWith(files, handle, {}, jobTypes),
    async advance(ms) {
      offset += ms;
      await database.advance(ms);
      database.signal('engine_due');
      database.signal('engine_changed');
      database.signal('engine_events');
    },
    async close() {
      await database.close();
      for (const folder of folders) await rm(folder, { recursive: true });
    },
  };
}

/** Writes files, by path, into a new folder. */
export async function writeFolder(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'kickoff-processes-'));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  return folder;
}
