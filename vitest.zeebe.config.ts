import { defineConfig } from 'vitest/config';

/** The engines' scenarios on Zeebe itself: `npm run test:zeebe`. Needs Maven and a JDK. */
export default defineConfig({
  test: {
    include: ['test/engines/zeebe/**/*.test.ts'],
    globalSetup: ['test/engines/zeebe/global-setup.ts'],
    testTimeout: 60_000,
  },
});
