import { defineConfig } from 'vitest/config';

/** Engines elsewhere, on real servers: `npm run test:engines`. Needs Maven and a JDK 17. */
export default defineConfig({
  test: {
    // Projects and later runs compile only what has changed.
    experimental: { fsModuleCache: true },
    include: ['test/engines/operaton/**/*.test.ts'],
    globalSetup: ['test/helpers/empty-database.ts', 'test/engines/operaton/global-setup.ts'],
    // A file per server: each has one clock, which the contract moves.
    maxWorkers: 2,
    // The embedded database's WebAssembly is compiled once, quickly, and not again for speed.
    execArgv: ['--liftoff-only'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
