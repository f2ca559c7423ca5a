import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { LongestFirst } from './test/helpers/longest-first.ts';
import { testFiles } from './test/helpers/test-files.ts';

const { unit, database, anyDatabase } = testFiles([
  'test/browser',
  'test/engines/zeebe',
  'test/engines/operaton',
  'test/engines/camunda8/contract',
  'test/engines/stand-in-crashes',
]);
const globalSetup = 'test/helpers/empty-database.ts';
const onPostgres = process.env.TEST_DATABASE_URL !== undefined;

/** Files of these projects run side by side. Twice as many as there are cores: more than half of the time a test waits. */
const sideBySide = { maxWorkers: 4, sequence: { groupOrder: 1 } };
const inDatabases = { globalSetup, ...sideBySide };

/**
 * `unit` uses no database of `test/helpers/database.ts`. `database`, which has the tests that start and kill processes too,
 * runs on the embedded database or, with TEST_DATABASE_URL, on Postgres. On Postgres, `any-database` has what would come out the
 * same on both. `browser` needs Chromium, `engines` Maven and a JDK 17, `zeebe` Maven and a JDK 21. `camunda8` waits for minutes.
 */
export default defineConfig({
  test: {
    // Projects and later runs compile only what has changed. It is kept by the content of this file, so there is one.
    experimental: { fsModuleCache: true },
    sequence: { sequencer: LongestFirst },
    projects: [
      // A few open embedded databases for a moment: their WebAssembly is compiled once, quickly, and not again for speed.
      project('unit', { include: unit, execArgv: ['--liftoff-only'], ...sideBySide }),
      // A project's workers import everything again, so there are two only where the second is left out.
      project('database', { include: onPostgres ? database : [...database, ...anyDatabase], ...inDatabases }),
      ...(onPostgres ? [project('any-database', { include: anyDatabase, ...inDatabases })] : []),
      project('browser', {
        include: ['test/browser/**/*.test.ts'],
        globalSetup,
        sequence: { groupOrder: 2 },
        maxWorkers: 3,
        // Polls wait for a page in one of three Chromiums.
        expect: { poll: { timeout: 15_000 } },
        testTimeout: 120_000,
        hookTimeout: 120_000,
      }),
      // The contract on a stand-in, and where CAMUNDA_REST_ADDRESS is set its scenarios on that cluster. And `kill -9` around
      // starts on stand-ins.
      project('camunda8', {
        include: ['test/engines/camunda8/contract/*.test.ts', 'test/engines/stand-in-crashes/*.test.ts'],
        globalSetup,
        sequence: { groupOrder: 3 },
        // A worker per file of the contract, which waits more than half of the time.
        maxWorkers: 3,
        execArgv: ['--liftoff-only'],
        testTimeout: 120_000,
        hookTimeout: 120_000,
      }),
      // A file per server: each has one clock, which the contract moves.
      project('engines', {
        include: ['test/engines/operaton/**/*.test.ts'],
        globalSetup: [globalSetup, 'test/engines/operaton/global-setup.ts'],
        sequence: { groupOrder: 4 },
        execArgv: ['--liftoff-only'],
        testTimeout: 60_000,
        hookTimeout: 120_000,
      }),
      project('zeebe', {
        include: ['test/engines/zeebe/**/*.test.ts'],
        globalSetup: 'test/engines/zeebe/global-setup.ts',
        sequence: { groupOrder: 5 },
        testTimeout: 60_000,
      }),
    ],
  },
});

function project(name: string, options: TestProjectInlineConfiguration['test']): TestProjectInlineConfiguration {
  return {
    test: {
      name,
      setupFiles: ['test/helpers/searches.ts', 'test/helpers/fair-share.ts'],
      // The files of a worker share what they import (Kickoff, Bolt, the embedded database), which takes longer to load than
      // most files take to run.
      isolate: false,
      testTimeout: 30_000,
      hookTimeout: 60_000,
      maxWorkers: 2,
      ...options,
    },
  };
}
