import { defineConfig } from 'vitest/config';

/** Engines elsewhere, on real servers: `npm run test:engines`. Needs Maven and a JDK 17. */
export default defineConfig({
  test: {
    include: ['test/engines/operaton/**/*.test.ts'],
    globalSetup: ['test/helpers/empty-database.ts', 'test/engines/operaton/global-setup.ts'],
    // The servers have one clock each, which the contract moves.
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
