import { defineConfig } from 'vitest/config';

/**
 * The engine's contract on Camunda 8: `npm run test:camunda8`. On a stand-in, and where CAMUNDA_REST_ADDRESS is set its
 * scenarios on that cluster. And `kill -9` around starts on stand-ins, which waits for minutes.
 */
export default defineConfig({
  test: {
    // Projects and later runs compile only what has changed.
    experimental: { fsModuleCache: true },
    include: ['test/engines/camunda8/contract/*.test.ts', 'test/engines/stand-in-crashes/*.test.ts'],
    globalSetup: ['test/helpers/empty-database.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // A worker per file of the contract, which waits more than half of the time.
    maxWorkers: 3,
    // The embedded database's WebAssembly is compiled once, quickly, and not again for speed.
    execArgv: ['--liftoff-only'],
  },
});
