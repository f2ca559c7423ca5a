import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Need a browser (vitest.browser.config.ts) and a JDK (vitest.zeebe.config.ts).
    exclude: ['test/browser/**', 'test/engines/zeebe/**'],
    globalSetup: ['test/helpers/global-setup.ts'],
    // Two cores in CI: one worker for a test file, one for the servers and databases it starts.
    maxWorkers: 2,
    testTimeout: 30_000,
    // Processes are killed and connections cut while everything shares two cores: one such test may lose a race with a clock.
    retry: process.env.CI ? 1 : 0,
    hookTimeout: 60_000,
  },
});
